"""What we say of ourselves to other servers: what a member shows to everyone, to everybody alike, and no number."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts import keys, people
from accounts.models import Block, Member, Tie, Visibility
from foundation import clock, signing
from foundation.signing import Document
from network.contacts import follows
from network.federation import addresses, described, documents, http_keys, openapi, vocabulary
from tests.federation.conftest import Abroad

ACCEPT = {"Accept": vocabulary.ACTIVITY_JSON}


@pytest.fixture(autouse=True)
def _on(settings: Settings) -> None:
    settings.FEDERATION = True


def read(client: Client, target: str, **more: str) -> Document:
    answer = client.get(target, headers={**ACCEPT, **more})
    assert answer.status_code == 200, answer.content
    found: Document = json.loads(answer.content)
    return found


def types_in(value: Any) -> list[Any]:
    """Every `type` at any depth."""
    if isinstance(value, list):
        return [found for one in value for found in types_in(one)]
    if isinstance(value, dict):
        own = [value["type"]] if "type" in value else []
        return own + [found for name, one in value.items() if name != "@context" for found in types_in(one)]
    return []


def showing(member: Member, **circles: Visibility) -> None:
    Member.objects.filter(pk=member.pk).update(
        headline="Builds turbines", place="Kiel", about="First.\n\nSecond & <third>.", **circles
    )


# ── a member ────────────────────────────────────────────────────────────────


def test_a_member_is_what_they_show_to_everyone(client: Client, ada: Member) -> None:
    showing(ada, name_to=Visibility.EVERYONE, headline_to=Visibility.EVERYONE, about_to=Visibility.EVERYONE)
    found = read(client, "/@ada/")
    assert (found["type"], found["preferredUsername"], found["name"]) == ("Person", "ada", "Ada Adler")
    assert found["id"] == found["url"] == addresses.actor(ada)
    assert found["summary"] == "<p>First.</p><p>Second &amp; &lt;third&gt;.</p>"
    assert found["attachment"] == [{"type": "PropertyValue", "name": "Headline", "value": "Builds turbines"}]
    assert found["inbox"] == f"{found['id']}inbox"
    assert found["endpoints"] == {"sharedInbox": addresses.shared_inbox()}


@pytest.mark.parametrize("circle", [Visibility.ME, Visibility.CONTACTS, Visibility.MEMBERS])
def test_what_is_shown_to_fewer_is_not_said(client: Client, ada: Member, circle: Visibility) -> None:
    showing(ada, name_to=circle, headline_to=circle, place_to=circle, about_to=circle, languages_to=circle)
    text = json.dumps(read(client, "/@ada/"))
    for word in ("Adler", "turbines", "Kiel", "First"):
        assert word not in text


def test_both_keys_are_named(client: Client, ada: Member) -> None:
    found = read(client, "/@ada/")
    assert found["publicKey"]["owner"] == found["id"]
    assert found["publicKey"]["publicKeyPem"] == http_keys.public_pem(ada)
    [assertion] = found["assertionMethod"]
    assert (assertion["type"], assertion["controller"]) == ("Multikey", found["id"])
    assert signing.public_from(assertion["publicKeyMultibase"]) == keys.public_key(ada)


def test_a_server_like_ours_can_read_it(client: Client, ada: Member) -> None:
    """But for the scheme: a house in the tests has none of its own."""
    showing(ada, name_to=Visibility.EVERYONE, headline_to=Visibility.EVERYONE)
    text = json.dumps(read(client, "/@ada/")).replace("http://127.0.0.1:8000", "https://one.example")
    found = described.read(json.loads(text))
    assert (found.handle, found.called, found.speaks) == ("ada", "Ada Adler", True)
    assert set(found.http_keys) == {"https://one.example/@ada/#main-key"}
    assert set(found.assertion_keys) == {"https://one.example/@ada/#ed25519-key"}
    assert found.fields == [{"name": "Headline", "value": "Builds turbines"}]


def test_everybody_gets_the_same_document(client: Client, ada: Member, zoe: Abroad) -> None:
    """Threat 4: who is blocked learns nothing from what they get."""
    open_to_all = client.get("/@ada/", headers=ACCEPT).content
    Block.objects.create(blocker=ada, blocked=zoe.member)
    signed_by_the_blocked = client.get("/@ada/", headers={**ACCEPT, "Signature": f'keyId="{zoe.uri}#main-key"'}).content
    assert signed_by_the_blocked == open_to_all


def test_unknown_and_unconfirmed_members_are_one_answer(client: Client, ada: Member) -> None:
    unknown = client.get("/@nobody/", headers=ACCEPT)
    Member.objects.filter(pk=ada.pk).update(confirmed_at=None)
    unconfirmed = client.get("/@ada/", headers=ACCEPT)
    assert (unknown.status_code, unconfirmed.status_code) == (404, 404)
    assert unknown.content == unconfirmed.content


def test_a_frozen_member_is_there_as_on_their_page(client: Client, ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(frozen_at=clock.now())
    assert client.get("/@ada/").status_code == client.get("/@ada/", headers=ACCEPT).status_code == 200


def test_somebody_elsewhere_has_no_document_here(client: Client, zoe: Abroad) -> None:
    assert client.get("/@zoe/", headers=ACCEPT).status_code == 404
    assert client.get(f"/@{zoe.member.called}/outbox", headers=ACCEPT).status_code == 404


def test_who_may_not_be_indexed_is_not(client: Client, ada: Member) -> None:
    assert client.get("/@ada/", headers=ACCEPT)["X-Robots-Tag"] == "noindex"
    assert read(client, "/@ada/")["discoverable"] is False
    people.change_profile(ada, {"may_be_indexed": True})
    assert "X-Robots-Tag" not in client.get("/@ada/", headers=ACCEPT)
    assert read(client, "/@ada/")["indexable"] is True


def test_nothing_has_several_types(client: Client, ada: Member) -> None:
    for target in ("/@ada/", "/actor", "/@ada/outbox", "/@ada/followers", "/@ada/vouches", "/@ada/connections"):
        assert all(isinstance(one, str) for one in types_in(read(client, target)))


def test_our_own_words_are_declared_inline(client: Client, ada: Member, settings: Settings) -> None:
    """Never our own context by address: some servers fetch what they do not know (federation.md, 6)."""
    for target in ("/@ada/", "/actor", "/@ada/vouches"):
        by_address = [one for one in read(client, target)["@context"] if isinstance(one, str)]
        assert not [one for one in by_address if one.startswith((settings.NAMESPACE, settings.SITE_URL))]


# ── one address, two answers ────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("", "text/html"),
        ("application/json", "text/html"),
        ("application/activity+json", "application/activity+json"),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', "application/activity+json"),
        ("application/activity+json, text/html;q=0.1", "application/activity+json"),
        ("text/html, application/activity+json;q=0.5", "text/html"),
        ("application/activity+json;q=0", "text/html"),
        ("application/activity+json;q=x, text/html", "text/html"),
    ],
)
def test_the_accept_header_decides(client: Client, ada: Member, accept: str, kind: str) -> None:
    answer = client.get("/@ada/", headers={"Accept": accept})
    assert answer["Content-Type"].partition(";")[0] == kind
    assert "Accept" in answer["Vary"]


def test_the_content_type_is_exact_and_nothing_is_kept(client: Client, ada: Member) -> None:
    for target in ("/@ada/", "/actor", "/@ada/outbox"):
        answer = client.get(target, headers=ACCEPT)
        assert answer["Content-Type"] == "application/activity+json"
        assert {"Accept", "Signature"} <= {one.strip() for one in answer["Vary"].split(",")}
        assert not answer.cookies


@pytest.mark.parametrize("target", ["/@ada/", "/actor", "/@ada/outbox", "/.well-known/webfinger", "/nodeinfo/2.0"])
def test_while_federation_is_off_nothing_is_there(client: Client, ada: Member, settings: Settings, target: str) -> None:
    settings.FEDERATION = False
    assert client.get(target, headers=ACCEPT).status_code == 404


@pytest.mark.parametrize("target", ["/@ada/", "/actor", "/@ada/outbox", "/@ada/vouches", "/nodeinfo/2.1"])
def test_documents_are_only_read(client: Client, ada: Member, target: str) -> None:
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(target, headers=ACCEPT).status_code == 405


# ── the house ───────────────────────────────────────────────────────────────


def test_the_house_is_readable_by_everybody_and_signs(client: Client, db: None, settings: Settings) -> None:
    found = read(client, "/actor", Signature="anything")
    assert (found["type"], found["id"]) == ("Application", f"{settings.SITE_URL}/actor")
    assert found["publicKey"]["id"] == http_keys.signer(None).key_id
    assert found["inbox"] == addresses.shared_inbox()


def test_what_our_software_understands_is_said_on_the_spot(client: Client, ada: Member) -> None:
    for target in ("/actor", "/@ada/"):
        generator = read(client, target)["generator"]
        assert generator["type"] == "Application"
        assert vocabulary.connections() in [one["href"] for one in generator["implements"]]


# ── collections ─────────────────────────────────────────────────────────────


def test_who_follows_whom_is_shown_nowhere_not_even_how_many(client: Client, ada: Member, zoe: Abroad) -> None:
    before = [read(client, f"/@ada/{name}") for name in ("followers", "following")]
    follows.follow(zoe.member, ada)
    follows.accept(follows.follow(ada, zoe.member))
    after = [read(client, f"/@ada/{name}") for name in ("followers", "following")]
    assert after == before
    for found in after:
        assert found.keys() == {"@context", "id", "type"}


def test_contacts_are_shown_to_nobody_unsigned(client: Client, ada: Member, zoe: Abroad) -> None:
    low, high = sorted((ada, zoe.member), key=lambda one: one.pk)
    Tie.objects.create(low=low, high=high)
    assert read(client, "/@ada/connections")["items"] == []


def test_a_contact_elsewhere_sees_that_they_are_one_and_nobody_else(ada: Member, zoe: Abroad, mia: Abroad) -> None:
    low, high = sorted((ada, zoe.member), key=lambda one: one.pk)
    Tie.objects.create(low=low, high=high)
    assert documents.connected(ada, zoe.actor)["items"] == [zoe.uri]
    assert documents.connected(ada, mia.actor)["items"] == []
    Block.objects.create(blocker=ada, blocked=zoe.member)
    assert documents.connected(ada, zoe.actor)["items"] == []


# ── described ───────────────────────────────────────────────────────────────


def test_the_description_is_up_to_date() -> None:
    from network.federation.management.commands import federation_api

    assert federation_api.FILE.read_text() == federation_api.described()


def test_the_description_names_what_the_documents_say(client: Client, ada: Member) -> None:
    for target in ("/@ada/", "/actor"):
        found = read(client, target)
        assert found.keys() - {"@context"} <= openapi.ACTOR["properties"].keys()
        assert set(openapi.ACTOR["required"]) <= found.keys()


def test_other_servers_are_told_the_version_of_the_project(settings: Settings) -> None:
    text = (settings.BASE_DIR / "pyproject.toml").read_text()
    assert f'\nversion = "{settings.SOFTWARE_VERSION}"\n' in text

"""Profiles across servers: what is shown to everyone is sent, what others send is asked for, who is gone is gone."""

import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts import people, ties
from accounts.models import Member, Visibility
from foundation import clock, jobs
from network.contacts import follows, quiet
from network.contacts.models import Follow
from network.federation import addresses, fetching, parking, vocabulary
from network.federation.models import Actor, Outbound
from tests.cast import new_member
from tests.federation.conftest import Abroad, arrives, leaving_for, said
from tests.federation.documents_abroad import Servers, answering, may_be_asked_again
from tests.federation.vouching_abroad import colleagues, given, offer_from, offered_to
from tests.vetting import town
from vetting import ledger, vouches


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Servers:
    return answering(monkeypatch)


def followed_by(someone: Abroad, member: Member) -> None:
    follows.accept(follows.follow(someone.member, member))
    jobs.drain_everything(strict=True)


def updates(someone: Abroad) -> list[Any]:
    return [sent["object"] for sent in leaving_for(someone) if sent["type"] == "Update"]


# ── ours ────────────────────────────────────────────────────────────────────


def test_followers_and_contacts_get_what_everyone_may_see(ada: Member, zoe: Abroad, mia: Abroad) -> None:
    followed_by(mia, ada)
    quiet.begin(asker=ada, recipient=zoe.member)
    shown = {"headline": "Turbine canary", "headline_to": Visibility.EVERYONE}
    hidden = {"about": "Secret canary", "about_to": Visibility.CONTACTS, "place": "Lair", "place_to": Visibility.ME}
    people.change_profile(ada, shown | hidden)
    jobs.drain_everything(strict=True)

    for someone in (zoe, mia):
        [person] = updates(someone)
        assert (person["id"], person["type"]) == (addresses.actor(ada), "Person")
        assert "Turbine canary" in json.dumps(person)
        assert "Secret canary" not in json.dumps(person)
        assert "Lair" not in json.dumps(person)


def test_what_everyone_sees_unchanged_is_not_sent(ada: Member, mia: Abroad) -> None:
    followed_by(mia, ada)
    people.change_profile(ada, {"headline": "Turbines", "headline_to": Visibility.EVERYONE})
    jobs.drain_everything(strict=True)
    people.change_profile(ada, {"about": "For my contacts", "about_to": Visibility.CONTACTS})
    jobs.drain_everything(strict=True)
    assert len(updates(mia)) == 1

    for words in ("Ships", "Turbines"):
        people.change_profile(ada, {"headline": words})
        jobs.drain_everything(strict=True)
    assert [person["attachment"][0]["value"] for person in updates(mia)] == ["Turbines", "Ships", "Turbines"]


def test_a_profile_goes_to_nobody_who_does_not_know_the_member(ada: Member, zoe: Abroad) -> None:
    people.change_profile(ada, {"headline": "Turbines", "headline_to": Visibility.EVERYONE})
    jobs.drain_everything(strict=True)
    assert not Outbound.objects.exists()


def test_who_leaves_says_so_to_every_server_that_got_anything(ada: Member, zoe: Abroad, mia: Abroad) -> None:
    followed_by(mia, ada)
    colleagues(ada, zoe)
    contact = quiet.between(ada, zoe.member)
    assert contact is not None
    offered_to(zoe, ada)
    quiet.end(contact, by=ada)
    jobs.announce("member-left", {"member": ada.pk})
    jobs.drain_everything(strict=True)

    for someone in (zoe, mia):
        last = leaving_for(someone)[-1]
        assert (last["type"], last["object"], last["to"]) == ("Delete", addresses.actor(ada), [vocabulary.PUBLIC])


# ── theirs ──────────────────────────────────────────────────────────────────


def test_whoever_has_left_is_gone_at_their_address(client: Client, ada: Member, settings: LazySettings) -> None:
    """To other servers; whoever never was there, or has not confirmed, is unknown."""
    settings.FEDERATION = True
    new_member("waits")
    Member.objects.update(confirmed_at=None)
    jobs.announce("member-left", {"member": ada.pk})
    jobs.drain_everything(strict=True)

    kind = {"Accept": vocabulary.ACTIVITY_JSON}
    answers = [client.get(path, headers=kind) for path in ("/@ada/", "/@ada/outbox", "/@waits/", "/@nobody/")]
    assert [answer.status_code for answer in answers] == [410, 410, 404, 404]


def test_what_an_update_says_counts_for_nothing_their_server_is_asked(zoe: Abroad, servers: Servers) -> None:
    servers.describe(zoe, name="Zoe Zander")
    may_be_asked_again(zoe)

    assert arrives(zoe, said(zoe, "Update", {"id": zoe.uri, "type": "Person", "name": "Pope"})).outcome == "done"
    zoe.member.refresh_from_db()
    assert zoe.member.name == "Zoe Zander"
    assert servers.asked == [zoe.uri]


def test_an_update_soon_after_another_is_asked_for_later_and_once(zoe: Abroad, servers: Servers) -> None:
    servers.describe(zoe, name="Zoe the First")
    may_be_asked_again(zoe)
    for _ in range(5):
        arrives(zoe, said(zoe, "Update", {"id": zoe.uri, "type": "Person"}))
    assert servers.asked == [zoe.uri]


@pytest.mark.adversarial(14)
@pytest.mark.parametrize("type_", ["Update", "Delete"])
@pytest.mark.parametrize("whole", [True, False])
def test_nobody_else_changes_or_deletes_a_person(
    type_: str, whole: bool, zoe: Abroad, mallory_abroad: Abroad, servers: Servers
) -> None:
    object_: Any = {"id": zoe.uri, "type": "Person", "name": "Mallory's"} if whole else zoe.uri
    may_be_asked_again(zoe, mallory_abroad)

    outcome = arrives(mallory_abroad, said(mallory_abroad, type_, object_)).outcome
    assert outcome in ("refused:not-theirs", "ignored")
    assert Actor.objects.get(pk=zoe.actor.pk).gone_at is None
    assert servers.asked == []


def test_a_person_who_is_gone_leaves_no_contact_and_no_profile(ada: Member, zoe: Abroad, servers: Servers) -> None:
    colleagues(ada, zoe)
    follows.follow(ada, zoe.member)
    vouch = given(zoe, ada)
    lines = ledger.about(ada).count()

    assert arrives(zoe, said(zoe, "Delete", zoe.uri)).outcome == "done"
    zoe.member.refresh_from_db()
    assert not ties.in_contact(ada, zoe.member)
    assert not Follow.objects.filter(ended_at=None).exists()
    assert (zoe.member.name, zoe.member.about, zoe.member.confirmed_at) == ("", "", None)
    assert servers.asked == []

    vouch.refresh_from_db()
    assert vouch.is_live(clock.now())
    assert list(vouches.about(ada)) == [vouch]
    assert vouch.credential is not None
    assert not town.lends_by_vouch(zoe.member, ada)
    assert ledger.about(ada).count() > lines
    assert list(ledger.breaks(ada.ledger_id)) == []


@pytest.mark.adversarial(15)
def test_the_deletion_of_a_person_fetches_nothing(zoe: Abroad, servers: Servers) -> None:
    may_be_asked_again(zoe)
    assert arrives(zoe, said(zoe, "Delete", {"type": "Tombstone", "id": zoe.uri})).outcome == "done"
    assert arrives(zoe, said(zoe, "Delete", zoe.uri)).outcome == "done"
    assert servers.asked == []


@pytest.mark.adversarial(16)
def test_who_is_gone_asks_for_nothing_any_more(ada: Member, zoe: Abroad, servers: Servers) -> None:
    colleagues(ada, zoe)
    offer = offer_from(zoe, ada)
    arrives(zoe, said(zoe, "Delete", zoe.uri))

    assert arrives(zoe, offer).outcome == "parked"
    assert not vouches.offered_to(ada).exists()
    assert servers.asked == [zoe.uri]


def test_who_was_gone_and_is_there_again_is_found_and_heard(ada: Member, zoe: Abroad, servers: Servers) -> None:
    """Their server says so; what had ended stays ended."""
    colleagues(ada, zoe)
    arrives(zoe, said(zoe, "Delete", zoe.uri))
    servers.describe(zoe, name="Zoë again")
    may_be_asked_again(zoe)

    assert arrives(zoe, said(zoe, "Follow", addresses.actor(ada), to=ada)).outcome == "done"
    assert follows.between(zoe.member, ada)
    [found] = people.search(ada, "Zoë again")
    assert (found, found.elsewhere.gone_at) == (zoe.member, None)
    assert not ties.in_contact(ada, zoe.member)


def test_who_says_they_are_there_again_is_not_believed_without_their_server(
    ada: Member, zoe: Abroad, servers: Servers
) -> None:
    arrives(zoe, said(zoe, "Delete", zoe.uri))
    servers.documents[zoe.uri] = fetching.Gone()
    may_be_asked_again(zoe)
    follow = said(zoe, "Follow", addresses.actor(ada), to=ada)

    assert arrives(zoe, follow).outcome == "parked"
    parking.look_at_ripe(clock.now())
    jobs.drain_everything(strict=True)
    assert servers.asked == [zoe.uri]
    assert follows.between(zoe.member, ada) is None
    assert not people.search(ada, "Zo").exists()


def test_a_server_that_says_gone_when_asked_is_believed(ada: Member, zoe: Abroad, servers: Servers) -> None:
    colleagues(ada, zoe)
    servers.documents[zoe.uri] = fetching.Gone()
    may_be_asked_again(zoe)
    arrives(zoe, said(zoe, "Update", {"id": zoe.uri, "type": "Person"}))
    assert not ties.in_contact(ada, zoe.member)


def test_an_object_deleted_before_it_comes_stays_deleted(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    uri = "https://two.example/things/note/1"
    assert arrives(zoe, said(zoe, "Delete", {"type": "Tombstone", "id": uri})).outcome == "done"
    note = {"type": "Note", "id": uri, "attributedTo": zoe.uri, "to": [addresses.actor(ada)], "content": "Boo"}
    assert arrives(zoe, said(zoe, "Create", note, to=ada)).outcome == "ignored:deleted"


@pytest.mark.adversarial(14)
def test_an_object_of_another_server_is_not_theirs_to_delete(zoe: Abroad, mallory_abroad: Abroad) -> None:
    uri = "https://two.example/things/note/1"
    assert arrives(mallory_abroad, said(mallory_abroad, "Delete", uri)).outcome == "refused:not-theirs"

"""What was sent to somebody is read at its address by those it was sent to, and by nobody else (federation.md, 18)."""

import json
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from pytest_django import Settings

from accounts.models import Block, Member
from foundation import clock
from network.federation import addresses, outbox, vocabulary
from network.federation.http_signatures import Signer, sign
from network.federation.models import Actor, ActorKey, Outbound, SignsWith
from tests.federation.conftest import Abroad

SECRET = "Only for Zoe."


@pytest.fixture(autouse=True)
def _on(settings: Settings) -> None:
    settings.FEDERATION = True


def path_of(uri: str, settings: Settings) -> str:
    return uri.removeprefix(settings.SITE_URL)


def read(client: Client, uri: str, settings: Settings, *, by: Abroad | None = None, **more: Any) -> Any:
    """A GET of that address, signed by somebody elsewhere if `by` is given."""
    how, key = more.get("how", SignsWith.CAVAGE), more.get("key")
    headers = {}
    if by:
        signer = Signer(key_id=f"{by.uri}#main-key", private=key or by.rsa)
        headers = sign("GET", uri, None, signer=signer, how=how, now=more.get("now", clock.now()))
    headers |= {"Host": settings.SITE_HOST, "Accept": vocabulary.ACTIVITY_JSON}
    return client.get(path_of(uri, settings), headers=headers)


@pytest.fixture
def sent(ada: Member, zoe: Abroad) -> Outbound:
    """A message of Ada's to Zoe."""
    note = {
        "id": addresses.thing("message", uuid4()),
        "type": "Note",
        "attributedTo": addresses.actor(ada),
        "to": [zoe.uri],
        "bto": ["https://hidden.example/"],
        "content": SECRET,
    }
    activity = {"type": "Create", "object": note, "to": [zoe.uri], "bcc": ["https://hidden.example/"]}
    return outbox.send(ada, activity, to=[zoe.actor], key=str(uuid4()), proved=False)


@pytest.fixture
def said(ada: Member, zoe: Abroad) -> Outbound:
    """Something of Ada's for everybody."""
    note = {"id": addresses.thing("vouch", uuid4()), "type": "Note", "to": [vocabulary.PUBLIC], "content": "Public."}
    activity = {"type": "Create", "object": note, "to": [vocabulary.PUBLIC]}
    return outbox.send(ada, activity, to=[zoe.actor], key=str(uuid4()), public=True)


def both(row: Outbound) -> list[str]:
    return [row.uri, row.object_uri]


def test_what_is_public_is_read_unsigned(client: Client, said: Outbound, settings: Settings) -> None:
    activity, thing = (json.loads(read(client, uri, settings).content) for uri in both(said))
    assert (activity["type"], activity["id"]) == ("Create", said.uri)
    assert (thing["type"], thing["id"]) == ("Note", said.object_uri)
    assert thing["@context"] == activity["@context"]


def test_what_is_public_is_read_with_a_signature_nobody_can_check(
    client: Client, said: Outbound, settings: Settings
) -> None:
    """Its key might be on a server that waits for ours."""
    answer = client.get(path_of(said.uri, settings), headers={"Signature": 'keyId="https://away.example/#k"'})
    assert answer.status_code == 200


@pytest.mark.parametrize("how", SignsWith)
def test_who_it_was_sent_to_reads_it(
    client: Client, sent: Outbound, zoe: Abroad, settings: Settings, how: SignsWith
) -> None:
    for uri in both(sent):
        answer = read(client, uri, settings, by=zoe, how=how)
        assert answer.status_code == 200, answer.content
        assert SECRET in answer.content.decode()
        assert "hidden" not in answer.content.decode()
        assert answer["Content-Type"] == "application/activity+json"
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.adversarial(18)
def test_nobody_else_reads_it(
    client: Client, sent: Outbound, zoe: Abroad, mia: Abroad, mallory_abroad: Abroad, settings: Settings
) -> None:
    """Unsigned, signed by somebody else, or not there at all: one answer."""
    nowhere = read(client, addresses.activity(uuid4()), settings)
    for uri in both(sent):
        answers = [read(client, uri, settings, by=by) for by in (None, mia, mallory_abroad)]
        assert [answer.status_code for answer in answers] == [404, 404, 404]
        assert {answer.content for answer in answers} == {nowhere.content}


@pytest.mark.adversarial(18)
def test_one_who_was_blocked_since_is_a_stranger(
    client: Client, ada: Member, sent: Outbound, zoe: Abroad, mia: Abroad, settings: Settings
) -> None:
    Block.objects.create(blocker=ada, blocked=zoe.member)
    for uri in both(sent):
        blocked, stranger = (read(client, uri, settings, by=by) for by in (zoe, mia))
        assert (
            (blocked.status_code, blocked.content) == (stranger.status_code, stranger.content) == (404, blocked.content)
        )


@pytest.mark.adversarial(18)
def test_the_server_of_a_recipient_is_not_the_recipient(
    client: Client, sent: Outbound, zoe: Abroad, settings: Settings
) -> None:
    uri = "https://two.example/actor"
    house = Actor.objects.create(
        uri=uri, peer=zoe.actor.peer, kind="Application", name="two.example", inbox=f"{uri}/in"
    )
    public = zoe.actor.keys.get(key_id=f"{zoe.uri}#main-key").public
    ActorKey.objects.create(actor=house, key_id=f"{uri}#main-key", purpose="http", public=public)
    signed = Abroad(house, zoe.rsa, zoe.ed25519)
    assert read(client, sent.uri, settings, by=signed).status_code == 404


@pytest.mark.adversarial(18)
@pytest.mark.parametrize("exists", [True, False])
def test_a_wrong_signature_is_told_alike_whether_there_is_something_or_not(
    client: Client, sent: Outbound, zoe: Abroad, settings: Settings, exists: bool
) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    uri = sent.uri if exists else addresses.activity(uuid4())
    Actor.objects.filter(pk=zoe.actor.pk).update(refetched_at=clock.now())
    assert read(client, uri, settings, by=zoe, key=other).status_code == 401


def test_what_was_deleted_is_gone_for_those_who_had_it(
    client: Client, ada: Member, sent: Outbound, zoe: Abroad, mia: Abroad, settings: Settings
) -> None:
    tombstone = {"type": "Delete", "object": {"type": "Tombstone", "id": sent.object_uri}}
    outbox.send(ada, tombstone, to=[zoe.actor], key=str(uuid4()))
    assert read(client, sent.object_uri, settings, by=zoe).status_code == 410
    assert read(client, sent.object_uri, settings, by=mia).status_code == 404
    assert read(client, sent.object_uri, settings).status_code == 404


def test_what_was_public_and_is_deleted_is_gone_for_everybody(
    client: Client, ada: Member, said: Outbound, zoe: Abroad, settings: Settings
) -> None:
    tombstone = {"type": "Delete", "object": {"type": "Tombstone", "id": said.object_uri}}
    outbox.send(ada, tombstone, to=[zoe.actor], key=str(uuid4()), public=True)
    assert read(client, said.object_uri, settings).status_code == 410


def test_the_outbox_holds_what_is_public_and_nothing_else(
    client: Client, sent: Outbound, said: Outbound, settings: Settings
) -> None:
    answer = client.get("/@ada/outbox")
    assert [one["id"] for one in json.loads(answer.content)["orderedItems"]] == [said.uri]
    assert SECRET not in answer.content.decode()


def test_reading_takes_no_cookie_and_gives_none(client: Client, said: Outbound, settings: Settings) -> None:
    client.cookies["sessionid"] = "stolen"
    answer = read(client, said.uri, settings)
    assert not answer.cookies
    assert "Cookie" not in answer["Vary"]

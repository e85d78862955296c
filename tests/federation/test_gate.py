"""What is let in is its author's, and everything else raises (federation.md, The gate)."""

import json
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import Member
from foundation import clock
from foundation.refusals import Forbidden, NotNow, NotThere, Refusal, TooOften
from foundation.signing import Document
from network.federation import addresses, gate, peers, vocabulary
from network.federation.gate import Ignored, KeyUnreachable, Knock, Malformed, TooLarge, Unproven, WrongKind
from network.federation.models import ActorKey, Inbound, Policy, Purpose, SignsWith
from tests.federation.conftest import RSA_KEYS, Abroad, said
from tests.federation.keyring import Keyring, replaced
from tests.federation.signed import HOST, asked, plain, posted, with_headers
from tests.federation.test_cavage import pem

BOTH = pytest.mark.parametrize("how", list(SignsWith))


def follow(by: Abroad, **more: Any) -> Document:
    return said(by, "Follow", "https://one.example/@ada/", **more)


@BOTH
def test_what_its_author_signed_is_let_in(zoe: Abroad, how: SignsWith) -> None:
    activity, keys = follow(zoe), Keyring()

    admitted = gate.admit(posted(zoe, activity, how=how), keys=keys)

    assert admitted.activity == activity
    assert admitted.actor == zoe.actor
    assert keys.fetched == []
    assert not Inbound.objects.exists()


@BOTH
def test_who_asks_is_known_by_their_signature(zoe: Abroad, how: SignsWith) -> None:
    assert gate.recognise(asked(zoe, "/@ada/?page=1", how=how), keys=Keyring()) == zoe.actor


def test_who_does_not_sign_is_nobody(zoe: Abroad) -> None:
    assert gate.recognise(plain(method="GET"), keys=Keyring()) is None


def test_a_key_at_an_address_of_its_own_is_known_by_its_name(zoe: Abroad) -> None:
    key_id = f"{zoe.uri}main-key"  # GoToSocial's way
    ActorKey.objects.filter(actor=zoe.actor, purpose=Purpose.HTTP).update(key_id=key_id)

    assert gate.admit(posted(zoe, follow(zoe), key_id=key_id), keys=Keyring()).actor == zoe.actor
    knock = with_headers(asked(zoe, "/@ada/"))
    text = knock.field("signature").replace("#main-key", "main-key")
    assert gate.recognise(with_headers(knock, ("Signature", text)), keys=Keyring()) == zoe.actor


def test_a_post_without_a_signature_is_refused(zoe: Abroad) -> None:
    with pytest.raises(Unproven):
        gate.admit(plain(json.dumps(follow(zoe)).encode()), keys=Keyring())


@pytest.mark.parametrize("method", ["GET", "PUT", "post", ""])
def test_only_posts_are_let_in(zoe: Abroad, method: str) -> None:
    knock = posted(zoe, follow(zoe))
    with pytest.raises(Malformed):
        gate.admit(Knock(method, knock.target, HOST, knock.headers, knock.body, knock.at), keys=Keyring())


def test_a_post_recognises_nobody(zoe: Abroad) -> None:
    with pytest.raises(Malformed):
        gate.recognise(posted(zoe, follow(zoe)), keys=Keyring())


@pytest.mark.parametrize(
    "kind",
    [
        "text/html",
        "application/json",
        "application/octet-stream",
        "image/png",
        "",
        "application/activity+json; charset=utf-16",
        "application/activity+jsonx",
        "multipart/form-data",
        "application/activity+json, text/html",
    ],
)
def test_other_kinds_are_refused(zoe: Abroad, kind: str) -> None:
    with pytest.raises(WrongKind):
        gate.admit(with_headers(posted(zoe, follow(zoe)), ("Content-Type", kind)), keys=Keyring())


@pytest.mark.parametrize(
    "kind",
    [
        vocabulary.LD_JSON,
        "application/activity+json; charset=utf-8",
        'Application/Activity+JSON;charset="UTF-8"',
    ],
)
def test_the_kinds_that_servers_send_are_taken(zoe: Abroad, kind: str) -> None:
    knock = with_headers(posted(zoe, follow(zoe)), ("Content-Type", kind))
    assert gate.admit(knock, keys=Keyring()).actor == zoe.actor


def test_what_is_too_large_is_refused_before_anything_is_read(zoe: Abroad, settings: Settings) -> None:
    body = b"[" * (settings.INBOX_MAX_BYTES + 1)
    with pytest.raises(TooLarge):
        gate.admit(Knock("POST", "/inbox", HOST, [], body, clock.now()), keys=Keyring())


@pytest.mark.parametrize(
    "host", ["evil.example", "", "testserver.evil.example", "testserver@evil.example", "test server"]
)
def test_a_letter_to_another_house_says_nothing_here(zoe: Abroad, host: str) -> None:
    """Zoe wrote to evil.example; they bring her letter here, with her signature."""
    knock = posted(zoe, follow(zoe))
    headers = [(name, host if name == "Host" else value) for name, value in knock.headers]
    with pytest.raises(Malformed):
        gate.admit(Knock("POST", "/inbox", host, headers, knock.body, knock.at), keys=Keyring())
    with pytest.raises(Malformed):
        gate.admit(Knock("POST", "/inbox", HOST, headers, knock.body, knock.at), keys=Keyring())


@BOTH
def test_an_unknown_key_is_fetched_from_its_owner(zoe: Abroad, how: SignsWith) -> None:
    key = ActorKey.objects.get(actor=zoe.actor, purpose=Purpose.HTTP)
    key.delete()
    keys = Keyring(lambda actor, key_id: key if (actor, key_id) == (zoe.uri, key.key_id) else None)

    assert gate.admit(posted(zoe, follow(zoe), how=how), keys=keys).actor == zoe.actor
    assert keys.fetched == [(zoe.uri, key.key_id)]


def test_an_unknown_key_of_a_read_is_asked_for_by_its_own_address(zoe: Abroad) -> None:
    key = ActorKey.objects.get(actor=zoe.actor, purpose=Purpose.HTTP)
    key.delete()
    keys = Keyring(lambda _actor, _key_id: key)

    assert gate.recognise(asked(zoe, "/@ada/"), keys=keys) == zoe.actor
    assert keys.fetched == [(zoe.uri, key.key_id)]
    with pytest.raises(Unproven):
        gate.recognise(asked(zoe, "/@ada/"), keys=Keyring())


@pytest.mark.parametrize(
    ("raised", "seen"),
    [
        (NotNow, KeyUnreachable),
        (TooOften, KeyUnreachable),
        (peers.Closed, peers.Closed),
        (Forbidden, Unproven),
        (NotThere, Unproven),
    ],
)
def test_a_key_that_cannot_be_had_is_refused(zoe: Abroad, raised: type[Refusal], seen: type[Refusal]) -> None:
    ActorKey.objects.all().delete()

    def fails(actor: str, key_id: str) -> ActorKey:
        raise raised

    with pytest.raises(seen):
        gate.admit(posted(zoe, follow(zoe)), keys=Keyring(fails))
    with pytest.raises(seen):
        gate.recognise(asked(zoe, "/@ada/"), keys=Keyring(fails))


def test_a_key_that_has_been_changed_is_looked_at_once_again(zoe: Abroad) -> None:
    key = ActorKey.objects.get(actor=zoe.actor, purpose=Purpose.HTTP)
    new = pem(RSA_KEYS[1])
    knock = posted(zoe, follow(zoe), key=RSA_KEYS[1])
    keys = Keyring(lambda _actor, _key_id: replaced(key, public=new))

    assert gate.admit(knock, keys=keys).actor == zoe.actor
    assert gate.admit(knock, keys=keys).actor == zoe.actor
    assert len(keys.fetched) == 1


def test_a_wrong_signature_stays_wrong_when_the_key_is_still_the_same(zoe: Abroad) -> None:
    key = ActorKey.objects.get(actor=zoe.actor, purpose=Purpose.HTTP)
    keys = Keyring(lambda _actor, _key_id: key)
    with pytest.raises(Unproven):
        gate.admit(posted(zoe, follow(zoe), key=RSA_KEYS[1]), keys=keys)
    assert len(keys.fetched) == 1


def test_a_key_for_proofs_signs_no_requests(zoe: Abroad) -> None:
    ActorKey.objects.filter(purpose=Purpose.HTTP).update(purpose=Purpose.ASSERTION)
    with pytest.raises(Unproven):
        gate.admit(posted(zoe, follow(zoe)), keys=Keyring())


def test_a_closed_server_gets_no_further(zoe: Abroad) -> None:
    zoe.actor.peer.policy = Policy.CLOSED
    zoe.actor.peer.save()

    with pytest.raises(peers.Closed):
        gate.admit(posted(zoe, follow(zoe)), keys=Keyring())
    with pytest.raises(peers.Closed):
        gate.recognise(asked(zoe, "/@ada/"), keys=Keyring())


def test_an_actor_may_be_given_whole(zoe: Abroad) -> None:
    activity = follow(zoe) | {"actor": {"id": zoe.uri, "type": "Person"}}
    assert gate.admit(posted(zoe, activity), keys=Keyring()).actor == zoe.actor


def test_a_name_of_another_server_is_not_given_away(zoe: Abroad) -> None:
    activity = follow(zoe) | {"id": "https://mastodon.example/activities/1"}
    with pytest.raises(Unproven):
        gate.admit(posted(zoe, activity), keys=Keyring())


def test_nobody_elsewhere_speaks_for_one_of_ours(mallory_abroad: Abroad, ada: Member, settings: Settings) -> None:
    settings.SITE_URL = "https://one.example"
    activity = follow(mallory_abroad) | {"actor": addresses.actor(ada), "id": addresses.actor(ada) + "activities/1"}
    with pytest.raises(Unproven):
        gate.admit(posted(mallory_abroad, activity), keys=Keyring())


def test_what_is_of_no_interest_is_answered_as_if_it_was_taken(zoe: Abroad) -> None:
    with pytest.raises(Ignored) as ignored:
        gate.admit(posted(zoe, said(zoe, "Listen", "https://two.example/song")), keys=Keyring())
    assert ignored.value.status == 202


def test_each_refusal_has_the_status_that_senders_understand() -> None:
    kinds: list[type[Refusal]] = [Malformed, Unproven, peers.Closed, TooLarge, WrongKind, KeyUnreachable]
    assert [kind.status for kind in kinds] == [400, 401, 403, 413, 415, 503]

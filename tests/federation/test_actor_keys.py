"""Keys of people elsewhere: their own, as their own server names them now, and fetched for few at once."""

from datetime import timedelta
from typing import Any

import pytest

from foundation import clock
from foundation.refusals import Refusal
from foundation.signing import Document
from network.federation import actors, described
from network.federation.models import ActorKey
from tests.federation.people import KEYS, lives_at, one_like_ours, pem, person
from tests.federation.tls import Server
from tests.federation.world import says

LATER = timedelta(seconds=301)


# ── keys ────────────────────────────────────────────────────────────────────


def keys_of(document: Document) -> set[str]:
    found = described.read(document)
    return {*found.http_keys, *found.assertion_keys}


@pytest.mark.adversarial(5)
@pytest.mark.parametrize(
    "change",
    [
        {"owner": "https://evil.example/@mallory/"},
        {"owner": None},
        {"id": "https://evil.example/key"},
        {"id": None},
        {"publicKeyPem": "no key"},
        {"publicKeyPem": None},
    ],
)
def test_a_key_that_is_not_their_own_is_dropped(change: dict[str, Any]) -> None:
    document = person("https://two.example/@zoe/")
    document["publicKey"] |= change
    assert keys_of(document) == set()


@pytest.mark.parametrize("key_id", ["#main-key", "main-key", "/main-key", "keys/1"])
def test_keys_may_be_called_as_servers_like(key_id: str) -> None:
    document = person("https://two.example/@zoe/")
    document["publicKey"]["id"] = f"https://two.example/@zoe/{key_id}"
    assert keys_of(document) == {f"https://two.example/@zoe/{key_id}"}


@pytest.mark.parametrize(
    "change", [{"controller": "https://evil.example/"}, {"publicKeyMultibase": "z6Mkno"}, {"id": 1}]
)
def test_an_assertion_key_that_is_not_their_own_is_dropped(change: dict[str, Any]) -> None:
    document = one_like_ours("https://two.example/@zoe/")
    document["assertionMethod"][0] |= change
    assert keys_of(document) == {"https://two.example/@zoe/#main-key"}


def test_an_identity_statement_among_the_fields_is_left_alone() -> None:
    statement = {"type": "VerifiableIdentityStatement", "subject": "did:key:z6Mk", "alsoKnownAs": "x", "proof": {}}
    document = person("https://two.example/@zoe/", attachment=[statement])
    assert described.read(document).fields == []


@pytest.mark.adversarial(31)
def test_a_key_id_belongs_to_whoever_had_it_first(two: Server) -> None:
    zoe = actors.learn(lives_at(two, person(two.url("/@zoe/"))))
    thief = person(two.url("/@eve/"), "eve")
    thief["publicKey"] |= {"id": f"{zoe.uri}#main-key", "publicKeyPem": pem(KEYS[1])}
    actors.learn(lives_at(two, thief, target="/@eve/"))
    key = ActorKey.objects.get(key_id=f"{zoe.uri}#main-key")
    assert (key.actor, key.public) == (zoe, pem(KEYS[0]))


@pytest.mark.adversarial(32)
def test_a_new_key_is_found_by_looking_again_once_in_five_minutes(two: Server) -> None:
    zoe = actors.learn(lives_at(two, person(two.url("/@zoe/"))))
    key_id, keys = f"{zoe.uri}#main-key", actors.Keys()
    rotated = person(zoe.uri)
    rotated["publicKey"]["publicKeyPem"] = pem(KEYS[1])
    two.paths["/@zoe/"] = says(rotated)

    asked = len(two.asked)
    for _ in range(20):
        stale = keys.refetch(zoe.uri, key_id)
        assert stale is not None
        assert stale.public == pem(KEYS[0])
    assert len(two.asked) == asked

    with clock.at(clock.now() + LATER):
        fresh = [keys.refetch(zoe.uri, key_id) for _ in range(20)]
    assert {key.public for key in fresh if key} == {pem(KEYS[1])}
    assert len(two.asked) == asked + 1


def test_a_key_that_is_no_longer_named_is_gone(two: Server) -> None:
    zoe = actors.learn(lives_at(two, person(two.url("/@zoe/"))))
    two.paths["/@zoe/"] = says(person(zoe.uri, publicKey={}))
    with clock.at(clock.now() + LATER):
        assert actors.Keys().refetch(zoe.uri, f"{zoe.uri}#main-key") is None
    assert not zoe.keys.exists()


def test_the_gate_finds_a_stranger_by_an_address_of_the_key_alone(two: Server) -> None:
    """GoToSocial's keys have addresses of their own, where the document of their owner lies."""
    uri, key_id = two.url("/users/zoe"), two.url("/users/zoe/main-key")
    document = person(uri)
    document["publicKey"]["id"] = key_id
    lives_at(two, document, target="/users/zoe")
    two.paths["/users/zoe/main-key"] = says(document)
    found = actors.Keys().refetch(key_id, key_id)
    assert found is not None
    assert found.actor.uri == uri


def test_the_gate_finds_a_stranger_by_a_key_document(two: Server) -> None:
    uri, key_id = two.url("/@zoe/"), two.url("/keys/1")
    document = person(uri)
    document["publicKey"]["id"] = key_id
    lives_at(two, document)
    two.paths["/keys/1"] = says({"type": "Key", **document["publicKey"]})
    found = actors.Keys().refetch(key_id, key_id)
    assert found is not None
    assert found.actor.uri == uri


@pytest.mark.adversarial(5)
def test_a_key_document_that_names_a_victim_is_not_theirs(two: Server, evil: Server) -> None:
    victim = lives_at(two, person(two.url("/@zoe/")))
    key_id = evil.url("/key")
    evil.paths["/key"] = says({"id": key_id, "type": "Key", "owner": victim, "publicKeyPem": pem(KEYS[1])})
    with pytest.raises(Refusal):
        actors.Keys().refetch(key_id, key_id)
    assert not ActorKey.objects.exists()


def test_only_a_few_requests_wait_for_keys_at_once(two: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    uri = lives_at(two, person(two.url("/@zoe/")))
    for _ in range(actors.KEYS_AT_ONCE):
        assert actors._fetching.acquire(blocking=False)
    try:
        with pytest.raises(actors.Busy):
            actors.Keys().refetch(uri, f"{uri}#main-key")
    finally:
        for _ in range(actors.KEYS_AT_ONCE):
            actors._fetching.release()
    assert two.asked == []
    assert actors.Keys().refetch(uri, f"{uri}#main-key")

"""What one server passes on for another is let in by its author's own proof (federation.md, The gate, 12; FEP-8b32)."""

import json
from datetime import timedelta
from typing import Any

import pytest

from foundation import clock, signing
from foundation.signing import Document
from network.federation import gate, peers
from network.federation.gate import Unproven
from network.federation.models import Actor, ActorKey, Policy, Purpose, SignsWith
from tests.federation.conftest import RSA_KEYS, Abroad
from tests.federation.keyring import Keyring
from tests.federation.signed import plain, posted
from tests.federation.test_cavage import pem
from tests.federation.test_gate import BOTH, follow


def prove(activity: Document, by: Abroad, **changes: Any) -> Document:
    """With a proof by the author's own key (FEP-8b32)."""
    made = {"private": by.ed25519, "method": f"{by.uri}#ed25519-key", **changes}
    return signing.secure(activity, **made)


@BOTH
def test_another_may_pass_on_what_its_author_has_proved(zoe: Abroad, mia: Abroad, how: SignsWith) -> None:
    activity = prove(follow(zoe), zoe)

    admitted = gate.admit(posted(mia, activity, how=how), keys=Keyring())

    assert admitted.actor == zoe.actor
    assert admitted.activity == activity


def test_who_passes_on_has_to_sign_themselves(zoe: Abroad, mia: Abroad) -> None:
    activity = prove(follow(zoe), zoe)
    with pytest.raises(Unproven):
        gate.admit(posted(mia, activity, key=RSA_KEYS[1]), keys=Keyring())
    with pytest.raises(Unproven):
        gate.admit(plain(json.dumps(activity).encode()), keys=Keyring())


def test_nobody_passes_on_what_is_not_proved(zoe: Abroad, mia: Abroad) -> None:
    with pytest.raises(Unproven):
        gate.admit(posted(mia, follow(zoe)), keys=Keyring())


@pytest.mark.parametrize(
    ("age", "let_in"),
    [
        (timedelta(days=6, hours=23), True),
        (timedelta(minutes=-4), True),
        (timedelta(days=7, minutes=1), False),
        (timedelta(minutes=-6), False),
    ],
)
def test_a_proof_stands_in_for_a_week(zoe: Abroad, mia: Abroad, age: timedelta, let_in: bool) -> None:
    knock = posted(mia, prove(follow(zoe), zoe, created=clock.now() - age))
    if let_in:
        assert gate.admit(knock, keys=Keyring()).actor == zoe.actor
    else:
        with pytest.raises(Unproven):
            gate.admit(knock, keys=Keyring())


def test_the_key_of_a_proof_is_fetched_from_the_author_if_it_is_unknown(zoe: Abroad, mia: Abroad) -> None:
    key = ActorKey.objects.get(actor=zoe.actor, purpose=Purpose.ASSERTION)
    key.delete()
    keys = Keyring(lambda _actor, _key_id: key)
    activity = prove(follow(zoe), zoe)

    assert gate.admit(posted(mia, activity), keys=keys).actor == zoe.actor
    assert keys.fetched == [(zoe.uri, key.key_id)]
    with pytest.raises(Unproven):
        gate.admit(posted(mia, activity), keys=Keyring())


def test_the_house_of_the_author_may_deliver_for_them(zoe: Abroad) -> None:
    """A neighbour on the same server signs; the author's proof says whose it is."""
    house = Actor.objects.create(uri="https://two.example/actor", peer=zoe.actor.peer, kind="Application", name="two")
    key_id = "https://two.example/actor#main-key"
    ActorKey.objects.create(actor=house, key_id=key_id, purpose=Purpose.HTTP, public=pem(RSA_KEYS[1]))

    for activity in (prove(follow(zoe), zoe), follow(zoe)):
        knock = posted(zoe, activity, key=RSA_KEYS[1], key_id=key_id)
        if "proof" in activity:
            assert gate.admit(knock, keys=Keyring()).actor == zoe.actor
        else:
            with pytest.raises(Unproven):
                gate.admit(knock, keys=Keyring())


def test_nothing_of_a_closed_server_is_passed_on(zoe: Abroad, mia: Abroad) -> None:
    zoe.actor.peer.policy = Policy.CLOSED
    zoe.actor.peer.save()
    with pytest.raises(peers.Closed):
        gate.admit(posted(mia, prove(follow(zoe), zoe)), keys=Keyring())

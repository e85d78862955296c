"""Offers that are no requests, or against a rule for all: rejected, and alike whoever was asked."""

import pytest

from accounts.models import Member
from network.contacts import blocks
from network.contacts.models import Request
from network.federation.models import ActorKey, Purpose
from tests.federation.conftest import Abroad, arrives
from tests.federation.story import (
    AT_ACME,
    last_to,
    offer,
    signed,
    types_to,
)


@pytest.mark.parametrize("unsigned", ["no proof", "another's key", "changed", "an http key"])
def test_a_request_that_its_asker_has_not_signed_is_rejected(
    unsigned: str, ada: Member, zoe: Abroad, mallory_abroad: Abroad
) -> None:
    activity = offer(zoe, ada)
    if unsigned == "no proof":
        del activity["proof"]
    if unsigned == "another's key":
        activity = signed(mallory_abroad, {name: value for name, value in activity.items() if name != "proof"})
    if unsigned == "changed":
        activity["context"] = {**activity["context"], "starts": "1990-01"}
    if unsigned == "an http key":
        ActorKey.objects.filter(actor=zoe.actor, purpose=Purpose.ASSERTION).update(purpose=Purpose.HTTP)

    arrives(zoe, activity)

    assert not Request.objects.exists()
    assert not zoe.member.entries.exists()
    assert last_to(zoe, "Reject")["object"] == activity["id"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"content": "see https://example.com"},
        {"content": "call 0171 2345678"},
        {"content": "x" * 201},
        {"content": ["a"]},
        {"context": {"basis": "same interests"}},
        {"context": {}},
        {"context": None},
        {"context": {"basis": "entry"}},
        {"context": {**AT_ACME, "kind": "astrology"}},
        {"context": {**AT_ACME, "starts": "2050-01"}},
        {"context": {**AT_ACME, "starts": "soon"}},
        {"context": {**AT_ACME, "organisation": "x" * 121}},
        {"context": {**AT_ACME, "organisation": {"name": "Acme"}}},
        {"context": {"basis": "earlier"}},
        {"context": {"basis": "message"}},
        {"context": {"basis": "invitation"}},
        {"cc": ["https://www.w3.org/ns/activitystreams#Public"]},
        {"bcc": ["https://two.example/@yan/"]},
    ],
)
def test_what_breaks_a_rule_for_all_is_rejected_whoever_was_asked(
    wrong: dict[str, object], ada: Member, bo: Member, zoe: Abroad
) -> None:
    blocks.block(bo, zoe.member)
    for member in (ada, bo):
        activity = {**offer(zoe, member), **wrong}
        del activity["proof"]
        arrives(zoe, signed(zoe, activity))

    assert types_to(zoe) == ["Reject", "Reject"]
    assert not Request.objects.exists()


@pytest.mark.parametrize("lie", ["subject", "relationship"])
def test_nobody_asks_in_anothers_name(lie: str, ada: Member, zoe: Abroad, mallory_abroad: Abroad) -> None:
    activity = {name: value for name, value in offer(mallory_abroad, ada).items() if name != "proof"}
    activity["object"] = {**activity["object"], lie: zoe.uri}
    arrives(mallory_abroad, signed(mallory_abroad, activity))
    assert not Request.objects.exists()


def test_a_request_to_nobody_here_is_forgotten(ada: Member, zoe: Abroad) -> None:
    activity = offer(zoe, ada)
    activity["object"]["object"] = activity["object"]["object"].replace("ada", "nobody")
    assert arrives(zoe, activity).outcome == "ignored"
    assert types_to(zoe) == []

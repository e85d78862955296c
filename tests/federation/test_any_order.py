"""The whole story of a request, delivered in any order and more than once, ends in one state (security.md, 32)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Member
from foundation import jobs
from foundation.signing import Document
from network.contacts import answers
from network.contacts.models import Contact, Request
from network.federation import inbox, references
from network.federation.models import Inbound
from network.messages.models import Message
from tests.federation.conftest import Abroad, said
from tests.federation.story import AT_ACME, acceptance, last_to, note, offer, ours_to
from vetting import contexts

ANY_ORDER = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


class Undone(Exception):
    """Takes an example's rows back."""


def state(asker: Member, recipient: Member) -> dict[str, Any]:
    """All that the story leaves behind, but for moments and numbers."""
    request = Request.objects.get()
    return {
        "request": (request.answer, request.question, request.reply, bool(request.withdrawn_at), request.status),
        "contacts": sorted(Contact.objects.values_list("asker", "recipient", "ended_by", "ended_as_pitch")),
        "messages": sorted(Message.objects.values_list("writer", "text", "purpose")),
        "confirmed": contexts.confirmed(asker, recipient),
        "unfinished": Inbound.objects.filter(handled_at=None).count(),
    }


def deliver(by: Abroad, activities: list[Document], order: list[int]) -> None:
    """Each in its turn, twice to two inboxes, and once more to the first at the end."""
    for turn in order:
        inbox.keep(activities[turn], actor=by.actor, inbox=("", "ada")[turn % 2])
        inbox.keep(activities[turn], actor=by.actor, inbox=("ada", "")[turn % 2])
        jobs.drain_everything(strict=True)
    for activity in activities:
        assert not inbox.keep(activity, actor=by.actor)
    jobs.drain_everything(strict=True)


def end_states(story: Callable[[list[int]], dict[str, Any]], order: list[int]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The end of the story as it was told, and of the story in that order; nothing of either stays."""
    ends = []
    for one in (sorted(order), order):
        try:
            with transaction.atomic():
                ends.append(story(one))
                raise Undone
        except Undone:
            pass
    return ends[0], ends[1]


@pytest.mark.adversarial(10)
@ANY_ORDER
@given(order=st.permutations(range(4)))
def test_our_request_and_all_they_say_to_it(order: list[int], ada: Member, zoe: Abroad) -> None:
    """They ask back, accept with "both there", write, and end it; we have replied as soon as we could."""

    def story(order: list[int]) -> dict[str, Any]:
        _request, name = ours_to(ada, zoe)
        accepted = acceptance(zoe, name, ada, confirmed=AT_ACME)
        activities = [
            note(zoe, ada, "Which pump?", name="question", inReplyTo=name),
            accepted,
            note(zoe, ada, "Hello Ada", name="message"),
            said(zoe, "Undo", {"id": accepted["id"], "type": "Accept", "object": name}, to=ada),
        ]
        deliver(zoe, activities, order)
        return state(ada, zoe.member)

    told, shuffled = end_states(story, order)

    assert told == shuffled
    assert told["request"][:2] == ("accepted", "Which pump?")
    assert told["messages"] == [(zoe.member.pk, "Hello Ada", "personal")]
    assert told["contacts"] == [(ada.pk, zoe.member.pk, zoe.member.pk, False)]
    assert told["confirmed"]
    assert told["unfinished"] == 0


@ANY_ORDER
@given(order=st.permutations(range(3)), accept_first=st.booleans())
def test_their_request_and_all_they_say_after_it(
    order: list[int], accept_first: bool, ada: Member, zoe: Abroad
) -> None:
    """They reply to our question, write, and end it; we have accepted, before their reply or after it."""

    def story(order: list[int]) -> dict[str, Any]:
        asked = offer(zoe, ada)
        deliver(zoe, [asked], [0])
        request = Request.objects.get()
        answers.ask_back(request, by=ada, question="Which pump?")
        question = last_to(zoe, "Create")["object"]["id"]
        reply = note(zoe, ada, "The blue one", name="reply", inReplyTo=question)
        if not accept_first:
            deliver(zoe, [reply], [0])
        answers.accept(Request.objects.get(), by=ada)
        activities = [reply, note(zoe, ada, "Hello Ada", name="message")]
        activities.append(said(zoe, "Undo", {"id": asked["id"], "type": "Offer"}, to=ada))
        for turn in order:
            inbox.keep(activities[turn], actor=zoe.actor)
            inbox.keep(activities[turn], actor=zoe.actor, inbox="ada")
            jobs.drain_everything(strict=True)
        return state(zoe.member, ada)

    told, shuffled = end_states(story, order)

    assert told == shuffled
    assert told["request"][:3] == ("accepted", "Which pump?", "The blue one")
    assert told["messages"] == [(zoe.member.pk, "Hello Ada", "personal")]
    assert told["contacts"] == [(zoe.member.pk, ada.pk, zoe.member.pk, False)]


@ANY_ORDER
@given(order=st.permutations(range(2)))
def test_asked_and_withdrawn_in_any_order_nothing_waits(order: list[int], ada: Member, zoe: Abroad) -> None:
    asked = offer(zoe, ada)
    undone = said(zoe, "Undo", {"id": asked["id"], "type": "Offer"}, to=ada)
    try:
        with transaction.atomic():
            deliver(zoe, [asked, undone], list(order))
            assert not Request.objects.filter(withdrawn_at=None).exists()
            assert not references.find(asked["id"]) or Request.objects.get().withdrawn_at
            raise Undone
    except Undone:
        pass

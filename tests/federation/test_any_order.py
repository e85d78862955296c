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
from network.contacts import answers, requests
from network.contacts.models import Contact, Request
from network.federation import inbox
from network.federation.models import Inbound
from network.messages.models import Message
from tests.federation.conftest import Abroad, said
from tests.federation.story import AT_ACME, acceptance, last_to, note, offer, ours_to
from vetting import contexts

ANY_ORDER = settings(
    max_examples=16, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


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


def passing(story: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The end of the story, of which nothing stays for the next example."""
    with transaction.atomic():
        end = story()
        transaction.set_rollback(True)
    return end


@pytest.mark.adversarial(10)
@ANY_ORDER
@given(order=st.permutations(range(4)))
def test_our_request_and_all_they_say_to_it(order: list[int], ada: Member, zoe: Abroad) -> None:
    """They ask back, accept with "both there", write, and end it."""

    def story() -> dict[str, Any]:
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

    assert passing(story) == {
        "request": ("accepted", "Which pump?", "", False, "accepted"),
        "contacts": [(ada.pk, zoe.member.pk, zoe.member.pk, False)],
        "messages": [(zoe.member.pk, "Hello Ada", "personal")],
        "confirmed": True,
        "unfinished": 0,
    }


@ANY_ORDER
@given(order=st.permutations(range(3)), accept_first=st.booleans())
def test_their_request_and_all_they_say_after_it(
    order: list[int], accept_first: bool, ada: Member, zoe: Abroad
) -> None:
    """They reply to our question, write, and end it; we have accepted, before their reply or after it."""

    def story() -> dict[str, Any]:
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

    assert passing(story) == {
        "request": ("accepted", "Which pump?", "The blue one", False, "accepted"),
        "contacts": [(zoe.member.pk, ada.pk, zoe.member.pk, False)],
        "messages": [(zoe.member.pk, "Hello Ada", "personal")],
        "confirmed": False,
        "unfinished": 0,
    }


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_asked_and_withdrawn_in_any_order_nothing_waits(order: list[int], ada: Member, zoe: Abroad) -> None:
    asked = offer(zoe, ada)
    undone = said(zoe, "Undo", {"id": asked["id"], "type": "Offer"}, to=ada)
    deliver(zoe, [asked, undone], order)
    assert not requests.waiting_for(ada).exists()
    assert not Request.objects.filter(withdrawn_at=None).exists()

"""However much there is: as many questions to the database, and at most twenty-five rows a page."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account, Door, Entry, EntryKind, Member, Organisation, Tie
from foundation import clock
from network.contacts.models import Contact, ContextKind, Request, Whereabouts
from network.messages.models import Message, Thread
from tests.frontend.pages import signed_in

pytestmark = pytest.mark.django_db

A_PAGE = 25
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ROWS = {
    "home": rf'href="/requests/({UUID})/"',
    "requests": rf'href="/requests/({UUID})/"',
    "tray": rf'href="/requests/({UUID})/"',
    "requests_sent": rf'href="/requests/sent/({UUID})/"',
    "threads": rf'href="/messages/({UUID})/"',
    "contacts": rf'action="/contacts/({UUID})/end/"',
    "crossings": r'href="/@(guest_\d+)/',
    "thread": rf'id="m-({UUID})"',
    "request": rf'action="/requests/({UUID})/accept/"',
    "person": r'href="/@(guest_\d+)/',
}


@pytest.fixture
def house(bo: Member) -> Organisation:
    """Where Bo was, and everybody else."""
    place = Organisation.objects.create(name="Acme Werke")
    Member.objects.filter(pk=bo.pk).update(name_to=2, headline="Builder")  # no newcomer: the desk is open
    Entry.objects.create(member=bo, organisation=place, **_entry())
    return place


def _entry() -> dict[str, Any]:
    return {"kind": EntryKind.EMPLOYMENT, "title": "x", "starts": 24000, "ends": 24060, "matchable": True}


def guests(numbers: Sequence[int], bo: Member, place: Organisation) -> None:
    """They were where Bo was, ask him, have been asked by him, and (others of them) are his contacts and write."""
    now = clock.now()
    accounts = Account.objects.bulk_create([Account(email=f"g{n}@example.org", password="!") for n in numbers])
    people = Member.objects.bulk_create(
        Member(account=account, handle=f"guest_{n}", name=f"Guest {n}", name_to=2, confirmed_at=now)
        for n, account in zip(numbers, accounts, strict=True)
    )
    Door.objects.bulk_create(Door(member=one) for one in people)
    Entry.objects.bulk_create(Entry(member=one, organisation=place, **_entry()) for one in people)
    for where in (Whereabouts.DELIVERED, Whereabouts.TRAY):
        asks(people[:: 2 if where == Whereabouts.TRAY else 1], bo, where)
    Request.objects.bulk_create(
        Request(asker=bo, recipient=one, context=ContextKind.EARLIER, key=f"to{one.pk}") for one in people
    )
    in_contact(people, bo)


def asks(people: Sequence[Member], bo: Member, where: Whereabouts) -> None:
    asked_at = clock.now() - timedelta(days=1)
    ended = {"ended_at": asked_at} if where == Whereabouts.TRAY else {}
    Request.objects.bulk_create(
        Request(
            asker=one, recipient=bo, context=ContextKind.EARLIER, key=f"{where}{one.pk}", whereabouts=where, grade="C",
            asked_at=asked_at, delivered_at=asked_at, settled_at=asked_at, **ended,
        )
        for one in people
    )  # fmt: skip


def in_contact(people: Sequence[Member], bo: Member) -> None:
    """All with a thread; the first one's grows."""
    pairs = [(min(one.pk, bo.pk), max(one.pk, bo.pk), one) for one in people]
    ties = Tie.objects.bulk_create(Tie(low_id=low, high_id=high) for low, high, _one in pairs)
    Contact.objects.bulk_create(
        Contact(tie=tie, asker=one, recipient=bo, quiet_until=clock.now())
        for tie, (_low, _high, one) in zip(ties, pairs, strict=True)
    )
    threads = Thread.objects.bulk_create(Thread(low_id=low, high_id=high) for low, high, _one in pairs)
    Message.objects.bulk_create(
        Message(thread=thread, writer=one, text="Hello", key=f"one{one.pk}")
        for thread, (_low, _high, one) in zip(threads, pairs, strict=True)
    )
    longest = Thread.objects.order_by("pk")[0]
    writer = longest.low if longest.low_id != bo.pk else longest.high
    Message.objects.bulk_create(
        Message(thread=longest, writer=writer, text="Hello", key=f"long{one.pk}") for one in people
    )


def addresses(bo: Member) -> dict[str, str]:
    letter = Request.objects.filter(recipient=bo, whereabouts=Whereabouts.DELIVERED).order_by("pk")[0]
    others = {
        "thread": reverse("thread", args=[Thread.objects.order_by("pk")[0].public_id]),
        "request": reverse("request", args=[letter.public_id]),
        "person": reverse("person", args=["guest_1"]),
    }
    return {name: others.get(name) or reverse(name) for name in ROWS}


def test_ten_times_as_much_asks_no_more_and_fills_no_more_than_a_page(bo: Member, house: Organisation) -> None:
    client = signed_in(bo)
    asked: dict[str, list[int]] = {name: [] for name in ROWS}
    for numbers in (range(30), range(30, 300)):
        guests(numbers, bo, house)
        for name, address in addresses(bo).items():
            client.get(address)  # what is noted at the first sight is noted
            with CaptureQueriesContext(connection) as queries:
                page = client.get(address)
            assert page.status_code == 200, name
            shown = set(re.findall(ROWS[name], page.content.decode()))
            assert shown, name
            assert len(shown) <= A_PAGE, name
            asked[name].append(len(queries))

    assert {name: few for name, (few, _many) in asked.items()} == {name: many for name, (_few, many) in asked.items()}

"""The cast: Ada and Bo local, Cleo knows both, Mo moderates, Mallory forges. Made through the verbs, like anybody."""

import uuid
from datetime import datetime, timedelta

import pytest

from accounts import entries, months, signup
from accounts.entries import Facts
from accounts.models import Account, Entry, Member, Visibility
from foundation import clock, jobs
from network.contacts import answers, requests
from network.contacts.models import Request
from network.moderation import moderators

DAY = timedelta(days=1)


def new_member(handle: str, *, name: str = "", joined: timedelta = 4000 * DAY) -> Member:
    """A confirmed member who joined that long ago."""
    with clock.at(clock.now() - joined):
        account = Account.objects.create_user(f"{handle}@example.org")
        member = signup.join(account, handle=handle, name=name or f"{handle.capitalize()} Test")
        signup.confirm(member)
    return member


def was_at(
    member: Member,
    organisation: str,
    starts: str = "2001-04",
    ends: str | None = "2004-06",
    *,
    unit: str = "",
    kind: str = "employment",
    matchable: bool = True,
    age: timedelta = 100 * DAY,
    visible_to: int = Visibility.MEMBERS,
) -> Entry:
    """An entry that the member wrote `age` ago."""
    facts = Facts(
        kind=kind,
        organisation=organisation,
        unit=unit,
        starts=months.read(starts, as_end=False),
        ends=months.read(ends, as_end=True) if ends else None,
        matchable=matchable,
        visible_to=visible_to,
    )
    with clock.at(clock.now() - age):
        return entries.add(member, facts)


def key() -> str:
    return uuid.uuid4().hex


def asks(asker: Member, recipient: Member, entry: Entry | None = None, **more: object) -> Request:
    """A request as the worker leaves it."""
    context = more.pop("context", "entry")
    named = entry if entry is not None or context != "entry" else asker.entries.first()
    request = requests.ask(asker, recipient, context=str(context), entry=named, key=key(), **more)  # type: ignore[arg-type]
    jobs.drain_everything()
    request.refresh_from_db()
    return request


def befriend(one: Member, other: Member, *, confirmed: bool = True) -> None:
    """The two are in contact, with a confirmed context or without: since 200 days, or longer if `one` asked others."""
    asked_before = Request.objects.filter(asker=one).count()
    with clock.at(clock.now() - (200 + 20 * asked_before) * DAY):
        place = f"Meeting of {one.handle} and {other.handle}"
        entry = was_at(one, place, "1999-01", "1999-12", age=0 * DAY, matchable=False)
        request = asks(one, other, entry)
        answers.accept(request, by=other, both_there=confirmed)
        jobs.drain_everything()


def settled_monday(weeks: int = 0) -> datetime:
    """A moment just after a Monday's midnight (UTC), so many weeks from this one."""
    now = clock.now()
    monday = (now - now.weekday() * DAY).replace(hour=0, minute=1, second=0, microsecond=0)
    return monday + weeks * 7 * DAY


@pytest.fixture
def ada(db: None) -> Member:
    return new_member("ada", name="Ada Adler")


@pytest.fixture
def bo(db: None) -> Member:
    return new_member("bob", name="Bo Berg")


@pytest.fixture
def cleo(db: None) -> Member:
    return new_member("cleo", name="Cleo Conrad")


@pytest.fixture
def mallory(db: None) -> Member:
    return new_member("mallory", name="Mallory Mahr")


@pytest.fixture
def mo(db: None) -> Member:
    """Moderates."""
    member = new_member("mopsa", name="Mo Mertens")
    moderators.appoint(member)
    member.refresh_from_db()
    return member


@pytest.fixture
def at_acme(ada: Member, bo: Member) -> Entry:
    """Ada and Bo were both at Acme from 2001 to 2004; this is Ada's entry."""
    was_at(bo, "Acme Werke", "2002-01", "2005-12")
    return was_at(ada, "Acme Werke GmbH", "2001-04", "2004-06")

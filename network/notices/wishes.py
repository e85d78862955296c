"""What a member wants letters about, in which way, and when their digest comes.

Quiet from the start (docs/decisions/0061): at once comes what somebody waits for an answer to, or what one has a right
to know; everything else at most once a day, on working days, and only where there is something that was not seen.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import clock
from foundation.refusals import Invalid
from network.notices import facts, moments
from network.notices.models import Kind, Notice, Outcome, Rhythm, Way, Wish

DEFAULTS = {
    Kind.REQUEST: Way.AT_ONCE,
    Kind.ANSWER: Way.DIGEST,
    Kind.VOUCH: Way.AT_ONCE,
    Kind.MESSAGE: Way.DIGEST,
    Kind.OFFER: Way.AT_ONCE,
    Kind.CONTACT: Way.DIGEST,
    Kind.DECISION: Way.AT_ONCE,
    Kind.TRAY: Way.AT_ONCE,
}
HOUR, DAYS = 8, "01234"
WEEKLY = {Kind.TRAY: (Way.AT_ONCE, Way.NEVER)}
"""Kinds that come once a week by themselves: a digest of one figure is none."""


class NoSuchWish(Invalid):
    code = "no-such-wish"
    message = _("Choose one of the ways offered, an hour, and at least one day for the digest.")


@dataclass(frozen=True)
class Wishes:
    """All switches of a member, and when their digest comes."""

    ways: Mapping[str, str]
    hour: int
    days: str


def of(member: Member) -> Wishes:
    chosen = dict(Wish.objects.filter(member=member).values_list("kind", "way"))
    rhythm = Rhythm.objects.filter(member=member).first()
    ways = {str(kind): chosen.get(kind, str(way)) for kind, way in DEFAULTS.items()}
    return Wishes(ways, rhythm.hour if rhythm else HOUR, rhythm.days if rhythm else DAYS)


def ways_of(kind: Kind) -> tuple[Way, ...]:
    return WEEKLY.get(kind, tuple(Way))


@transaction.atomic
def choose(member: Member, *, ways: Mapping[str, str], hour: int, days: Collection[int]) -> None:
    """The switches named are as given, the others stay; the digest comes at that hour, on those days, in the member's
    time zone. What waits goes by it. Frozen members choose, too. Raises `NoSuchWish`."""
    wanted = "".join(str(day) for day in sorted(set(days)))
    if not 0 <= hour <= 23 or not wanted or not set(days) <= set(range(7)):
        raise NoSuchWish
    for kind, way in ways.items():
        if kind not in Kind.values or way not in ways_of(Kind(kind)):
            raise NoSuchWish
    for kind, way in ways.items():
        Wish.objects.update_or_create(member=member, kind=kind, defaults={"way": way})
    Rhythm.objects.update_or_create(member=member, defaults={"hour": hour, "days": wanted})
    _let_go(member, [kind for kind, way in ways.items() if way == Way.NEVER])
    waiting = Notice.objects.filter(member=member, settled_at=None, by_digest=True)
    waiting.update(due_at=digest_after(member))


@transaction.atomic
def stop(member: Member, kinds: Collection[str]) -> None:
    """No more letters of these kinds, and none of what waits. Twice is once."""
    for kind in kinds:
        Wish.objects.update_or_create(member=member, kind=Kind(kind), defaults={"way": Way.NEVER})
    _let_go(member, kinds)


@transaction.atomic
def erase(left: Member) -> None:
    """Whoever has left wants nothing, and nothing is kept of what they wanted. Twice is once."""
    if left.left_at is None:
        return
    for rows in (Wish, Rhythm, Notice):
        rows.objects.filter(member=left).delete()


def in_digest(member: Member) -> list[str]:
    """The kinds that reach this member by digest."""
    return [kind for kind, way in of(member).ways.items() if way == Way.DIGEST]


def digest_after(member: Member) -> datetime:
    """When the next digest of the member comes."""
    now = of(member)
    days = {int(day) for day in now.days}
    return moments.next_digest(clock.now(), hour=now.hour, days=days, zone=member.time_zone)


def _let_go(member: Member, kinds: Collection[str]) -> None:
    unwanted = [what for kind in kinds for what in facts.of_kind(kind)]
    waiting = Notice.objects.filter(member=member, settled_at=None, what__in=unwanted)
    waiting.update(outcome=Outcome.UNWANTED, settled_at=clock.now())

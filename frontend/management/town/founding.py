"""Found the town: once, whole, and only where nobody lives yet."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts import months
from accounts.models import Member
from foundation import audit, clock, jobs
from foundation.models import AuditEntry
from foundation.refusals import Conflict, Forbidden
from frontend.management.town import careers, crossings, crowd, meetings, story, words, workroom
from frontend.management.town.cast import CAST
from frontend.management.town.deeds import Deed, Town, perform
from frontend.management.town.neighbours import NEIGHBOURS

PEOPLE = 200
SEED = 1995
MARK = "founded-town"
_LOCK = 7_411_995


class OnlyInDemo(Forbidden):
    code = "town-only-in-demo"
    message = _("The demo town is for DEMO=1 only: its passwords are public.")


class PeopleLiveHere(Conflict):
    code = "town-people-live-here"
    message = _("There are members here already; the demo town is only founded in an empty database.")


def is_there() -> bool:
    return AuditEntry.objects.filter(actor="town", act=MARK).exists()


@transaction.atomic
def found(tell: Callable[[datetime], Iterator[Deed]] | None = None) -> bool:
    """The town of which `tell` tells (`deeds`) is there; False if one was before.

    Raises `OnlyInDemo`, `PeopleLiveHere`.
    """
    if not settings.DEMO:
        raise OnlyInDemo
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    if is_there():
        return False
    if Member.objects.exists():
        raise PeopleLiveHere
    with workroom.opened():
        perform((tell or deeds)(clock.now()), Town())
        _catch_up()
    audit.note("town", MARK, "server")
    return True


def deeds(now: datetime) -> Iterator[Deed]:
    """Everything that happened in the town until `now`. Pure: the same moment gives the same deeds."""
    dice = random.Random(SEED)
    this_month = months.of(now.date())
    known = [*CAST, *NEIGHBOURS]
    handles = {person.handle for person in known}
    many = list(careers.people(dice, number=PEOPLE - len(known), today=now.date(), taken=handles))
    yield from crowd.joining(dice, [*known, *many], now=now)
    invitations = dict(crowd.invited(dice, many, now=now))
    for of_pair in invitations.values():
        yield from of_pair
    paths = [
        path for path in crossings.paths([*known, *many], this_month=this_month) if _may_meet(path, set(invitations))
    ]
    met = meetings.plan(dice, paths, now=now, known=handles)
    for meeting in met:
        yield from crowd.meeting(dice, meeting, now=now)
    yield from _words(met, handles, now=now)
    yield from story.tell(many, met, now=now)


def _words(met: list[meetings.Meeting], known: set[str], *, now: datetime) -> Iterator[Deed]:
    """Anchors, public vouches, nights. What the cast vouches for is told in their story, moderators apart."""
    anchors = dict(words.anchors(met, known, now=now))
    yield from anchors.values()
    silent = known - set(words.MODERATORS)
    yield from words.Ledger(random.Random(SEED), now, {*anchors, *words.MODERATORS}, silent).enter(met)
    yield from words.nights(now)


LOCUSTS = frozenset({"malte", "vanessa", "jasper", "emil"})
"""Those of the cast whom nobody of the crowd asks: the story alone says whom they know."""
_KNOWN = frozenset(person.handle for person in (*CAST, *NEIGHBOURS))


def _may_meet(path: crossings.Path, but: set[frozenset[str]]) -> bool:
    pair = frozenset((path.asker.handle, path.recipient.handle))
    return pair not in but and not pair & LOCUSTS and not pair <= _KNOWN


def _catch_up() -> None:
    """What the nights since would have done is done: old requests end, penalties have entered."""
    for kind in ("requests-end", "standing-night"):
        jobs.add(kind, {})
    jobs.drain_everything(strict=True)

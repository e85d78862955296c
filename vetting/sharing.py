"""With whom a member shares a context of grade A or B, found for many at once: who may see whose open call."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import Entry, Member
from foundation import clock
from vetting import conduct, contexts
from vetting.models import Confirmation, Doubt


def known_to(viewer: Member, others: QuerySet[Member]) -> set[int]:
    """Ids of members with whom the viewer shares a context of grade A or B: all confirmed ones, and those of `others`
    who list the same place and time by the rules of `contexts.grade`.

    Five queries, however many the others are. Only matchable entries count, on both sides: nothing is disclosed here
    by asking, so nothing is used that was not opted in.
    """
    mine = list(viewer.entries.filter(matchable=True).select_related("organisation"))
    theirs = _theirs(mine, others)
    doubted = _doubted(mine) if theirs else set()
    near = {other for other, entries in theirs.items() if _share(mine, entries, doubted)}
    return near | contexts.confirmed_with(viewer)


def _theirs(mine: Sequence[Entry], others: QuerySet[Member]) -> dict[int, list[Entry]]:
    """Entries of the others at the same places; at large ones, of the same unit only."""
    plain = {entry.organisation_id for entry in mine if not entry.organisation.needs_unit}
    units = {entry.unit_id for entry in mine if entry.unit_id and entry.organisation.needs_unit}
    same = Q(organisation__in=plain) | Q(unit__in=units)
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(same, member__in=others, matchable=True) if plain or units else ():
        found[entry.member_id].append(entry)
    return found


def _share(mine: Sequence[Entry], theirs: Sequence[Entry], doubted: set[int]) -> bool:
    listed = [contexts.listed(entry) for entry in theirs]
    return any(
        contexts.grade(
            contexts.listed(entry),
            listed,
            asked_at=clock.now(),
            confirmed=False,
            vouched=False,
            needs_unit=entry.organisation.needs_unit,
            doubted=entry.pk in doubted,
            rules=contexts.rules(),
        ).grade
        == "B"
        for entry in mine
    )


def _doubted(mine: Sequence[Entry]) -> set[int]:
    """Which of the entries are doubted (`contexts.doubted`, for many at once)."""
    said: dict[int, list[datetime]] = defaultdict(list)
    doubts = Doubt.objects.filter(entry__in=mine, at__lt=conduct.monday(clock.now())).order_by("at")
    for entry, at in doubts.values_list("entry", "at"):
        said[entry].append(at)
    enough = settings.NOT_TRUE_PEOPLE
    since = {entry: moments[enough - 1] for entry, moments in said.items() if len(moments) >= enough}
    healed = Confirmation.objects.filter(entry__in=since).values_list("entry", "at")
    return set(since) - {entry for entry, at in healed if entry and at >= since[entry]}

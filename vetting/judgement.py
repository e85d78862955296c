"""How everybody behaved and who is an anchor, as the night needs it; the worker judges one (`standing.judge`)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.models import Q
from numpy.typing import NDArray
from psycopg.types.json import Jsonb

from accounts.models import Member
from vetting import conduct, evidence, proofs, reputation, standing
from vetting.census import Town
from vetting.models import Evidence

JUDGED_DAYS = 12 * evidence.BAD_HALF_LIFE_D
"""Older bad evidence has faded below 1/4096 and is not read, but for strikes: they are counted, however old."""

_FACTS = ("about", "by", "kind", "source", "at", "word")
_NO_BLAME = (
    "UPDATE vetting_standing SET blame = '{}', rests_until = NULL WHERE blame <> '{}' OR rests_until IS NOT NULL"
)
_BLAME = """
UPDATE vetting_standing AS kept SET blame = judged.blame, rests_until = judged.rests_until
FROM unnest(%(members)s::bigint[], %(blames)s::jsonb[], %(rests)s::timestamptz[]) AS judged (member, blame, rests_until)
WHERE kept.member_id = judged.member
"""


def behaved(town: Town, now: datetime) -> NDArray[np.float64]:
    """c(u) of everybody: good evidence for all, bad for the few about whom there is any."""
    shares = reputation.conduct(town.good, np.zeros(len(town.ids))).astype(np.float64)
    lines = _lines(now)
    found = {}
    for about, member in Member.objects.filter(ledger_id__in=lines).values_list("ledger_id", "pk"):
        place = town.place(member)
        if place is not None:
            found[member] = standing.judged(standing.facts(lines[about]), float(town.good[place]), now)
            shares[place] = found[member].conduct
    _blame(found)
    return shares


def _lines(now: datetime) -> dict[UUID, list[Evidence]]:
    """What still weighs of what was ever said about anybody's conduct, by whom it is about."""
    counted = Q(at__gte=now - JUDGED_DAYS * conduct.DAY) | Q(kind__in=(evidence.STRIKE, evidence.RETRACTED))
    lines: dict[UUID, list[Evidence]] = {}
    found = Evidence.objects.filter(counted, kind__in=evidence.JUDGED).only(*_FACTS)
    for line in found.iterator():
        lines.setdefault(line.about, []).append(line)
    return lines


def _blame(found: dict[int, standing.Judged]) -> None:
    """Kept apart from the mass of standings: few have any, and those who had none stay as they are."""
    judged: dict[str, Any] = {
        "members": list(found),
        "blames": [Jsonb(one.blame) for one in found.values()],
        "rests": [one.rests_until for one in found.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(_NO_BLAME)
        cursor.execute(_BLAME, judged)


def anchors(town: Town, now: datetime) -> NDArray[np.float64]:
    """s(u) in [0, 1] of everybody."""
    shares = np.zeros(len(town.ids))
    for member, share in proofs.live(now).values_list("member", "share").iterator():
        place = town.place(member)
        if place is not None:
            shares[place] += share
    return np.minimum(shares, 1.0)

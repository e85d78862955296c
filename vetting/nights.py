"""The night: standings solved as a whole, because every weight has matured or faded a little since yesterday.

One transaction: lock, take in the words that are new and leave out those that ended, read all, solve, write back what
changed. A worker killed in any phase leaves the evening's standings as they were, and the job runs again.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import TruncDate
from numpy.typing import NDArray

from accounts.models import Member
from foundation import arrays, clock
from vetting import allowance, conduct, evidence, links, proofs, reputation, standing
from vetting.models import Evidence, Night

BATCH = 200_000
"""Ids read at once (reputation.md, Kernel and cost: 50 rows of 200,000 instead of 10 million)."""
HEAVIEST = 20
WEEKS_KEPT = 104
WRITTEN_POINTS = 0.01
"""A standing that moved by less is not written again; what that leaves is part of the night's bound."""
JUDGED_DAYS = 12 * evidence.BAD_HALF_LIFE_D
"""Older bad evidence has faded below 1/4096 and is not read, but for strikes: they are counted, however old."""

_NEWCOMERS = """
INSERT INTO vetting_standing (member_id, computed_at) SELECT id, %(now)s FROM accounts_member
ON CONFLICT (member_id) DO NOTHING
"""
_TAKE_IN = """
UPDATE vetting_edge SET counted = ended_at IS NULL
WHERE (NOT counted AND ended_at IS NULL) OR (counted AND ended_at IS NOT NULL)
"""
_MEMBERS = """
SELECT array_agg(kept.member_id), array_agg(kept.x), array_agg(kept.conduct), array_agg(kept.anchor),
       array_agg(kept.points), array_agg(kept.outflow), array_agg(kept.residual),
       array_agg(coalesce(good.good, 0)), array_agg(coalesce(good.good_at, 'epoch'))
FROM vetting_standing AS kept LEFT JOIN vetting_conduct AS good USING (member_id)
WHERE kept.member_id > %(after)s AND kept.member_id <= %(upto)s HAVING count(*) > 0
"""
_EDGES = """
SELECT array_agg(voucher_id), array_agg(member_id), array_agg(kind), array_agg(at) FROM vetting_edge
WHERE counted AND evidence_id > %(after)s AND evidence_id <= %(upto)s HAVING count(*) > 0
"""
_CHANGES = """
CREATE TEMPORARY TABLE standing_change (
    member bigint, x float8, conduct float8, anchor float8, points float8, outflow float8
) ON COMMIT DROP
"""
_WRITE = """
UPDATE vetting_standing AS kept SET x = change.x, residual = 0, conduct = change.conduct, anchor = change.anchor,
    points = change.points, outflow = change.outflow, computed_at = %(now)s,
    weeks = CASE WHEN %(monday)s THEN (kept.weeks || kept.points)[greatest(1, cardinality(kept.weeks) - %(kept)s):]
            ELSE kept.weeks END
FROM standing_change AS change WHERE kept.member_id = change.member
"""
_BLAME = """
UPDATE vetting_standing AS kept SET blame = judged.blame, rests_until = judged.rests_until
FROM unnest(%(members)s::bigint[], %(blames)s::jsonb[], %(rests)s::timestamptz[]) AS judged (member, blame, rests_until)
WHERE kept.member_id = judged.member
"""


@dataclass
class Town:
    """All members, one an index, as they were written last: shapes (n,). `good` has faded until now."""

    ids: NDArray[np.int64]
    x: NDArray[np.float64]
    conduct: NDArray[np.float64]
    anchor: NDArray[np.float64]
    points: NDArray[np.float64]
    outflow: NDArray[np.float64]
    residual: NDArray[np.float64]
    good: NDArray[np.float64]

    def places(self, members: Any) -> NDArray[np.int64]:
        """The indices of these ids, all of which are there."""
        return np.asarray(np.searchsorted(self.ids, members), np.int64)

    def place(self, member: int) -> int | None:
        """The index of this id; None for whoever joined after the town was read."""
        place = int(np.searchsorted(self.ids, member))
        return place if place < len(self.ids) and self.ids[place] == member else None


@transaction.atomic
def solve() -> Night:
    """Every standing is as the evidence says now, the unit of the day is set, and operators can read how it went."""
    started, now = time.monotonic(), clock.now()
    standing.one_writer()
    last = standing.latest_night()
    _run("SELECT set_config('statement_timeout', '0', true)")
    _run(_TAKE_IN)  # first: whoever gave a word by then is among the newcomers of the next statement
    _run(_NEWCOMERS, now=now)
    town = _members(now)
    behaved, anchors = _judge(town, now), _anchors(town, now)
    kernel, outflow, words = _links(town, anchors, now)
    x, rounds = reputation.settle(kernel, conduct=behaved, anchors=anchors, start=town.x)
    median = reputation.mass_median(x[anchors == 0])
    unit = _unit(median, now)
    monday = last is not None and last.as_of < conduct.monday(now)
    points = reputation.points(x.astype(np.float64), unit)
    changed = (
        monday
        | (np.abs(points - town.points) > WRITTEN_POINTS)
        | (np.abs(town.conduct - behaved) > 1e-6)
        | (town.anchor != anchors)
        | (np.abs(town.outflow - outflow) > 1e-3 * (1 + outflow))
        | (town.residual != 0)
    )
    kept = np.where(changed, x, town.x)
    left = reputation.step(kernel, kept, conduct=behaved, anchors=anchors) - kept
    fresh = {"x": kept, "conduct": behaved, "anchor": anchors, "points": points, "outflow": outflow}
    _write(town.ids[changed], {name: values[changed] for name, values in fresh.items()}, now=now, monday=monday)
    return Night.objects.create(
        as_of=now,
        median=median,
        unit=unit,
        residual=float(np.abs(left).sum(dtype=np.float64)),
        members=len(town.ids),
        edges=words,
        anchors=float(anchors.sum()),
        with_allowance=int((points >= allowance.first_points()).sum()),
        rounds=rounds,
        took_s=time.monotonic() - started,
        heaviest=_heaviest(kernel, x, town, unit),
    )


def _members(now: datetime) -> Town:
    parts = [part for after, upto in _ranges("vetting_standing", "member_id") for part in _rows(_MEMBERS, after, upto)]
    columns = [arrays.column([part[place] for part in parts], np.float64) for place in range(1, 8)]
    ids = arrays.column([part[0] for part in parts], np.int64)
    ages_d = (now.timestamp() * 1e6 - arrays.moments_us(arrays.column([part[8] for part in parts], np.int64))) / 864e8
    columns[-1] *= np.exp2(-np.maximum(ages_d, 0) / evidence.GOOD_HALF_LIFE_D)
    order = np.argsort(ids, kind="stable")
    return Town(ids[order], *(column[order] for column in columns))


def _judge(town: Town, now: datetime) -> NDArray[np.float64]:
    """c(u) of everybody: good evidence for all, bad for the few about whom there is any."""
    behaved = reputation.conduct(town.good, np.zeros(len(town.ids))).astype(np.float64)
    since = now - JUDGED_DAYS * conduct.DAY
    counted = Q(at__gte=since) | Q(kind__in=(evidence.STRIKE, evidence.RETRACTED))
    accused = Evidence.objects.filter(counted, kind__in=evidence.JUDGED)
    lines: dict[Any, list[Evidence]] = {}
    for line in accused.iterator():
        lines.setdefault(line.about, []).append(line)
    members = dict(Member.objects.filter(ledger_id__in=lines).values_list("ledger_id", "pk"))
    found = {}
    for about, member in members.items():
        place = town.place(member)
        if place is None:
            continue
        found[member] = standing.judged(standing.facts(lines[about]), float(town.good[place]), now)
        behaved[place] = found[member].conduct
    _blame(found)
    return behaved


def _blame(found: dict[int, standing.Judged]) -> None:
    """Kept apart from the mass of standings: few have any, and those who had none stay as they are."""
    from psycopg.types.json import Jsonb

    _run("UPDATE vetting_standing SET blame = '{}', rests_until = NULL WHERE blame <> '{}' OR rests_until IS NOT NULL")
    _run(
        _BLAME,
        members=list(found),
        blames=[Jsonb(one.blame) for one in found.values()],
        rests=[one.rests_until for one in found.values()],
    )


def _anchors(town: Town, now: datetime) -> NDArray[np.float64]:
    anchors = np.zeros(len(town.ids))
    shares = proofs.live(now).values_list("member", "share")
    for member, share in shares.iterator():
        place = town.place(member)
        if place is not None:
            anchors[place] += share
    return np.minimum(anchors, 1.0)


def _links(town: Town, anchors: NDArray[np.float64], now: datetime) -> tuple[Any, NDArray[np.float64], int]:
    """K, the outflows W, and how many words were read."""
    voucher, member, weight, words = [], [], [], 0
    whole = anchors >= 1
    for after, upto in _ranges("vetting_edge", "evidence_id"):
        for by, about, kind, at in _rows(_EDGES, after, upto):
            words += len(by)
            lender, code = town.places(by.astype(np.int64)).astype(np.int32), kind.astype(np.int64)
            ages_d = (now.timestamp() * 1e6 - arrays.moments_us(at)) / links.DAY_US
            speaks = links.IS_EXPLICIT[code] | ~whole[lender]
            voucher.append(lender[speaks])
            member.append(town.places(about.astype(np.int64)).astype(np.int32)[speaks])
            weight.append(links.weigh(code, ages_d)[speaks])
    by_whom, for_whom = arrays.column(voucher, np.int32), arrays.column(member, np.int32)
    kernel, outflow = reputation.kernel(len(town.ids), by_whom, for_whom, arrays.column(weight, np.float32))
    return kernel, outflow, words


def _unit(median: float, now: datetime) -> float:
    """What 100 points are: the first night of a day says so, later ones of that day keep it."""
    nights = Night.objects.annotate(day=TruncDate("as_of", tzinfo=UTC)).order_by("-day", "as_of").distinct("day")
    firsts = list(nights[: reputation.UNIT_NIGHTS])
    if firsts and firsts[0].as_of.date() == now.date():
        return firsts[0].unit
    lately = [night.median for night in firsts[: reputation.UNIT_NIGHTS - 1]]
    return reputation.unit([*reversed(lately), median])


def _heaviest(kernel: Any, x: NDArray[np.float32], town: Town, unit: float) -> list[list[float]]:
    """The edges that carry most standing, as [voucher, member, points]."""
    carried = kernel.data * x[kernel.indices]
    most = np.argsort(carried)[::-1][:HEAVIEST] if len(carried) <= HEAVIEST else _top(carried)
    rows = np.searchsorted(kernel.indptr, most, side="right") - 1
    found = zip(town.ids[kernel.indices[most]], town.ids[rows], reputation.points(carried[most], unit), strict=True)
    return [[int(voucher), int(member), round(float(points), 2)] for voucher, member, points in found]


def _top(carried: NDArray[np.float32]) -> NDArray[np.int64]:
    most = np.argpartition(carried, -HEAVIEST)[-HEAVIEST:]
    return most[np.argsort(carried[most])[::-1]]


def _write(ids: NDArray[np.int64], fresh: dict[str, NDArray[np.float64]], *, now: datetime, monday: bool) -> None:
    _run(_CHANGES)
    arrays.copy("standing_change", {"member": ids, **{name: values.astype(float) for name, values in fresh.items()}})
    _run(_WRITE, now=now, monday=monday, kept=WEEKS_KEPT - 2)
    _run("DROP TABLE standing_change")


def _rows(query: str, after: int, upto: int) -> list[tuple[arrays.Array, ...]]:
    return list(arrays.rows(query, {"after": after, "upto": upto}))


def _ranges(table: str, key: str) -> list[tuple[int, int]]:
    """Ranges of ids (after, up to) that hold the whole table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(min({key}), 0), coalesce(max({key}), 0) FROM {table}")  # noqa: S608
        first, last = cursor.fetchone()
    return [(after, after + BATCH) for after in range(first - 1, last, BATCH)]


def _run(statement: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)

"""The night: standings solved as a whole, because every weight has matured or faded a little since yesterday.

One transaction: lock, take in the words that are new and leave out those that ended, read all, solve, write back what
changed. A worker killed in any phase leaves the evening's standings as they were, and the job runs again.
"""

import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models.functions import TruncDate
from numpy.typing import NDArray

from foundation import arrays, clock
from vetting import allowance, census, conduct, judgement, reputation, standing
from vetting.census import Town
from vetting.models import Night

log = logging.getLogger(__name__)

HEAVIEST = 20
WORK_MEM = "256MB"
"""What the server may take for one join: it holds three million standings. Split into parts, the write-back would visit
every page once for each part."""
WEEKS_KEPT = 104
WRITTEN_POINTS = 0.01
"""A standing that moved by less is not written again; what that leaves is part of the night's bound."""

_NEWCOMERS = """
INSERT INTO vetting_standing (member_id, computed_at) SELECT id, %(now)s FROM accounts_member AS member
WHERE NOT EXISTS (SELECT FROM vetting_standing AS kept WHERE kept.member_id = member.id)
ON CONFLICT (member_id) DO NOTHING
"""
_TAKE_IN = """
UPDATE vetting_edge SET counted = ended_at IS NULL
WHERE (NOT counted AND ended_at IS NULL) OR (counted AND ended_at IS NOT NULL)
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


@dataclass
class Solved:
    """What the night found, one member an index: shapes (n,). `x` as it is kept, `changed`: who is written again."""

    town: Town
    kernel: Any
    x: NDArray[np.float32]
    conduct: NDArray[np.float64]
    anchor: NDArray[np.float64]
    outflow: NDArray[np.float64]
    points: NDArray[np.float64]
    changed: NDArray[np.bool_]
    residual: float


class Watch:
    """How long each phase of a night took, in seconds."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self.began = self._last = time.monotonic()

    def lap(self, phase: str) -> None:
        """What went on since the last lap was that phase."""
        now = time.monotonic()
        self.laps[phase], self._last = now - self._last, now

    def took_s(self) -> float:
        return self._last - self.began


@transaction.atomic
def solve() -> Night:
    """Every standing is as the evidence says now, the unit of the day is set, and operators can read how it went."""
    watch, now = Watch(), clock.now()
    standing.one_writer()
    _settle_in(now)
    watch.lap("settling_in")
    town = census.members(now)
    watch.lap("reading_members")
    behaved, anchors = judgement.behaved(town, now), judgement.anchors(town, now)
    watch.lap("judging")
    words = census.words(town, anchors, now)
    watch.lap("reading_words")
    kernel, outflow = census.kernel(town, words)
    watch.lap("kernel")
    x, rounds = reputation.settle(kernel, conduct=behaved, anchors=anchors, start=town.x)
    watch.lap("solving")
    night = _night(x, anchors, now, rounds=rounds, edges=words.read)
    monday = _is_first_of_the_week(now)
    solved = _compare(town, kernel, x, behaved, anchors, outflow, unit=night.unit, all_changed=monday)
    _write(solved, now=now, monday=monday)
    watch.lap("writing")
    return _finish(night, solved, watch)


def _settle_in(now: datetime) -> None:
    """Words that are new count, those that ended do not, and everybody has a standing.

    Nothing limits this transaction but the job's own time: the arithmetic leaves the connection idle for long.
    """
    allowed = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0", "work_mem": WORK_MEM}
    for name, value in allowed.items():
        _run("SELECT set_config(%(name)s, %(value)s, true)", name=name, value=value)
    _run(_TAKE_IN)  # first: whoever gave a word by then is among the newcomers of the next statement
    _run(_NEWCOMERS, now=now)


def _is_first_of_the_week(now: datetime) -> bool:
    last = standing.latest_night()
    return last is not None and last.as_of < conduct.monday(now)


def _night(x: NDArray[np.float32], anchors: NDArray[np.float64], now: datetime, *, rounds: int, edges: int) -> Night:
    """The night, not saved yet."""
    median = reputation.mass_median(x[anchors == 0])
    return Night(
        as_of=now,
        median=median,
        unit=_unit(median, now),
        rounds=rounds,
        edges=edges,
        members=len(x),
        anchors=float(anchors.sum()),
    )


def _compare(
    town: Town,
    kernel: Any,
    x: NDArray[np.float32],
    behaved: NDArray[np.float64],
    anchors: NDArray[np.float64],
    outflow: NDArray[np.float64],
    *,
    unit: float,
    all_changed: bool,
) -> Solved:
    """Who is written again, and what it leaves undone that the others are not."""
    points = reputation.points(x.astype(np.float64), unit)
    changed = (
        all_changed
        | (np.abs(points - town.points) > WRITTEN_POINTS)
        | (np.abs(town.conduct - behaved) > 1e-6)
        | (town.anchor != anchors)
        | (np.abs(town.outflow - outflow) > 1e-3 * (1 + outflow))
        | (town.residual != 0)
        | ((x == 0) & (town.x != 0))
    )
    kept = np.where(changed, x, town.x)
    left = reputation.step(kernel, kept, conduct=behaved, anchors=anchors) - kept
    residual = float(np.abs(left).sum(dtype=np.float64))
    return Solved(town, kernel, kept, behaved, anchors, outflow, points, changed, residual)


def _finish(night: Night, solved: Solved, watch: Watch) -> Night:
    """The night is saved, and the log says how long its phases took."""
    night.residual = solved.residual
    night.with_allowance = int((solved.points >= allowance.first_points()).sum())
    night.heaviest = _heaviest(solved, night.unit)
    watch.lap("summing_up")
    night.took_s = watch.took_s()
    night.save()
    seconds = ", ".join(f"{phase} %({phase}).2f" for phase in watch.laps)
    log.info(f"Solved %(members)d standings of %(edges)d words; seconds: {seconds}", _facts(night, watch))  # noqa: G004
    return night


def _facts(night: Night, watch: Watch) -> dict[str, float]:
    return {"members": night.members, "edges": night.edges, **watch.laps}


def _unit(median: float, now: datetime) -> float:
    """What 100 points are: the first night of a day says so, later ones of that day keep it."""
    nights = Night.objects.annotate(day=TruncDate("as_of", tzinfo=UTC)).order_by("-day", "as_of").distinct("day")
    firsts = list(nights[: reputation.UNIT_NIGHTS])
    if firsts and firsts[0].as_of.date() == now.date():
        return firsts[0].unit
    lately = [night.median for night in firsts[: reputation.UNIT_NIGHTS - 1]]
    return reputation.unit([*reversed(lately), median])


def _heaviest(solved: Solved, unit: float) -> list[list[float]]:
    """The edges that carry most standing, as [voucher, member, points]."""
    kernel, ids = solved.kernel, solved.town.ids
    carried = kernel.data * solved.x.astype(np.float32)[kernel.indices]
    most = np.argsort(carried)[::-1][:HEAVIEST] if len(carried) <= HEAVIEST else _top(carried)
    rows = np.searchsorted(kernel.indptr, most, side="right") - 1
    found = zip(ids[kernel.indices[most]], ids[rows], reputation.points(carried[most], unit), strict=True)
    return [[int(voucher), int(member), round(float(points), 2)] for voucher, member, points in found]


def _top(carried: NDArray[np.float32]) -> NDArray[np.int64]:
    most = np.argpartition(carried, -HEAVIEST)[-HEAVIEST:]
    return most[np.argsort(carried[most])[::-1]]


def _write(solved: Solved, *, now: datetime, monday: bool) -> None:
    changed = solved.changed
    fresh = {
        name: getattr(solved, name)[changed].astype(float) for name in ("x", "conduct", "anchor", "points", "outflow")
    }
    _run(_CHANGES)
    arrays.copy("standing_change", {"member": solved.town.ids[changed], **fresh})
    _run("ANALYZE standing_change")
    _run(_WRITE, now=now, monday=monday, kept=WEEKS_KEPT - 2)
    _run("DROP TABLE standing_change")


def _run(statement: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)

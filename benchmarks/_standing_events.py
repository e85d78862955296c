"""One event for `standing`: pushed in memory, checked against a full solve, and done by the worker in the database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts.models import Member
from benchmarks._standing_rounds import Model, exact, timed
from benchmarks._standing_town import SEED, Words
from foundation import clock, jobs
from vetting import census, evidence, ledger, reputation, standing

THETA_POINTS = 0.1
CHECKED = 6
"""So many of the events are compared with a full solve."""
AFTER_A_STRIKE = 0.4
"""c after over c before, between 4/14 of a newcomer and 10/20 of an established member."""
WARM = 10


@dataclass
class Found:
    """Of the events: milliseconds each, the bound on the sum of all errors in points, and how near one came to it."""

    took_ms: list[float] = field(default_factory=list)
    bounds_points: list[float] = field(default_factory=list)
    worst_error_over_bound: float = 0.0


class Town:
    """The solved town in memory, by who lends: row v of `out` holds k(v,u) at column u. Residuals are 0."""

    def __init__(self, model: Model, unit: float) -> None:
        self.out = model.kernel.T.tocsr()
        self.x, self.outflow, self.anchors, self.unit = model.x, model.outflow, model.anchors, unit
        self.conduct = np.array(model.conduct, np.float64)

    def rows(self, members: list[int]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """As `reputation.push` asks: which of the members, whom they lend to, and c(t) · k."""
        begins, ends = self.out.indptr[members], self.out.indptr[np.asarray(members) + 1]
        which = np.repeat(np.arange(len(members)), ends - begins)
        places = np.arange(len(which)) + np.repeat(begins - np.cumsum(ends - begins) + (ends - begins), ends - begins)
        targets = self.out.indices[places]
        return which, targets, self.conduct[targets] * self.out.data[places]

    def push(self, residual: dict[int, float]) -> reputation.Pushed:
        return reputation.push(
            residual, rows=self.rows, resting=lambda members: [0.0] * len(members), theta=THETA_POINTS * self.unit / 100
        )

    def strike(self, member: int) -> Callable[[], dict[int, float]]:
        """What happens to the residuals when the member's conduct falls; the town has changed when it was called."""

        def happens() -> dict[int, float]:
            before = self.conduct[member]
            self.conduct[member] = after = AFTER_A_STRIKE * before
            return {member: reputation.regraded(self.x[member], 0.0, before=before, after=after)}

        return happens

    def removal(self, voucher: int, place: int) -> Callable[[], dict[int, float]]:
        """The same when the voucher's word at `place` of `out` is taken back: above W = 10 all others weigh more."""

        def happens() -> dict[int, float]:
            own = slice(self.out.indptr[voucher], self.out.indptr[voucher + 1])
            before = self.out.data[own].astype(np.float64)
            divisor = max(reputation.OUTFLOW_MIN, self.outflow[voucher])
            left = self.outflow[voucher] - self.out.data[place] * divisor / reputation.DAMPING
            self.out.data[own] *= np.float32(divisor / max(reputation.OUTFLOW_MIN, left))
            self.out.data[place] = 0
            moved = self.conduct[self.out.indices[own]] * (self.out.data[own] - before) * self.x[voucher]
            return dict(zip(self.out.indices[own].tolist(), moved.tolist(), strict=True))

        return happens


def in_memory(model: Model, unit: float, events: int) -> Found:
    """Strikes and removed words in turns, each on the same solved town, of members and words drawn at random."""
    town, found, chance = Town(model, unit), Found(), np.random.default_rng(SEED + 2)
    kept_conduct, kept_data = town.conduct.copy(), town.out.data.copy()
    standing_, lent = np.flatnonzero(model.x > 0), np.flatnonzero(kept_data > 0)
    vouchers = np.searchsorted(town.out.indptr, lent, side="right") - 1
    for number in range(-WARM, events):
        member, word = int(chance.choice(standing_)), int(chance.integers(len(lent)))
        happens = town.removal(int(vouchers[word]), int(lent[word])) if number % 2 else town.strike(member)
        pushed: list[reputation.Pushed] = []
        took_s = timed(lambda: pushed.append(town.push(happens())))  # noqa: B023 - called at once
        bound = reputation.error_bound(sum(map(abs, pushed[0].residual.values())))
        if number >= 0:
            found.took_ms.append(1000 * took_s)
            found.bounds_points.append(float(reputation.points(bound, unit)))
            if number % max(1, events // CHECKED) in (0, 1):
                found.worst_error_over_bound = max(found.worst_error_over_bound, _error(town, pushed[0]) / bound)
        own = slice(*town.out.indptr[[vouchers[word], vouchers[word] + 1]])
        town.conduct[member], town.out.data[own] = kept_conduct[member], kept_data[own]
    return found


def _error(town: Town, pushed: reputation.Pushed) -> float:
    """Σ over all members of |x after the push − the full solution|, in units of x."""
    x = town.x.copy()
    x[list(pushed.moved)] += list(pushed.moved.values())
    return float(np.abs(exact(town.out.T, town.conduct, town.anchors, x) - x).sum())


@dataclass
class Worked:
    """Of events through the database: milliseconds to record each, and for the worker to do what that leaves."""

    record_ms: list[float] = field(default_factory=list)
    worker_ms: list[float] = field(default_factory=list)


def by_the_worker(words: Words, moment: datetime, events: int) -> Worked:
    """Strikes and withdrawn vouches in turns, recorded in the ledger and then drained as a worker drains them."""
    chance, worked = np.random.default_rng(SEED + 3), Worked()
    vouches = np.flatnonzero(words.kind == evidence.LENDS[evidence.VOUCH].code)
    drawn: Sequence[int] = chance.choice(vouches, min(events + WARM, len(vouches)), replace=False).tolist()
    for number, word in enumerate(drawn):
        by, about = (Member.objects.get(pk=int(ids[word]) + 1) for ids in (words.voucher, words.subject))
        kind, source = (evidence.WITHDRAWN, f"bench:{word + 1}") if number % 2 else (evidence.STRIKE, f"case:{word}")
        with clock.at(moment + timedelta(seconds=number)):
            recorded_s = timed(lambda: ledger.record(about, by=by, kind=kind, source=source))  # noqa: B023
            worker_s = timed(lambda: jobs.drain("standing"))
        if number >= WARM:
            worked.record_ms.append(1000 * recorded_s)
            worked.worker_ms.append(1000 * worker_s)
    return worked


def error_over_bound(moment: datetime) -> float:
    """Σ|kept − solution| of all standings in the database over the bound that it keeps for them; at most 1.

    1e-6 · Σx is granted beside the bound: k is kept in float32.
    """
    night = standing.latest_night()
    assert night
    with clock.at(moment):
        town = census.members(moment)
    words = census.words(town, town.anchor, night.as_of)
    kernel, _outflow = census.kernel(town, words)
    solution = exact(kernel, town.conduct, town.anchor, town.x)
    bound = reputation.error_bound(night.residual) + 1e-6 * float(town.x.sum())
    return float(np.abs(solution - town.x).sum()) / bound

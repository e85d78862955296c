"""Facts → score. Pure: no Django, no clock. First form; the flow of standing between members comes with the model.

    c(u) = g / (g + b)      g = 4 + min(6, good)      b = decayed bad evidence        (the model's conduct ratio)

Points are 0 and the weight q of a member's word is 1 with a confirmed address, until vouches carry standing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(days=1)
BASE_GOOD = 4.0
"""Prior in favour of everybody, in units of good evidence (reputation.md, c(u))."""
GOOD_MAX, GOOD_HALF_LIFE_D, GOOD_WEIGHT = 6.0, 365.0, 0.25
BAD_HALF_LIFE_D = 90.0
ACCUSATION_WEIGHT, ACCUSATIONS_MAX = 3.0, 12.0
STRIKE_WEIGHT = 10.0

CONFIRMED = "confirmed"
NOT_TRUE, PITCH, REPORTED = "not-true", "pitch", "reported"
STRIKE = "strike"
RETRACTED = "retracted"
ACCUSATIONS = frozenset({NOT_TRUE, PITCH})


@dataclass(frozen=True)
class Fact:
    """One line of evidence as the arithmetic needs it: what, by whom (an opaque name), from which source, when."""

    kind: str
    by: str
    source: str
    at: datetime


@dataclass(frozen=True)
class Score:
    """points: 0 and up · conduct c: (0, 1] · weight q: [0, 1]."""

    points: float
    conduct: float
    weight: float


def monday(now: datetime) -> datetime:
    """00:00 of the last Monday (UTC) at or before `now`: penalties enter then, together."""
    return (now - now.weekday() * DAY).replace(hour=0, minute=0, second=0, microsecond=0)


def _decayed(at: datetime, now: datetime, half_life_d: float) -> float:
    return float(2.0 ** (-max((now - at) / DAY, 0.0) / half_life_d))


def good(facts: Iterable[Fact], now: datetime) -> float:
    """Decayed sum of good evidence, at most 6."""
    weights = (GOOD_WEIGHT * _decayed(f.at, now, GOOD_HALF_LIFE_D) for f in facts if f.kind == CONFIRMED)
    return min(GOOD_MAX, sum(weights))


def accusations(facts: Iterable[Fact], now: datetime, *, people: int = 3) -> float:
    """Decayed sum of *pitch* and *not true*, at most 12; 0 until `people` distinct persons said so by last Monday."""
    until = monday(now)
    kept = list(facts)
    retracted = {f.source for f in kept if f.kind == RETRACTED}
    said = [f for f in kept if f.kind in ACCUSATIONS and f.at < until and f.source not in retracted]
    if len({f.by for f in said}) < people:
        return 0.0
    return min(ACCUSATIONS_MAX, sum(ACCUSATION_WEIGHT * _decayed(f.at, now, BAD_HALF_LIFE_D) for f in said))


def strikes(facts: Iterable[Fact], now: datetime) -> float:
    """Decayed sum of what moderators upheld and did not retract. A strike counts at once: a person signed for it."""
    kept = list(facts)
    retracted = {f.source for f in kept if f.kind == RETRACTED}
    upheld = (f for f in kept if f.kind == STRIKE and f.source not in retracted)
    return sum(STRIKE_WEIGHT * _decayed(f.at, now, BAD_HALF_LIFE_D) for f in upheld)


def score(facts: Iterable[Fact], *, now: datetime, confirmed_address: bool, people: int = 3) -> Score:
    """The member's score; the order of facts does not matter."""
    kept = list(facts)
    g = BASE_GOOD + good(kept, now)
    b = accusations(kept, now, people=people) + strikes(kept, now)
    return Score(points=0.0, conduct=g / (g + b), weight=1.0 if confirmed_address else 0.0)

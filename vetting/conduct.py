"""How somebody behaved: lines of evidence → the bad evidence b(u), row by row. Pure: no Django, no clock.

    b(u) = whispered + strikes + liability + bad faith, each decayed as 2^(−age / 90 d)

What members whisper (*not true*, *that was a pitch*, undecided reports) forms one row that is 0 until three distinct
people spoke, and enters on Mondays only: otherwise a new minus row would name the one who declined. For the same
reason the ledger keeps a whispering word in halves only (`whisper`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import fsum

from vetting import evidence

DAY = timedelta(days=1)
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
RESTS = (timedelta(days=14), timedelta(days=60))
"""How long promotions and offers rest after a first and a second strike (reputation.md, What a standing permits)."""


@dataclass(frozen=True)
class Fact:
    """One line of evidence as the arithmetic needs it. `by` is an opaque name; `word` in [0, 1] is what the speaker's
    word weighed then (for `liable`: the share that this member answers for)."""

    kind: str
    by: str
    source: str
    at: datetime
    word: float = 1.0


@dataclass(frozen=True)
class Bad:
    """b(u) in its rows; all ≥ 0."""

    whispered: float = 0.0
    strikes: float = 0.0
    liability: float = 0.0
    bad_faith: float = 0.0

    @property
    def total(self) -> float:
        return self.whispered + self.strikes + self.liability + self.bad_faith


def monday(now: datetime) -> datetime:
    """00:00 of the last Monday (UTC) at or before `now`: what is whispered enters then, together."""
    return (now - now.weekday() * DAY).replace(hour=0, minute=0, second=0, microsecond=0)


def whisper(word: float) -> float:
    """A word in [0, 1] as it is kept when whispered: 0, a half or 1, or its exact weight would name its speaker."""
    return int(2 * word + 0.5) / 2


def bad(facts: Iterable[Fact], now: datetime, *, people: int = 3) -> Bad:
    """The bad evidence of one member, in rows. The order of facts does not matter; a fact given twice counts once."""
    kept = set(facts)
    void = {fact.source for fact in kept if fact.kind in (evidence.RETRACTED, evidence.DECIDED)}
    standing = [fact for fact in kept if fact.source not in void]
    return Bad(
        whispered=_whispered(standing, now, people=people),
        strikes=_sum(standing, {evidence.STRIKE}, evidence.STRIKE_WEIGHT, now),
        liability=_sum(standing, {evidence.LIABLE}, evidence.LIABILITY_WEIGHT, now, most=evidence.LIABILITY_MAX),
        bad_faith=_sum(standing, {evidence.BAD_FAITH}, evidence.BAD_FAITH_WEIGHT, now),
    )


def _whispered(facts: list[Fact], now: datetime, *, people: int) -> float:
    """0 until `people` distinct persons whose word weighs something spoke before last Monday.

    What is said fades from the Monday on which it enters, so that no amount tells on which day it was said.
    """
    weighed = [fact for fact in facts if fact.kind in evidence.WHISPERED and fact.word > 0]
    said = [replace(fact, at=entered) for fact in weighed if (entered := monday(fact.at) + 7 * DAY) <= now]
    if len({fact.by for fact in said}) < people:
        return 0.0
    accused = _sum(said, evidence.ACCUSATIONS, evidence.ACCUSATION_WEIGHT, now, most=evidence.ACCUSATIONS_MAX)
    reports = [fact for fact in said if fact.kind == evidence.REPORTED]
    return accused + min(evidence.REPORTS_MAX, fsum(evidence.REPORT_WEIGHT * fact.word for fact in reports))


def _sum(
    facts: Iterable[Fact], kinds: Iterable[str], weight: float, now: datetime, *, most: float = float("inf")
) -> float:
    chosen = [fact for fact in facts if fact.kind in set(kinds)]
    return min(most, fsum(weight * fact.word * faded(fact.at, now, evidence.BAD_HALF_LIFE_D) for fact in chosen))


def faded(at: datetime, now: datetime, half_life_d: float) -> float:
    """2^(−age / half life); 1 for what has yet to come."""
    return float(2.0 ** (-max((now - at) / DAY, 0.0) / half_life_d))


def rests_until(facts: Iterable[Fact]) -> datetime | None:
    """Until when promotions and offers rest: after the third strike until a person retracts one (`FOREVER`)."""
    kept = set(facts)
    void = {fact.source for fact in kept if fact.kind == evidence.RETRACTED}
    strikes = sorted(fact.at for fact in kept if fact.kind == evidence.STRIKE and fact.source not in void)
    if len(strikes) > len(RESTS):
        return FOREVER
    return max((at + rest for at, rest in zip(strikes, RESTS, strict=False)), default=None)

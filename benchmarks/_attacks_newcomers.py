"""What newcomers get, and the bucket through which everybody sends: full allowance 5 a day, three days deep."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks._attacks_farms import by_contacts
from benchmarks._attacks_rivals import Score, shares
from benchmarks._attacks_town import KINDS, Floats, Ids, Net
from vetting import evidence, reputation

NEWCOMERS = 400
LOOKED_AT = (*range(1, 15), 17, 21, 25, 30, 45, 60)
"""Days since they came; between them the bucket fills evenly."""
SAVED_D = 30.0


@dataclass(frozen=True)
class Bucket:
    """Fills with `a_day · share` a day, up to what `days` bring, or up to `least` if 30 days bring that.

    The shipped one begins empty (`allowance.bucket`, `quotas.draw`): else each new account has one free.
    Whatever its depth, in the long run nobody sends more than `a_day · share` a day.
    """

    a_day: float = 5.0
    days: float = 3.0
    least: float = 1.0
    begins_full: bool = False

    def holds(self, share: Floats) -> Floats:
        rate = self.a_day * share
        return np.asarray(np.maximum(self.days * rate, np.minimum(self.least, SAVED_D * rate)))

    def begin(self, share: Floats) -> Floats:
        return self.holds(share) if self.begins_full else np.zeros(len(share))

    def fill(self, level: Floats, share: Floats, days: float = 1.0) -> Floats:
        """The level so many days later."""
        return np.asarray(np.minimum(self.holds(share), level + days * self.a_day * share))


SHIPPED = Bucket()
in_use = SHIPPED
"""A variant puts another one here."""


@dataclass(frozen=True)
class Served:
    """Of the newcomers: who got a first promotion within 60 days (`share`), and when the middle one of them did."""

    share: float
    days: float


def newcomers(
    net: Net, score: Score, chance: np.random.Generator, *, popular: bool = True, bucket: Bucket | None = None
) -> Served:
    """Newcomers with one to three confirmed contacts, all made on the first day.

    Contacts are chosen in proportion to how many those have already (`popular`), or anybody. The first allowance is
    there on the day when the bucket, untouched so far, comes to hold one.
    """
    bucket = bucket or in_use
    many = min(NEWCOMERS, net.members // 10)
    accounts = net.members + np.repeat(np.arange(many), chance.integers(1, 4, size=many))
    members = by_contacts(net, len(accounts), chance) if popular else _anybody(net, len(accounts), chance)
    w0, half_life = _kinds(len(accounts), chance)
    level, first = np.zeros(many), np.full(many, np.inf)
    for before, day in zip((0, *LOOKED_AT), LOOKED_AT, strict=False):
        weight = reputation.weigh(w0, half_life, np.full(len(accounts), float(day))).astype(np.float64)
        share = shares(score(net.joined(many, *net.contexts(accounts, members, weight))), net.members)[net.members :]
        level = bucket.holds(share) if bucket.begins_full else bucket.fill(level, share, day - before)
        first[(level >= 1) & np.isinf(first)] = day
    served = first[np.isfinite(first)]
    return Served(len(served) / many, float(np.median(served)) if len(served) else np.inf)


def members_served(net: Net, score: Score) -> float:
    """Share of the town's own members, anchors left out, whose bucket can hold one."""
    share = shares(score(net), net.members)[net.ordinary()]
    return float((in_use.holds(share) >= 1).mean())


def _anybody(net: Net, many: int, chance: np.random.Generator) -> Ids:
    return chance.choice(net.members, size=many, replace=False).astype(np.int64)


def _kinds(many: int, chance: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """w0 and half-life of contexts as often as in the town, confirmed ones only."""
    names = [kind for kind in KINDS if kind != evidence.ACCEPTED]
    odds = np.array([KINDS[name] for name in names])
    kinds = chance.choice(len(names), p=odds / odds.sum(), size=many)
    lends = [evidence.LENDS[name] for name in names]
    return np.array([one.w0 for one in lends])[kinds], np.array([one.half_life_d for one in lends])[kinds]

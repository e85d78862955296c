"""Slander: sybils, and some members with them, speak ill of one.

Conduct is judged by the shipped `vetting.conduct.bad` from the facts of the attack; what sybils and members say weighs
`reputation.word` of their points.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks._attacks_farms import with_farm
from benchmarks._attacks_rivals import Score, beta, shares
from benchmarks._attacks_town import Floats, Net
from vetting import conduct, evidence, reputation

NOW = datetime(2026, 11, 25, tzinfo=UTC)
SAID_AT = NOW - timedelta(days=8)
"""Before last Monday, so that it counts."""
SYBILS, EDGES, MEMBERS_TOO, VICTIMS = 300, 10, 10, 20
LITTLE_GOOD = 0.5
"""Good evidence of somebody with two confirmed contexts; an established member has 6, the most."""


@dataclass(frozen=True)
class Slander:
    """300 sybils behind so many attack edges, with ten members or without, say `kind` of somebody so well known."""

    kind: str
    members_too: bool = True
    good: float = reputation.GOOD_MAX
    edges: int = EDGES


CASES = {
    "reports, 300 sybils and 10 members": Slander(evidence.REPORTED),
    "not true, 300 sybils": Slander(evidence.NOT_TRUE, members_too=False),
    "not true, 300 sybils and 10 members": Slander(evidence.NOT_TRUE),
    "not true, 300 sybils behind 60 edges": Slander(evidence.NOT_TRUE, members_too=False, edges=60),
    "reports by both, of a hardly known": Slander(evidence.REPORTED, good=LITTLE_GOOD),
}
GATED = tuple(CASES)[:2]
"""The others may cost more by design: "not true" can be said only by people one asked, up to b = 12 (10/22 is left)."""


def slandered(net: Net, score: Score, case: Slander, chance: np.random.Generator) -> float:
    """What share of their allowance a victim keeps: the mean of twenty, each alone, at random and no anchor.

    A rival that knows no blame loses nothing; Beta counts each word of blame as one.
    """
    town = with_farm(net, "cliques", edges=case.edges, sybils=SYBILS, chance=chance)
    before = shares(score(town), net.members)
    chosen = chance.choice(net.ordinary(), size=VICTIMS, replace=False)
    kept = []
    for victim in chosen:
        accusers = np.arange(net.members, town.members)
        if case.members_too:
            others = chance.choice(np.delete(np.arange(net.members), victim), MEMBERS_TOO, replace=False)
            accusers = np.append(accusers, others)
        blame = float(len(accusers)) if score is beta else _blame(case.kind, before[accusers])
        kept.append(_kept(town, score, int(victim), case.good, blame) / max(before[victim], 1e-12))
    return float(np.mean(kept))


def _kept(town: Net, score: Score, victim: int, good: float, blame: float) -> float:
    """The victim's share afterwards; nobody else's conduct changed."""
    bad, earned = np.zeros(town.members), np.full(town.members, reputation.GOOD_MAX)
    bad[victim], earned[victim] = blame, good
    honest = town.members - SYBILS
    return float(shares(score(town.behaving(bad, earned)), honest)[victim])


def _blame(kind: str, standing: Floats) -> float:
    """b of somebody of whom each of these, whose share of a full standing is given, said `kind` once."""
    facts = [
        conduct.Fact(kind, f"member {place}", f"line {place}", SAID_AT, reputation.word(100 * share))
        for place, share in enumerate(standing)
    ]
    return conduct.bad(facts, NOW).total

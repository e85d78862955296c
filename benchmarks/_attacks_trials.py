"""Every attack under every system and seed, as rows of a table; and what the gates look at."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple
from zlib import crc32

import numpy as np

from benchmarks import _attacks_blame as blame
from benchmarks import _attacks_burners as burning
from benchmarks import _attacks_farms as farms
from benchmarks import _attacks_newcomers as joining
from benchmarks import _attacks_town as town
from benchmarks._attacks_rivals import SYSTEMS, Score
from benchmarks._attacks_town import Net
from vetting import evidence

MEMBERS, MEMBERS_OF_BURNERS, SEEDS = 20_000, 3_000, 5

Found = dict[str, float]
Trial = Callable[[Net, Score, Callable[[str], np.random.Generator]], Found]


@dataclass(frozen=True)
class Setup:
    """How large and how often; `anchors` and `lending` as in `_attacks_town.build`."""

    members: int = MEMBERS
    members_of_burners: int = MEMBERS_OF_BURNERS
    seeds: int = SEEDS
    anchors: float = 0.03
    lending: str = "none"
    systems: tuple[str, ...] = tuple(SYSTEMS)
    attacks: tuple[str, ...] = ()
    """All, if empty."""


class Cell(NamedTuple):
    """One row under one system: the mean over seeds, and the seed that is worst for the members."""

    mean: float
    worst: float


Table = dict[str, dict[str, Cell]]
"""Row → system → cell."""


class Gate(NamedTuple):
    """`figure` is the worst of those rows in the worst seed; it holds if it is at most (or at least) `bound`."""

    figure: str
    rows: str
    bound: float
    at_least: bool = False

    def value(self, table: Table) -> float:
        cells = [row["ours"].worst for name, row in table.items() if name.startswith(self.rows)]
        return min(cells) if self.at_least else max(cells)

    def holds(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound


GATES = (
    Gate("farm_per_edge", "farm: ", 2.0),
    Gate("ring_gain", "ring: ", 2.5),
    Gate("sold_vouch_per_day", "sold: one of 100", 0.1),
    Gate("slander_kept", "slander: ", 0.7, at_least=True),
    Gate("newcomers_with_allowance", "newcomers: with allowance", 0.85, at_least=True),
    Gate("burner_over_promoter", "burner: ", 1 / 3),
)
BETTER_HIGH = ("slander", "blame", "newcomers: with", "town")


def _farm(net: Net, score: Score, chance: Callable[[str], np.random.Generator]) -> Found:
    return {
        f"farm: {wiring}, {per_edge} an edge": farms.farm(net, score, wiring, per_edge, chance(wiring))
        for per_edge in farms.SYBILS_PER_EDGE
        for wiring in farms.WIRINGS
    }


def _ring(net: Net, score: Score, chance: Callable[[str], np.random.Generator]) -> Found:
    return {
        f"ring: of {size} {who}": farms.ring(net, score, size, who, chance(who))
        for who in ("newcomers", "members")
        for size in farms.RING_SIZES
    }


def _sold(net: Net, score: Score, chance: Callable[[str], np.random.Generator]) -> Found:
    found = {f"sold: one of {many}": farms.sold(net, score, many, chance("sold")) for many in farms.SOLD}
    return found | {"top seller: one of 100": farms.sold(net, score, 100, chance("top"), top=True)}


def _server(net: Net, score: Score, chance: Callable[[str], np.random.Generator]) -> Found:
    struck = farms.server(net, score, chance("server"), strikes=evidence.LIABILITY_MAX)
    return {"server: 1000 accounts": farms.server(net, score, chance("server")), "server: after strikes": struck}


def _slander(net: Net, score: Score, chance: Callable[[str], np.random.Generator]) -> Found:
    return {
        f"{'slander' if name in blame.GATED else 'blame'}: {name}": blame.slandered(net, score, case, chance(name))
        for name, case in blame.CASES.items()
    }


def _newcomers(net: Net, score: Score, chance: Callable[[str], np.random.Generator]) -> Found:
    first = joining.newcomers(net, score, chance("newcomers"))
    plain = joining.newcomers(net, score, chance("newcomers"), popular=False)
    at_20 = joining.newcomers(net, score, chance("newcomers"), bucket=joining.Bucket(a_day=20))
    return {
        "town: with allowance": joining.members_served(net, score),
        "newcomers: with allowance": first.share,
        "newcomers: days until then": first.days,
        "newcomers: with, contacts anybody": plain.share,
        "newcomers: with, at 20 a day": at_20.share,
        "newcomers: days, at 20 a day": at_20.days,
    }


def _burners(net: Net, score: Score, chance: Callable[[str], np.random.Generator]) -> Found:
    found = burning.burners(net, score, chance("burners"))
    return {f"burner: contacts an account: {k}": ratio for k, ratio in found.items()}


TRIALS: Mapping[str, Trial] = {
    "farm": _farm,
    "ring": _ring,
    "sold": _sold,
    "server": _server,
    "slander": _slander,
    "newcomers": _newcomers,
    "burners": _burners,
}


def measure(setup: Setup, say: Callable[[str], None] = lambda _words: None) -> Table:
    """Runs the attacks; each seed has a town of its own, the same one for every system."""
    found: dict[tuple[str, str], list[float]] = {}
    for seed in range(1, setup.seeds + 1):
        say(f"seed {seed} of {setup.seeds} …")
        for attack in setup.attacks or TRIALS:
            members = setup.members_of_burners if attack == "burners" else setup.members
            net = town.build(members, chance_of(seed, "town"), anchors=setup.anchors, lending=setup.lending)
            for system in setup.systems:
                rows = TRIALS[attack](net, SYSTEMS[system], partial(chance_of, seed))
                for row, value in rows.items():
                    found.setdefault((row, system), []).append(value)
    return _table(found)


def failures(table: Table) -> list[str]:
    """The gates that do not hold, each with its value; gates whose attack was not run are left out."""
    ran = [gate for gate in GATES if any(row.startswith(gate.rows) for row in table)]
    return [gate.figure for gate in ran if not gate.holds(gate.value(table))]


def values(table: Table) -> dict[str, float]:
    """Figure → value, for the gates whose attack was run."""
    return {gate.figure: gate.value(table) for gate in GATES if any(row.startswith(gate.rows) for row in table)}


def chance_of(seed: int, purpose: str) -> np.random.Generator:
    """The same numbers for every system."""
    return np.random.default_rng((seed, crc32(purpose.encode())))


def _table(found: Mapping[tuple[str, str], Iterable[float]]) -> Table:
    table: Table = {}
    for (row, system), numbers in found.items():
        each = np.array(list(numbers))
        worst = each.min() if row.startswith(BETTER_HIGH) else each.max()
        table.setdefault(row, {})[system] = Cell(float(each.mean()), float(worst))
    return table

"""Other numbers for the model, measured in the same harness (`--variant`); faults a gate must see (`--plant`)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks import _attacks_burners as burning
from benchmarks import _attacks_newcomers as joining
from vetting import reputation

Setting = tuple[object, str, Any]


@dataclass(frozen=True)
class Change:
    """What is set while it is made, (module, name, value), and how the town differs (`_attacks_town.build`)."""

    says: str
    sets: tuple[Setting, ...] = ()
    anchors: float = 0.03
    lending: str = "none"

    @contextmanager
    def made(self) -> Iterator[None]:
        with ExitStack() as undone:
            for where, name, value in self.sets:
                undone.enter_context(patch.object(where, name, value))
            yield


def _numbers(says: str, **values: float) -> Change:
    """Other constants of `vetting.reputation`."""
    return Change(says, tuple((reputation, name, value) for name, value in values.items()))


def _bucket(says: str, **values: Any) -> Change:
    return Change(says, ((joining, "in_use", replace(joining.SHIPPED, **values)),))


def _together(says: str, *changes: Change) -> Change:
    return Change(says, tuple(one for change in changes for one in change.sets))


def _linear(points: float) -> float:
    return max(0.0, min(1.0, points / 100))


_SHORT = _numbers("k = 0.5 w / max(5, W)", DAMPING=0.5, OUTFLOW_MIN=5.0)
_WORD = Change("praise and blame weigh min(1, points / 100)", ((reputation, "word", _linear),))
_THREE = _bucket("the bucket begins full and is 3 days deep for everybody", least=0.0, begins_full=True)

VARIANTS = {
    "shipped": Change("as shipped"),
    "damping-50": _numbers("one hop passes on at most 0.5", DAMPING=0.5),
    "damping-70": _numbers("one hop passes on at most 0.7", DAMPING=0.7),
    "damping-80": _numbers("one hop passes on at most 0.8", DAMPING=0.8),
    "outflow-5": _numbers("a word is divided by at least 5", OUTFLOW_MIN=5.0),
    "outflow-8": _numbers("a word is divided by at least 8", OUTFLOW_MIN=8.0),
    "outflow-15": _numbers("a word is divided by at least 15", OUTFLOW_MIN=15.0),
    "short": _SHORT,
    "short-8": _numbers("k = 0.5 w / max(8, W)", DAMPING=0.5, OUTFLOW_MIN=8.0),
    "short-40": _numbers("k = 0.4 w / max(4, W)", DAMPING=0.4, OUTFLOW_MIN=4.0),
    "pair-1": _numbers("at most 1 for a pair", PAIR_MAX=1.0),
    "pair-2": _numbers("at most 2 for a pair", PAIR_MAX=2.0),
    "maturing-3": _numbers("a new word counts half after 3 days", MATURING_D=3.0),
    "maturing-14": _numbers("a new word counts half after 14 days", MATURING_D=14.0),
    "anchors-1": Change("1 % anchors", anchors=0.01),
    "anchors-5": Change("5 % anchors", anchors=0.05),
    "anchors-lend-all": Change("anchors lend by contact as all do", lending="all"),
    "anchors-lend-lent": Change("anchors lend by contact what others lent to them", lending="lent"),
    "word-linear": _WORD,
    "bucket-3": _THREE,
    "bucket-7": _bucket("the bucket begins full and is 7 days deep", days=7.0, least=0.0, begins_full=True),
    "bucket-12": _bucket("the bucket begins full and is 12 days deep", days=12.0, least=0.0, begins_full=True),
    "specification": _together("reputation.md to the letter: word-linear and bucket-3", _WORD, _THREE),
}


def _uncounted(members: int, *words: Any) -> Any:
    """The shipped kernel, but as if W counted at most 30: a seller's word is not divided any further."""
    links, outflow = _KERNEL(members, *words)
    least = reputation.OUTFLOW_MIN
    links.data *= (np.maximum(least, outflow) / np.clip(outflow, least, 30.0)).astype(np.float32)[links.indices]
    return links, outflow


_KERNEL: Callable[..., Any] = reputation.kernel

PLANTS = {
    "damping": _numbers("one hop passes on nearly everything", DAMPING=0.95),
    "minimum": _numbers("there is no minimum of the outflow", OUTFLOW_MIN=0.01),
    "uncounted": Change("W counts at most 30", ((reputation, "kernel", _uncounted),)),
    "word": Change("everybody's word weighs 1", ((reputation, "word", lambda _points: 1.0),)),
    "maturity": _numbers("words take years to mature", MATURING_D=5000.0),
    "unmoderated": Change(
        "nobody decides about reports", ((burning, "HELD_FROM", np.inf), (burning, "DECIDED_AFTER_D", np.inf))
    ),
}
CAUGHT = {
    "damping": ("farm_per_edge", "ring_gain"),
    "minimum": ("farm_per_edge",),
    "uncounted": ("sold_vouch_per_day",),
    "word": ("slander_kept",),
    "maturity": ("newcomers_with_allowance",),
    "unmoderated": ("burner_over_promoter",),
}
"""The gates that each fault must make fail."""

"""Limits for what comes often: Redis is asked once for twenty tries, which a process then hands out by itself.

So a limit is met to within a handful a process. It fails closed like every limit that guards security (ratelimit.py).
"""

import time
from datetime import timedelta

from foundation import clock, ratelimit
from foundation.ratelimit import TooMany

HANDFUL = 20
NAMES_MAX = 10_000
"""Names a process remembers; beyond that it forgets all of them and asks anew (federation.md, 33)."""
_NONE_LEFT = -1

_in_hand: dict[tuple[str, str], tuple[int, float]] = {}


def hit(what: str, who: str, *, limit: int, per_s: int) -> None:
    """`ratelimit.hit`, by handfuls. Once refused, Redis is not asked again before the window ends: a flood is cheap.

    Raises `TooMany`; `NotNow` without Redis.
    """
    name, now = (what, who), time.monotonic()
    left, ends = _in_hand.get(name, (0, 0.0))
    if ends <= now or left == 0:
        left, ends = _take(what, who, limit, per_s)
    if len(_in_hand) >= NAMES_MAX:
        _in_hand.clear()
    _in_hand[name] = (left - 1 if left > 0 else _NONE_LEFT, ends)
    if left <= 0:
        raise TooMany(again_at=clock.now() + timedelta(seconds=max(ends - now, 0)))


def forget() -> None:
    """What this process has in hand is given up."""
    _in_hand.clear()


def _take(what: str, who: str, limit: int, per_s: int) -> tuple[int, float]:
    """How many tries there are for this process, and until when by its own clock."""
    counted, left_s = ratelimit.count(what, who, HANDFUL, per_s)
    return max(0, min(HANDFUL, limit - (counted - HANDFUL))), time.monotonic() + left_s

"""Limits for what comes often: Redis is asked once for twenty tries, which a process then hands out by itself.

So a limit is met to within a handful a process. It fails closed like every limit that guards security (ratelimit.py).
"""

import time
from collections.abc import Mapping
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
    name = (what, who)
    if not _at_hand(name):
        fetch({name: limit}, per_s=per_s)
    left, ends = _in_hand.get(name, (0, 0.0))
    _in_hand[name] = (left - 1 if left > 0 else _NONE_LEFT, ends)
    if left <= 0:
        raise TooMany(again_at=clock.now() + timedelta(seconds=max(ends - time.monotonic(), 0)))


def fetch(limits: Mapping[tuple[str, str], int], *, per_s: int) -> None:
    """Of what is not at hand by name (what and who) a handful is, if its limit has one left; Redis is asked once.

    Raises `NotNow` without Redis.
    """
    wanted = [name for name in limits if not _at_hand(name)]
    if not wanted:
        return
    if len(_in_hand) + len(wanted) > NAMES_MAX:
        _in_hand.clear()
    for name, (counted, left_s) in zip(wanted, ratelimit.count_each(wanted, HANDFUL, per_s), strict=True):
        free = limits[name] - (counted - HANDFUL)
        _in_hand[name] = (max(0, min(HANDFUL, free)), time.monotonic() + left_s)


def forget() -> None:
    """What this process has in hand is given up."""
    _in_hand.clear()


def _at_hand(name: tuple[str, str]) -> bool:
    left, ends = _in_hand.get(name, (0, 0.0))
    return left != 0 and ends > time.monotonic()

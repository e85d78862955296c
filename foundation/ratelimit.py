"""Limits that guard security, counted in Redis. They fail closed: no Redis, no entry (security.md, decision 6)."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import timedelta
from typing import cast

import redis
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation import clock, redis_door
from foundation.refusals import NotNow, TooOften

# Count and expiry in one step, so that no counter can be left without an end.
_HIT = """
local count = redis.call('INCRBY', KEYS[1], ARGV[2])
if count == tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}
"""


class TooMany(TooOften):
    code = "too-many-tries"
    message = _("That was too often. Please wait a little and try again.")


def hit(what: str, who: str, *, limit: int, per_s: int) -> None:
    """Count one try of `what` by `who`; more than `limit` in a window of `per_s` seconds raises `TooMany`.

    `who` (an address, an account) is stored as a keyed hash only. Without Redis this raises `NotNow`.
    """
    counted, left_s = count(what, who, 1, per_s)
    if counted > limit:
        raise TooMany(again_at=clock.now() + timedelta(seconds=left_s))


def count(what: str, who: str, tries: int, per_s: int) -> tuple[int, float]:
    """How many tries there are in this window with these, and the seconds until it ends. Raises `NotNow`."""
    return count_each([(what, who)], tries, per_s)[0]


def count_each(names: Sequence[tuple[str, str]], tries: int, per_s: int) -> list[tuple[int, float]]:
    """`count` for each of these, in one round trip. Raises `NotNow`."""
    line = redis_door.client().pipeline(transaction=False)
    for what, who in names:
        line.eval(_HIT, 1, _key(what, who), str(per_s * 1000), str(tries))
    try:
        answers = cast(list[tuple[int, int]], line.execute())
    except redis.RedisError:
        raise NotNow from None
    return [(counted, max(left_ms, 0) / 1000) for counted, left_ms in answers]


def _key(what: str, who: str) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{what}:{who}".encode(), hashlib.sha256).hexdigest()
    return f"limit:{what}:{digest[:32]}"

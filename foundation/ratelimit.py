"""Limits that guard security, counted in Redis. They fail closed: no Redis, no entry (security.md, decision 6)."""

import hashlib
import hmac
from datetime import timedelta
from typing import cast

import redis
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation import clock, redis_door
from foundation.refusals import NotNow, TooOften

# Count and expiry in one step, so that no counter can be left without an end.
_HIT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}
"""


class TooMany(TooOften):
    code = "too-many-tries"
    message = _("That was too often. Please wait a little and try again.")


def hit(what: str, who: str, *, limit: int, per_s: int) -> None:
    """Count one try of `what` by `who`; more than `limit` in a window of `per_s` seconds raises `TooMany`.

    `who` (an address, an account) is stored as a keyed hash only. Without Redis this raises `NotNow`.
    """
    try:
        answer = redis_door.client().eval(_HIT, 1, _key(what, who), str(per_s * 1000))
    except redis.RedisError:
        raise NotNow from None
    count, left_ms = cast(tuple[int, int], answer)
    if count > limit:
        raise TooMany(again_at=clock.now() + timedelta(milliseconds=max(left_ms, 0)))


def _key(what: str, who: str) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{what}:{who}".encode(), hashlib.sha256).hexdigest()
    return f"limit:{what}:{digest[:32]}"

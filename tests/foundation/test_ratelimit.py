"""Security limits fail closed."""

import time
from typing import Any

import pytest

from foundation import clock, ratelimit, redis_door
from foundation.ratelimit import TooMany
from foundation.refusals import NotNow


@pytest.fixture(autouse=True)
def fresh() -> None:
    redis_door.client().flushdb()


def test_the_fourth_of_three_is_refused_and_told_when_again() -> None:
    for _ in range(3):
        ratelimit.hit("sign-in", "ada@example.org", limit=3, per_s=60)
    with pytest.raises(TooMany) as refusal:
        ratelimit.hit("sign-in", "ada@example.org", limit=3, per_s=60)

    assert refusal.value.again_at is not None
    assert 0 < (refusal.value.again_at - clock.now()).total_seconds() <= 60


def test_a_window_ends() -> None:
    ratelimit.hit("sign-in", "ada", limit=1, per_s=1)
    time.sleep(1.05)
    ratelimit.hit("sign-in", "ada", limit=1, per_s=1)
    with pytest.raises(TooMany):
        ratelimit.hit("sign-in", "ada", limit=1, per_s=1)


def test_others_are_counted_apart() -> None:
    for who in ("ada", "bo"):
        ratelimit.hit("sign-in", who, limit=1, per_s=60)
    ratelimit.hit("sign-up", "ada", limit=1, per_s=60)
    with pytest.raises(TooMany):
        ratelimit.hit("sign-up", "ada", limit=1, per_s=60)


def test_forty_at_once_pass_ten(at_once: Any) -> None:
    def knock(_number: int) -> bool:
        try:
            ratelimit.hit("sign-in", "mallory", limit=10, per_s=60)
        except TooMany:
            return False
        return True

    assert sum(at_once(40, knock)) == 10


def test_who_it_was_is_not_written_in_redis() -> None:
    ratelimit.hit("sign-in", "ada@example.org", limit=3, per_s=60)

    assert not list(redis_door.client().scan_iter("*ada*"))


@pytest.mark.usefixtures("redis_is_gone")
def test_without_redis_nobody_passes() -> None:
    with pytest.raises(NotNow):
        ratelimit.hit("sign-in", "ada", limit=1000, per_s=60)

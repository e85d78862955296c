"""What comes often is counted by handfuls, and still limited."""

import pytest

from foundation import clock, handfuls, redis_door
from foundation.ratelimit import TooMany
from foundation.refusals import NotNow


@pytest.fixture(autouse=True)
def fresh() -> None:
    redis_door.client().flushdb()
    handfuls.forget()


def passed(tries: int, limit: int, who: str = "two.example") -> int:
    """How many of these tries were let pass."""
    through = 0
    for _ in range(tries):
        try:
            handfuls.hit("inbox", who, limit=limit, per_s=60)
        except TooMany:
            continue
        through += 1
    return through


@pytest.mark.parametrize("limit", [0, 1, 19, 20, 21, 50])
def test_one_process_lets_exactly_the_limit_pass(limit: int) -> None:
    assert passed(80, limit) == limit


def test_another_process_gets_only_what_is_left() -> None:
    assert passed(10, 30) == 10
    handfuls.forget()  # another process has nothing in hand: it takes the rest, ten of which the first one holds

    assert passed(80, 30) == 10


def test_others_are_counted_apart() -> None:
    assert passed(5, 3, "one.example") == passed(5, 3, "two.example") == 3


def test_who_is_refused_is_told_when_again_and_costs_nothing_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    assert passed(2, 1) == 1
    monkeypatch.setattr(redis_door, "client", lambda: pytest.fail("asked again"))
    with pytest.raises(TooMany) as refusal:
        handfuls.hit("inbox", "two.example", limit=1, per_s=60)

    assert refusal.value.again_at is not None
    assert 0 < (refusal.value.again_at - clock.now()).total_seconds() <= 60


def test_what_is_remembered_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handfuls, "NAMES_MAX", 10)
    for number in range(50):
        handfuls.hit("inbox", f"{number}.example", limit=1, per_s=60)

    assert len(handfuls._in_hand) <= 10


@pytest.mark.usefixtures("redis_is_gone")
def test_without_redis_nobody_passes() -> None:
    with pytest.raises(NotNow):
        handfuls.hit("inbox", "two.example", limit=1000, per_s=60)

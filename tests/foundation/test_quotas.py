"""A limited thing is spent exactly as often as there are of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from foundation import clock, quotas
from foundation.quotas import BucketEmpty, QuotaSpent

MONDAY = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)
TUESDAY = datetime(2026, 5, 5, 0, 30, tzinfo=UTC)


def try_to_spend(limit: int = 1) -> bool:
    try:
        quotas.spend("requests", "ada", limit=limit)
    except QuotaSpent:
        return False
    return True


@pytest.mark.django_db(transaction=True, available_apps=["foundation"])
def test_fifty_at_once_spend_one(at_once: Any) -> None:
    assert sum(at_once(50, lambda _number: try_to_spend())) == 1


@pytest.mark.django_db(transaction=True, available_apps=["foundation"])
def test_a_rollback_gives_it_back() -> None:
    with transaction.atomic():
        quotas.spend("requests", "ada", limit=1)
        transaction.set_rollback(True)

    assert quotas.used("requests", "ada") == 0
    assert try_to_spend()


@pytest.mark.django_db
def test_the_next_utc_day_refills() -> None:
    with clock.at(MONDAY):
        assert try_to_spend()
        with pytest.raises(QuotaSpent) as refusal:
            quotas.spend("requests", "ada", limit=1)
    assert refusal.value.again_at == datetime(2026, 5, 5, tzinfo=UTC)
    assert "1" in str(refusal.value)
    with clock.at(TUESDAY):
        assert try_to_spend()


@pytest.mark.django_db
def test_a_window_of_seven_days_lasts_seven_days() -> None:
    days = [datetime(2026, 5, day, tzinfo=UTC) for day in range(1, 29)]
    spent = 0
    for day in days:
        with clock.at(day):
            try:
                quotas.spend("pages", "ada", limit=1, days=7)
                spent += 1
            except QuotaSpent:
                assert quotas.used("pages", "ada", days=7) == 1
    assert spent in {4, 5}


@pytest.mark.django_db
def test_others_and_other_things_are_counted_apart() -> None:
    assert try_to_spend()
    quotas.spend("requests", "bo", limit=1)
    quotas.spend("pages", "ada", limit=1)
    quotas.spend("requests", "ada", limit=1, days=7)


@pytest.mark.django_db
def test_a_limit_of_nothing_allows_nothing() -> None:
    assert not try_to_spend(limit=0)
    assert not try_to_spend(limit=-1)


LONG_AGO = MONDAY - timedelta(days=1000)


def draw(level: float = 1, a_day: float = 1, *, now: datetime = MONDAY) -> bool:
    """One of what fills with `a_day` up to `level`."""
    try:
        quotas.draw("offers", "ada", a_day=a_day, holds=level, since=LONG_AGO, now=now)
    except BucketEmpty:
        return False
    return True


@pytest.mark.django_db(transaction=True, available_apps=["foundation"])
@pytest.mark.parametrize("began", [True, False], ids=["drawn from before", "new"])
def test_fifty_at_once_draw_the_one_that_is_there(began: bool, at_once: Any) -> None:
    if began:
        assert draw(2)
        assert sum(at_once(50, lambda _number: draw(2))) == 1
    else:
        assert sum(at_once(50, lambda _number: draw(1.9))) == 1


@pytest.mark.django_db
def test_a_drawn_one_that_is_rolled_back_is_there_again() -> None:
    with transaction.atomic():
        assert draw()
        assert not draw()
        transaction.set_rollback(True)

    assert draw()


@pytest.mark.django_db
def test_a_bucket_that_never_holds_one_never_gives_one_and_says_so() -> None:
    for days in (0, 1, 100_000):
        with pytest.raises(BucketEmpty) as refusal:
            quotas.draw("offers", "ada", a_day=0.9, holds=0.999, since=LONG_AGO, now=MONDAY + timedelta(days=days))
        assert refusal.value.again_at is None


@pytest.mark.django_db
def test_a_bucket_fills_evenly_to_the_brim_and_no_further() -> None:
    assert [draw(2) for _time in range(3)] == [True, True, False]
    with pytest.raises(BucketEmpty) as refusal:
        quotas.draw("offers", "ada", a_day=1, holds=2, since=LONG_AGO, now=MONDAY + timedelta(hours=6))
    assert refusal.value.again_at == MONDAY + timedelta(days=1)

    year = MONDAY + timedelta(days=365)
    assert quotas.in_bucket("offers", "ada", a_day=1, holds=2, since=LONG_AGO, now=year) == 2
    assert [draw(2, now=year) for _time in range(3)] == [True, True, False]


@pytest.mark.django_db
def test_a_clock_that_goes_back_gives_nothing() -> None:
    assert draw(1)

    assert not draw(1, now=MONDAY - timedelta(days=10))
    assert not draw(1, now=MONDAY + timedelta(hours=23))
    assert draw(1, now=MONDAY + timedelta(days=1, seconds=1))


@pytest.mark.django_db
def test_an_emptied_bucket_fills_up_from_then() -> None:
    quotas.empty("offers", "ada", now=MONDAY)
    quotas.empty("offers", "ada", now=MONDAY)

    assert not draw(3)
    assert quotas.in_bucket("offers", "ada", a_day=1, holds=3, since=LONG_AGO, now=MONDAY + timedelta(hours=12)) == 0.5
    assert quotas.in_bucket("offers", "bo", a_day=1, holds=3, since=LONG_AGO, now=MONDAY) == 3


@pytest.mark.django_db
def test_a_bucket_never_drawn_from_has_been_filling_since_its_beginning() -> None:
    began = MONDAY - timedelta(days=1, hours=12)

    assert quotas.in_bucket("offers", "ada", a_day=1, holds=3, since=began, now=MONDAY) == 1.5
    quotas.draw("offers", "ada", a_day=1, holds=3, since=began, now=MONDAY)
    with pytest.raises(quotas.BucketEmpty):
        quotas.draw("offers", "ada", a_day=1, holds=3, since=began, now=MONDAY)
    assert quotas.in_bucket("offers", "bo", a_day=1, holds=3, since=MONDAY, now=MONDAY) == 0

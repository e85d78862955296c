"""A limited thing is spent exactly as often as there are of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from foundation import clock, quotas
from foundation.quotas import QuotaSpent

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

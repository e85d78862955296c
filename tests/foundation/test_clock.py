"""The one source of now."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from foundation import clock

NEW_YEAR = datetime(2001, 1, 1, tzinfo=UTC)


def test_now_moves_and_is_aware() -> None:
    before = datetime.now(UTC)

    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().tzinfo is UTC


def test_blocks_nest_and_end_also_by_an_error() -> None:
    with clock.at(NEW_YEAR):
        with pytest.raises(ZeroDivisionError), clock.at(NEW_YEAR + timedelta(days=1)):
            raise_on(date(2001, 1, 2))
        assert clock.now() == NEW_YEAR
    assert clock.now() > NEW_YEAR


def raise_on(day: date) -> None:
    assert clock.today() == day
    raise ZeroDivisionError


def test_today_is_the_utc_date() -> None:
    with clock.at(datetime(2001, 1, 1, 1, tzinfo=timezone(timedelta(hours=9)))):
        assert clock.today() == date(2000, 12, 31)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"), clock.at(datetime(2001, 1, 1)):  # noqa: DTZ001
        pass

"""When a digest comes: at the member's hour, on their days, where they live."""

from datetime import UTC, datetime

import pytest

from network.notices import moments

WEEK = {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("after", "hour", "days", "zone", "comes"),
    [
        ("2026-11-25 06:59", 8, WEEK, "Europe/Berlin", "2026-11-25 07:00"),
        ("2026-11-25 07:00", 8, WEEK, "Europe/Berlin", "2026-11-26 07:00"),  # exactly then is over
        ("2026-11-27 12:00", 8, WEEK, "Europe/Berlin", "2026-11-30 07:00"),  # Friday to Monday
        ("2026-11-25 12:00", 8, {2}, "Europe/Berlin", "2026-12-02 07:00"),  # the same day a week on
        ("2026-11-25 23:30", 0, WEEK, "Pacific/Auckland", "2026-11-26 11:00"),  # it is the 26th there already
        ("2026-11-25 03:00", 20, WEEK, "America/Los_Angeles", "2026-11-25 04:00"),  # and here still the 24th
        ("2026-03-28 12:00", 2, {6}, "Europe/Berlin", "2026-03-29 01:00"),  # that hour is skipped: one later
        ("2026-10-24 12:00", 2, {6}, "Europe/Berlin", "2026-10-25 00:00"),  # it strikes twice: the first
        ("2026-07-01 12:00", 8, WEEK, "Europe/Berlin", "2026-07-02 06:00"),  # in summer
    ],
)
def test_the_digest_comes_at_that_hour_there(after: str, hour: int, days: set[int], zone: str, comes: str) -> None:
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert moments.next_digest(moment, hour=hour, days=days, zone=zone) == datetime.fromisoformat(comes).replace(
        tzinfo=UTC
    )


def test_a_digest_without_a_day_never_comes() -> None:
    with pytest.raises(ValueError, match="day"):
        moments.next_digest(datetime(2026, 11, 25, tzinfo=UTC), hour=8, days=set(), zone="UTC")

"""When a digest comes. Pure."""

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def next_digest(after: datetime, *, hour: int, days: Collection[int], zone: str) -> datetime:
    """The first moment later than `after` at which it is `hour` o'clock on one of `days` (0 is Monday) in `zone`.

    Where the clock skips that hour, one hour later; where it strikes it twice, the first time.
    """
    there = ZoneInfo(zone)
    today = after.astimezone(there).date()
    for ahead in range(9):  # a week, and a day more where today's hour is over
        day = today + timedelta(days=ahead)
        moment = datetime.combine(day, time(hour), there).astimezone(UTC)
        if day.weekday() in days and moment > after:
            return moment
    raise ValueError("a digest needs a day of the week")

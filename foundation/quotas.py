"""Count and spend a limited thing: so many in a window of UTC days, or from a bucket that fills up evenly.

A window begins anew at its first midnight; a bucket never does.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.models import Bucket, Quota
from foundation.refusals import TooOften

_SPEND = """
INSERT INTO foundation_quota AS quota (what, holder, days, since, used)
VALUES (%(what)s, %(holder)s, %(days)s, %(since)s, 1)
ON CONFLICT (what, holder, days, since) DO UPDATE SET used = quota.used + 1 WHERE quota.used < %(limit)s
RETURNING used
"""

_DRAW = """
INSERT INTO foundation_bucket AS bucket (what, holder, level, filled_at)
SELECT %(what)s, %(holder)s, %(first)s - 1, %(now)s WHERE %(first)s >= 1
ON CONFLICT (what, holder) DO UPDATE SET
    level = least(%(holds)s, bucket.level + %(a_s)s * greatest(extract(epoch FROM %(now)s - bucket.filled_at), 0)) - 1,
    filled_at = greatest(bucket.filled_at, %(now)s)
WHERE least(%(holds)s, bucket.level + %(a_s)s * greatest(extract(epoch FROM %(now)s - bucket.filled_at), 0)) >= 1
RETURNING level
"""


class QuotaSpent(TooOften):
    code = "quota-spent"
    message = _("That was the last of your %(limit)d for now. You will have more from %(again_at)s.")


class BucketEmpty(TooOften):
    """`again_at` is when it will hold one; None if it never holds a whole one."""

    code = "bucket-empty"
    message = _("Nothing is left for now.")


def spend(what: str, holder: str, *, limit: int, days: int = 1) -> None:
    """Take one of `limit` that `holder` has of `what` in this window of `days`, or raise `QuotaSpent`.

    One statement is both the check and the count, so two at once cannot share the last one. Call it inside
    the transaction that stores what it pays for: a rollback gives it back.
    """
    since = window(days)
    values: dict[str, Any] = {"what": what, "holder": holder, "days": days, "since": since, "limit": limit}
    if limit > 0:
        with connection.cursor() as cursor:
            cursor.execute(_SPEND, values)
            if cursor.fetchone():
                return
    raise QuotaSpent(limit=limit, again_at=datetime.combine(since + timedelta(days=days), time(), tzinfo=UTC))


def used(what: str, holder: str, *, days: int = 1) -> int:
    """How many `holder` has spent of `what` in this window of `days`."""
    rows = Quota.objects.filter(what=what, holder=holder, days=days, since=window(days))
    return rows.values_list("used", flat=True).first() or 0


def draw(what: str, holder: str, *, a_day: float, holds: float, since: datetime, now: datetime) -> None:
    """Take one from the bucket, which fills with `a_day` a day up to `holds`, or raise `BucketEmpty`.

    A bucket never drawn from has been filling `since` that moment. One UPDATE fills, checks and takes, so two at once
    cannot share the last one. Call it inside the transaction that stores what it pays for: a rollback gives it back.
    """
    first = _filled(0.0, since, a_day=a_day, holds=holds, now=now)
    values: dict[str, Any] = {"what": what, "holder": holder, "a_s": a_day / 86_400, "holds": holds, "now": now}
    values["first"] = first
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, values)
        if cursor.fetchone():
            return
    missing = 1 - in_bucket(what, holder, a_day=a_day, holds=holds, since=since, now=now)
    raise BucketEmpty(again_at=now + timedelta(days=missing / a_day) if holds >= 1 else None)


def in_bucket(what: str, holder: str, *, a_day: float, holds: float, since: datetime, now: datetime) -> float:
    """What the bucket holds now."""
    kept = Bucket.objects.filter(what=what, holder=holder).first()
    level, filled_at = (kept.level, kept.filled_at) if kept else (0.0, since)
    return _filled(level, filled_at, a_day=a_day, holds=holds, now=now)


def _filled(level: float, filled_at: datetime, *, a_day: float, holds: float, now: datetime) -> float:
    return min(holds, level + a_day * max((now - filled_at) / timedelta(days=1), 0.0))


def empty(what: str, holder: str, *, now: datetime) -> None:
    """The bucket holds nothing now and fills up from here."""
    Bucket.objects.update_or_create(what=what, holder=holder, defaults={"level": 0.0, "filled_at": now})


def kept(what: str, holder: str) -> tuple[float, datetime] | None:
    """The bucket as its row holds it, for `put_back`: level, and moment of that level. None: never drawn from."""
    return Bucket.objects.filter(what=what, holder=holder).values_list("level", "filled_at").first()


def put_back(what: str, holder: str, before: tuple[float, datetime] | None, *, emptied: Collection[datetime]) -> None:
    """The bucket is as if it had not been emptied at those moments: untouched since, exactly as `before`.

    What was drawn since stays drawn: then the level of before is added.
    """
    rows = Bucket.objects.filter(what=what, holder=holder)
    untouched = rows.filter(level=0.0, filled_at__in=list(emptied))
    if before is None:
        untouched.delete()
    elif not untouched.update(level=before[0], filled_at=before[1]):
        rows.update(level=F("level") + before[0])


def window(days: int) -> date:
    """The first day of the window of `days` that holds today; windows are counted from 0001-01-01."""
    today = clock.today()
    return today - timedelta(days=today.toordinal() % days)

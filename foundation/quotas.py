"""Count and spend a limited thing. Days are UTC; a window begins anew at its first midnight."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.models import Quota
from foundation.refusals import TooOften

_SPEND = """
INSERT INTO foundation_quota AS quota (what, holder, days, since, used)
VALUES (%(what)s, %(holder)s, %(days)s, %(since)s, 1)
ON CONFLICT (what, holder, days, since) DO UPDATE SET used = quota.used + 1 WHERE quota.used < %(limit)s
RETURNING used
"""


class QuotaSpent(TooOften):
    code = "quota-spent"
    message = _("That was the last of your %(limit)d for now. You will have more from %(again_at)s.")


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


def window(days: int) -> date:
    """The first day of the window of `days` that holds today; windows are counted from 0001-01-01."""
    today = clock.today()
    return today - timedelta(days=today.toordinal() % days)

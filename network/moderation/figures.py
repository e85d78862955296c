"""What the public page says of a year of moderation (DSA Art. 15 and 24). No number betrays a person.

Counts are rounded to fives, those under five are not told, zero among them, so that no cell can be had by subtracting
others; the running year goes to the end of the last month, so that nothing that happens today moves a number today.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.refusals import NotThere
from network.moderation.models import (
    Appeal,
    AppealState,
    Case,
    CaseKind,
    Effect,
    Freeze,
    Ground,
    Report,
    Reversal,
    State,
)

FEWEST = 5
Row = tuple[str | Promise, int | None]
_MEDIAN = """
SELECT count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY decided_at::date - opened_at::date)
FROM moderation_case WHERE kind = 'report' AND decided_at >= %s AND decided_at < %s
"""


class NoSuchYear(NotThere):
    code = "no-such-year"


@dataclass(frozen=True)
class Year:
    """Rows are (words, about how many; None: fewer than five). `until`: what came later is not counted.

    `median_days`: from the first report to the decision, in days; None under five decisions.
    """

    number: int
    until: datetime
    reports: list[Row]
    decisions: list[Row]
    grounds: list[Row]
    appeals: list[Row]
    median_days: int | None


def years() -> list[int]:
    """Those that can be shown, newest first: from the first report on."""
    first = Report.objects.order_by("at").values_list("at", flat=True).first()
    this = _last_month().year
    return list(range(this, min(first.year if first else this, this) - 1, -1))


def of_year(number: int) -> Year:
    """Raises `NoSuchYear`."""
    if number not in years():
        raise NoSuchYear
    begin, end = datetime(number, 1, 1, tzinfo=UTC), min(datetime(number + 1, 1, 1, tzinfo=UTC), _last_month())
    within = (begin, end)
    return Year(
        number=number,
        until=end,
        reports=_reports(_in(Report.objects.all(), "at", within)),
        decisions=_decisions(within),
        grounds=_grounds(within),
        appeals=_appeals(_in(Appeal.objects.all(), "decided_at", within)),
        median_days=_median(within),
    )


def about(count: int) -> int | None:
    """Rounded to fives; None under five."""
    return None if count < FEWEST else FEWEST * round(count / FEWEST)


def _last_month() -> datetime:
    """The end of the last month that is over (UTC)."""
    return clock.now().astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _in(rows: QuerySet[Any], column: str, within: tuple[datetime, datetime]) -> QuerySet[Any]:
    return rows.filter(**{f"{column}__gte": within[0], f"{column}__lt": within[1]})


def _reports(rows: QuerySet[Any]) -> list[Row]:
    marked = Q(words="") & ~Q(label="")
    found = rows.aggregate(
        members=Count("pk", filter=Q(reporter__isnull=False) & ~marked),
        marks=Count("pk", filter=marked),
        outside=Count("pk", filter=Q(notifier__isnull=False)),
        servers=Count("pk", filter=~Q(server="")),
    )
    return [
        (_("by members"), about(found["members"])),
        (_("messages marked by their readers"), about(found["marks"])),
        (_("by people without an account"), about(found["outside"])),
        (_("by other servers"), about(found["servers"])),
    ]


def _decisions(within: tuple[datetime, datetime]) -> list[Row]:
    cases = _in(Case.objects.filter(kind=CaseKind.REPORT), "decided_at", within)
    found = cases.aggregate(
        upheld=Count("pk", filter=Q(state=State.UPHELD)),
        dismissed=Count("pk", filter=Q(state=State.DISMISSED) & ~Q(ground=Ground.BAD_FAITH)),
        blamed=Count("pk", filter=Q(state=State.DISMISSED, ground=Ground.BAD_FAITH)),
    )
    pitches = _in(Case.objects.filter(kind=CaseKind.APPEAL), "decided_at", within)
    return [
        (_("reports upheld: a strike"), about(found["upheld"])),
        (_("reports dismissed"), about(found["dismissed"])),
        (_("reports dismissed as made in bad faith"), about(found["blamed"])),
        (_("accounts frozen"), about(_in(Freeze.objects.all(), "at", within).count())),
        (_("accounts thawed"), about(_in(Freeze.objects.all(), "thawed_at", within).count())),
        (_("decisions taken back"), about(_in(Reversal.objects.all(), "at", within).count())),
        (_("pitches that count no longer"), about(pitches.filter(effect=Effect.RETRACTED).count())),
    ]


def _grounds(within: tuple[datetime, datetime]) -> list[Row]:
    struck = _in(Case.objects.exclude(ground=""), "decided_at", within).values_list("ground").annotate(n=Count("pk"))
    frozen = _in(Freeze.objects.all(), "at", within).values_list("ground").annotate(n=Count("pk"))
    cases, freezes = dict(struck.order_by()), dict(frozen.order_by())
    return [(one.label, about(cases.get(one.value, 0) + freezes.get(one.value, 0))) for one in Ground]


def _appeals(rows: QuerySet[Any]) -> list[Row]:
    found = dict(rows.values_list("state").annotate(n=Count("pk")).order_by())
    answered = (AppealState.GRANTED, AppealState.DISMISSED, AppealState.SETTLED)
    return [(state.label, about(found.get(state.value, 0))) for state in answered]


def _median(within: tuple[datetime, datetime]) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_MEDIAN, within)
        count, days = cursor.fetchone()
    return int(days) if count >= FEWEST else None

"""Months as integers (`year * 12 + month - 1`), read and shown. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils import dates
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.refusals import Invalid

_YEAR_FIRST = re.compile(r"^(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2}))?$")
_MONTH_FIRST = re.compile(r"^(?P<month>\d{1,2})[-/.](?P<year>\d{4})$")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


class NotAMonth(Invalid):
    code = "not-a-month"
    message = gettext_lazy("Write a month as 2001-04 or 04/2001, or only the year.")


@dataclass(frozen=True)
class Month:
    """`number` counts months since year 0; `exact` is False where only the year was given."""

    number: int
    exact: bool = True


def of(day: date) -> int:
    return day.year * 12 + day.month - 1


def read(text: str, *, as_end: bool) -> Month:
    """Reads `2001-04`, `04/2001`, `4.2001` or a bare `2001`; raises `NotAMonth` in the member's words.

    A bare year is read narrowly (product.md, grade B): a start as its December, an end as its January.
    """
    found = _YEAR_FIRST.match(text.strip()) or _MONTH_FIRST.match(text.strip())
    if not found:
        raise NotAMonth
    year, month = int(found["year"]), found["month"]
    if not EARLIEST_YEAR <= year <= LATEST_YEAR or (month is not None and not 1 <= int(month) <= 12):
        raise NotAMonth
    if month is None:
        return Month(year * 12 + (0 if as_end else 11), exact=False)
    return Month(year * 12 + int(month) - 1)


def write(number: int | None, *, exact: bool = True) -> str:
    """As a form shows it: `2001-04`, or `2001` where only the year is known; empty for an open end."""
    if number is None:
        return ""
    year, month = divmod(number, 12)
    return f"{year}-{month + 1:02d}" if exact else str(year)


def say(number: int, *, exact: bool = True) -> str:
    """As a reader sees it: `April 2001`, or `2001`."""
    year, month = divmod(number, 12)
    return f"{dates.MONTHS[month + 1]} {year}" if exact else str(year)


def span(starts: int, ends: int | None, *, starts_exact: bool = True, ends_exact: bool = True) -> str:
    """`April 2001 – June 2004`, `since April 2001`, `2001`."""
    first = say(starts, exact=starts_exact)
    if ends is None:
        return _("since %(month)s") % {"month": first}
    last = say(ends, exact=ends_exact)
    return first if first == last else f"{first} – {last}"


def overlap(one: tuple[int, int | None], other: tuple[int, int | None], *, now: int) -> int:
    """How many months two spans share: `min(to) − max(from) + 1`, an open end read as `now`; 0 or less for none."""
    ends = [now if end is None else min(end, now) for _start, end in (one, other)]
    return min(ends) - max(one[0], other[0]) + 1

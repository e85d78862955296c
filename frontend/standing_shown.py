"""A standing in words and lines: every row behind the number, rounded so that the eye can add them up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts import visibility
from accounts.models import Member
from accounts.visibility import Shown
from foundation import clock
from vetting import allowance, conduct, evidence, standing, why
from vetting.allowance import Kind

KINDS: dict[str, str | Promise] = {
    evidence.WORKED: _("worked together"),
    evidence.STUDIED: _("studied together"),
    evidence.PROJECT: _("same project"),
    evidence.MET: _("met at an event"),
    evidence.GROUP: _("same list or user group"),
    evidence.INVITED: _("came by invitation"),
    evidence.ACCEPTED: _("in contact"),
    evidence.VOUCH: pgettext_lazy("what somebody does for you", "vouches"),
}
OTHERWISE: dict[str, str | Promise] = {
    "anchor": _("You are an anchor: who you are was proved to this server"),
    "whispered": _("Several people independently said that something of yours was not right"),
    "strikes": _("A moderator upheld a report about you"),
    "liability": _("Somebody you lent to broke the rules"),
    "bad_faith": _("A report of yours was sent in bad faith"),
}
LEAST = 0.05
"""Points of a line of its own: half of a tenth."""
WIDTH, HEIGHT, ROOM = 640, 160, 6
"""The picture's units, and what stays free above and below."""


@dataclass(frozen=True)
class Line:
    """One row: `person` where it is somebody's word, `words` what it is; `points` with its sign, in tenths."""

    what: str
    person: Shown | None
    words: str
    tenths: int

    @property
    def points(self) -> str:
        return signed(self.tenths)

    @property
    def is_minus(self) -> bool:
        return self.tenths < 0


@dataclass(frozen=True)
class Chart:
    """Points on past Mondays and now, as a line; `corners` for SVG, `rows` for those who read."""

    corners: str
    top: int
    rows: list[tuple[datetime | None, float]]


@dataclass(frozen=True)
class Permitted:
    """What a standing permits: so many of a kind in a while, and so many that are left now."""

    requests_a_day: int
    requests_left: int
    requests_open: int
    offers_a_month: float
    offers_left: int
    promotions_a_day: float
    promotions_left: int
    rests_until: datetime | None
    rests_for_good: bool


def in_tenths(values: Sequence[float]) -> list[int]:
    """Tenths that add up to the tenths of the sum: the largest remainders are rounded up (Hamilton's method)."""
    low = [floor(value * 10) for value in values]
    missing = round(sum(values) * 10) - sum(low)
    by_rest = sorted(range(len(values)), key=lambda place: (low[place] - values[place] * 10, place))
    up = set(by_rest[:missing])
    return [tenths + (place in up) for place, tenths in enumerate(low)]


def signed(tenths: int) -> str:
    """`+7.1`, `−2.3`: with a sign that is as wide as the plus."""
    return ("\u2212" if tenths < 0 else "+") + plain(abs(tenths))


def plain(tenths: int) -> str:
    return formats.number_format(tenths / 10, 1)


def lines(told: why.Explanation, reader: Member) -> list[Line]:
    """The rows with names as the reader, whose standing it is, may see them; what no tenth is left of, in one line."""
    rows = _gathered(told.rows)
    names = visibility.names_for(reader, [row.member for row in rows if row.member])
    tenths = in_tenths([row.points for row in rows])
    return [
        Line(row.what, names[row.member.pk] if row.member else None, _words(row, more=bool(names)), amount)
        for row, amount in zip(rows, tenths, strict=True)
    ]


def _gathered(rows: Sequence[why.Row]) -> list[why.Row]:
    """People who lend less than half a tenth are counted among the others."""
    small = [row for row in rows if row.what == "others" or (row.what == "person" and row.points < LEAST)]
    people = sum(row.people or 1 for row in small)
    others = [why.Row("others", sum(row.points for row in small), people=people)] if small else []
    kept = [row for row in rows if row not in small]
    return [*(row for row in kept if row.points > 0), *others, *(row for row in kept if row.points <= 0)]


def _words(row: why.Row, *, more: bool) -> str:
    if row.what == "person":
        return ", ".join(str(KINDS[kind]) for kind in row.kinds)
    if row.what == "others" and more:
        return ngettext("%(n)d more person", "%(n)d more people", row.people) % {"n": row.people}
    if row.what == "others":
        return ngettext("%(n)d person", "%(n)d people", row.people) % {"n": row.people}
    return str(OTHERWISE[row.what])


def chart(weeks: Sequence[float], *, computed_at: datetime) -> Chart | None:
    """The history with its newest value at the right; None for less than two values."""
    if len(weeks) < 2:
        return None
    top = max(10, 10 * -(-int(max(weeks) + 1) // 10))
    step, span = WIDTH / (len(weeks) - 1), HEIGHT - 2 * ROOM
    corners = " ".join(
        f"{place * step:.1f},{ROOM + span * (1 - max(0.0, value) / top):.1f}" for place, value in enumerate(weeks)
    )
    monday, past = conduct.monday(computed_at), len(weeks) - 1
    days = [monday - timedelta(weeks=past - 1 - place) for place in range(past)]
    return Chart(corners, top, [*zip(days, weeks, strict=False), (None, weeks[-1])])


def permitted(member: Member) -> Permitted:
    held, now = standing.of(member), clock.now()
    rests = held.rests_until if held.rests_until and held.rests_until > now else None
    return Permitted(
        requests_a_day=allowance.new_requests_a_day(member),
        requests_left=max(0, int(allowance.left(member, Kind.REQUEST))),
        requests_open=allowance.open_requests(member),
        offers_a_month=round(30 * allowance.filled_a_day(member, Kind.OFFER), 1),
        offers_left=int(allowance.left(member, Kind.OFFER)),
        promotions_a_day=round(allowance.filled_a_day(member, Kind.PROMOTION), 1),
        promotions_left=int(allowance.left(member, Kind.PROMOTION)),
        rests_until=rests,
        rests_for_good=rests is not None and rests.year >= conduct.FOREVER.year,
    )

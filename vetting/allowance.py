"""What a standing permits, and spending it: requests, offers and promotions from one room (product.md, 6).

Linear to zero on purpose: any free or concave base allowance is multiplied by making accounts (reputation.md).
"""

from datetime import timedelta
from enum import StrEnum
from math import floor

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Member
from foundation import clock, quotas
from foundation.refusals import TooOften
from vetting import standing
from vetting.models import Standing

FULL_POINTS = 100.0
SAVED_DAYS = 30


class Kind(StrEnum):
    """What is spent. Requests are counted a UTC day; offers and promotions come from buckets that fill up."""

    REQUEST = "requests"
    OFFER = "offers"
    PROMOTION = "promotions"


class EnoughToday(TooOften):
    code = "requests-today"
    message = ngettext_lazy(
        "You may ask %(limit)d person a day, and you have. Ask again tomorrow.",
        "You may ask %(limit)d people a day, and you have. Ask again tomorrow.",
        "limit",
    )


class AllowanceSpent(TooOften):
    code = "allowance-spent"
    message = _("Your standing allows no more of these for now. The next one is free from %(again_at)s.")


class NoAllowance(TooOften):
    code = "no-allowance"
    message = _("Your standing allows none of these yet. Confirmed colleagues and vouches let it grow.")


class Resting(TooOften):
    code = "allowance-rests"
    message = _("A moderator upheld a report about you: offers and promotions rest until %(again_at)s.")


class RestsForGood(TooOften):
    code = "allowance-rests-for-good"
    message = _(
        "Several reports about you were upheld: offers and promotions rest until a moderator decides otherwise."
    )


def spend(member: Member, kind: Kind) -> None:
    """Takes one off the member's allowance, or raises `EnoughToday`, `AllowanceSpent`, `NoAllowance`, `Resting`.

    One conditional UPDATE is both the check and the count, so two at once cannot share the last one. Call it inside
    the transaction that stores what it pays for: a rollback gives it back.
    """
    if kind == Kind.REQUEST:
        return _spend_request(member)
    held = standing.of(member)
    _check_rest(held)
    a_day, holds = bucket(kind, _share(held))
    try:
        quotas.draw(kind, str(member.pk), a_day=a_day, holds=holds, since=member.joined_at, now=clock.now())
    except quotas.BucketEmpty as empty:
        if empty.again_at is None:
            raise NoAllowance from None
        raise AllowanceSpent(again_at=empty.again_at) from None
    return None


def left(member: Member, kind: Kind) -> float:
    """How many the member could spend now; fractions wait to become one."""
    held = standing.of(member)
    if kind == Kind.REQUEST:
        return new_requests_a_day(member) - quotas.used(kind, str(member.pk))
    if held.rests_until and held.rests_until > clock.now():
        return 0.0
    a_day, holds = bucket(kind, _share(held))
    return quotas.in_bucket(kind, str(member.pk), a_day=a_day, holds=holds, since=member.joined_at, now=clock.now())


def filled_a_day(member: Member, kind: Kind) -> float:
    """How much of an offer or a promotion the member's standing adds a day, rests apart."""
    return bucket(kind, _share(standing.of(member)))[0]


def new_requests_a_day(member: Member) -> int:
    """`max(1, floor((2 + 3 · min(1, points/100)) · c))`: shaped by conduct, never shut (reputation.md).

    For members of other servers, whose standing their own server knows, the points count as 100: what an honest server
    lets its member ask is not refused here.
    """
    held = standing.of(member)
    share = 1.0 if member.host else _share(held)
    return max(1, floor((settings.REQUESTS_NEW_A_DAY + 3 * share) * held.conduct))


def open_requests(member: Member) -> int:
    """3 to 10 at once, growing with standing; the most for members of other servers, as above."""
    most = settings.REQUESTS_OPEN_MAX - settings.REQUESTS_OPEN
    return int(settings.REQUESTS_OPEN) + floor(most * (1.0 if member.host else _share(standing.of(member))))


def first_points() -> float:
    """From how many points on a bucket can ever hold one promotion: the first allowance."""
    return FULL_POINTS / (settings.PROMOTIONS_A_DAY * max(settings.PROMOTIONS_DAYS, SAVED_DAYS))


def _spend_request(member: Member) -> None:
    a_day = new_requests_a_day(member)
    try:
        quotas.spend(Kind.REQUEST, str(member.pk), limit=a_day)
    except quotas.QuotaSpent as spent:
        raise EnoughToday(limit=a_day, again_at=spent.again_at) from None


def _share(held: Standing) -> float:
    return max(0.0, min(1.0, held.points / FULL_POINTS))


def bucket(kind: Kind, share: float) -> tuple[float, float]:
    """What fills a day at that share of a full standing, and what the bucket holds at most.

    So many days' worth; or one, if 30 days bring one: else the smallest standings could never send any (decision 31).
    It fills from the day of joining on: full at first sight, it would hand every new account one for free.
    """
    full, days = (
        (settings.OFFERS_A_MONTH / 30, 30)
        if kind == Kind.OFFER
        else (settings.PROMOTIONS_A_DAY, settings.PROMOTIONS_DAYS)
    )
    a_day = full * share
    return a_day, max(a_day * days, min(1.0, a_day * SAVED_DAYS))


def _check_rest(held: Standing) -> None:
    if held.rests_until and held.rests_until > clock.now():
        if held.rests_until - clock.now() > timedelta(days=3650):
            raise RestsForGood
        raise Resting(again_at=held.rests_until)

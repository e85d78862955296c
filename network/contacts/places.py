"""How many requests somebody may have open, and how many are left: an answer other than *accepted* frees no place."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import ngettext_lazy

from accounts.models import Member
from foundation import clock, quotas
from foundation.refusals import TooOften
from network.contacts.models import Request
from vetting import allowance


class EnoughOpen(TooOften):
    code = "requests-open"
    message = ngettext_lazy(
        "You have %(limit)d open request, which is all you may have."
        " Its place is free again 14 days after asking, or when it is accepted.",
        "You have %(limit)d open requests, which is all you may have."
        " A place is free again 14 days after asking, or when one is accepted.",
        "limit",
    )


def open_of(asker: Member) -> QuerySet[Request]:
    """Requests that hold one of the asker's places: asked less than 14 days ago and not accepted."""
    since = clock.now() - timedelta(days=settings.REQUEST_SLOT_DAYS)
    return Request.objects.filter(asker=asker, asked_at__gt=since, accepted_at=None)


@dataclass(frozen=True)
class Room:
    """How much asking is left: counts and limits, for the form's gentle word at half the limit."""

    open: int
    open_limit: int
    today: int
    today_limit: int

    @property
    def half_used(self) -> bool:
        return self.open * 2 >= self.open_limit or self.today * 2 >= self.today_limit


def left(asker: Member) -> Room:
    return Room(
        open=open_of(asker).count(),
        open_limit=allowance.open_requests(asker),
        today=quotas.used(allowance.Kind.REQUEST, str(asker.pk)),
        today_limit=allowance.new_requests_a_day(asker),
    )


def spend(asker: Member) -> None:
    """One more of the asker's requests is open and counted today. Raises `EnoughOpen`, `allowance.EnoughToday`."""
    limit = allowance.open_requests(asker)
    if open_of(asker).count() >= limit:
        oldest = open_of(asker).earliest("asked_at")
        raise EnoughOpen(limit=limit, again_at=oldest.asked_at + timedelta(days=settings.REQUEST_SLOT_DAYS))
    allowance.spend(asker, allowance.Kind.REQUEST)

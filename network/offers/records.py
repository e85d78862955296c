"""How pay ranges were kept: said by recipients after the talk, told to the next ones from five cases on."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import clock
from foundation.refusals import Forbidden
from network.offers import answers, filling
from network.offers.models import Answer, Offer
from vetting import conduct


class NothingToReport(Forbidden):
    code = "offer-no-talk"
    message = _("You can say once whether a range was kept, after you have been interested in the offer.")


@transaction.atomic
def report_range(offer: Offer, *, by: Member, kept: bool) -> None:
    """After the talk the recipient says whether the range was kept. Once. Raises `NotYourOffer`, `NothingToReport`."""
    fresh = answers.held(offer, recipient=by)
    talked = Offer.objects.filter(pk=fresh.pk, answer=Answer.INTERESTED, kept=None)
    if not talked.update(kept=kept, kept_at=clock.now()):
        raise NothingToReport


@dataclass(frozen=True)
class Record:
    """How often a range was kept: "7 of 9"; nothing is told below `settings.OFFER_CASES_MIN` cases."""

    kept: int
    cases: int


def record_of(*, sender: Member | None = None, employer: str = "") -> Record | None:
    """How a sender, or an employer under whichever name, kept earlier ranges, as recipients reported.

    Each recipient is one case, their latest word; words enter together on Mondays, so that nobody can tell who spoke.
    """
    told = Offer.objects.filter(kept__isnull=False, kept_at__lt=conduct.monday(clock.now()))
    told = told.filter(sender=sender) if sender else told.filter(employer__in=filling.known_names([employer]))
    words = list(told.order_by("recipient", "-kept_at").distinct("recipient").values_list("kept", flat=True))
    return Record(sum(map(bool, words)), len(words)) if len(words) >= settings.OFFER_CASES_MIN else None

"""The locust report: what came to a member in a year, and what the contract kept away. Numbers only, for them alone."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from accounts.models import Member
from network.contacts.models import Answer, Request, Whereabouts
from network.messages.models import Pitch, Promotion
from network.offers.models import Answer as OfferAnswer
from network.offers.models import Offer


@dataclass(frozen=True)
class Year:
    """Counts of one calendar year (UTC). `kept_*` never rang: in the tray, asked again, blocked, or against terms."""

    year: int
    asked: int
    asked_a: int
    asked_b: int
    asked_c: int
    accepted: int
    kept_in_tray: int
    kept_away: int
    pitched: int
    offers: int
    offers_arrived: int
    offers_unread: int
    promotions: int
    promotions_objected: int


def report(member: Member, year: int) -> Year:
    """What came in that year, counted from the member's own side."""
    begins, ends = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    asked = Request.objects.filter(recipient=member, asked_at__gte=begins, asked_at__lt=ends)
    offers = Offer.objects.filter(recipient=member, sent_at__gte=begins, sent_at__lt=ends)
    heard = Promotion.objects.filter(recipient=member, sent_at__gte=begins, sent_at__lt=ends)
    declined = asked.filter(answer=Answer.PITCH).count()
    marked = Pitch.objects.filter(by=member, at__gte=begins, at__lt=ends).exclude(message__thread=None).count()
    return Year(
        year=year,
        asked=asked.count(),
        asked_a=asked.filter(grade="A").count(),
        asked_b=asked.filter(grade="B").count(),
        asked_c=asked.filter(grade="C").count(),
        accepted=asked.filter(answer=Answer.ACCEPTED).count(),
        kept_in_tray=asked.filter(whereabouts=Whereabouts.TRAY).count(),
        kept_away=asked.filter(whereabouts=Whereabouts.NOWHERE).count(),
        pitched=max(declined, marked),
        offers=offers.count(),
        offers_arrived=offers.filter(arrived_at__isnull=False).count(),
        offers_unread=offers.filter(answer=OfferAnswer.UNREAD).count(),
        promotions=heard.count(),
        promotions_objected=heard.filter(objected_at__isnull=False).count(),
    )


def as_rows(year: Year) -> list[tuple[str, int]]:
    """The report as it is exported: names for machines, numbers."""
    return [(name, number) for name, number in asdict(year).items()]

"""The locust report: what came to a member in a year, and what the contract kept away. Numbers only, for them alone."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import clock
from foundation.refusals import NotThere
from network.contacts.models import Answer, Request, Whereabouts
from network.messages.models import Message, Pitch, Promotion
from network.offers.models import Answer as OfferAnswer
from network.offers.models import Offer
from vetting import evidence
from vetting.models import Evidence


class NoSuchYear(NotThere):
    code = "no-such-year"
    message = _("There is no report for that year: you were not a member, or it has yet to come.")


@dataclass(frozen=True)
class Year:
    """Counts of one calendar year (UTC). What was kept away never rang: in the tray; asked again, or across a block;
    an offer against the terms. `pitched` counts people, once each."""

    year: int
    asked: int
    asked_a: int
    asked_b: int
    asked_c: int
    accepted: int
    kept_in_tray: int
    kept_away: int
    pitched: int
    unlabelled: int
    offers: int
    offers_arrived: int
    offers_kept_away: int
    offers_unread: int
    promotions: int
    promotions_objected: int


Span = tuple[datetime, datetime]


def years_of(member: Member) -> list[int]:
    """The years of which there is a report, the newest first."""
    return list(range(clock.today().year, member.joined_at.astimezone(UTC).year - 1, -1))


def report(member: Member, year: int) -> Year:
    """What came in that year, counted from the member's own side, in seven queries. Raises `NoSuchYear`."""
    if year not in years_of(member):
        raise NoSuchYear
    span = (datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))
    counts = {**_asked(member, span), **_offered(member, span), **_heard(member, span)}
    return Year(year=year, pitched=len(_who_pitched(member, span)), unlabelled=_unlabelled(member, span), **counts)


def _within(field: str, span: Span) -> Q:
    return Q(**{f"{field}__gte": span[0], f"{field}__lt": span[1]})


def _number(**fields: object) -> Count:
    return Count("pk", filter=Q(**fields))


def _asked(member: Member, span: Span) -> dict[str, int]:
    return Request.objects.filter(_within("asked_at", span), recipient=member).aggregate(
        asked=Count("pk"),
        asked_a=_number(grade="A"),
        asked_b=_number(grade="B"),
        asked_c=_number(grade="C"),
        accepted=_number(answer=Answer.ACCEPTED),
        kept_in_tray=_number(whereabouts=Whereabouts.TRAY),
        kept_away=_number(whereabouts=Whereabouts.NOWHERE),
    )


def _offered(member: Member, span: Span) -> dict[str, int]:
    return Offer.objects.filter(_within("sent_at", span), recipient=member).aggregate(
        offers=Count("pk"),
        offers_arrived=_number(arrived_at__isnull=False),
        offers_kept_away=_number(settled_at__isnull=False, arrived_at__isnull=True),
        offers_unread=_number(answer=OfferAnswer.UNREAD),
    )


def _heard(member: Member, span: Span) -> dict[str, int]:
    return Promotion.objects.filter(_within("sent_at", span), recipient=member).aggregate(
        promotions=Count("pk"), promotions_objected=_number(objected_at__isnull=False)
    )


def _who_pitched(member: Member, span: Span) -> set[int]:
    """Whose request was declined as a pitch, and whose message was marked as one, unless they appealed rightly."""
    declined = Request.objects.filter(_within("answered_at", span), recipient=member, answer=Answer.PITCH)
    marks = list(Pitch.objects.filter(_within("at", span), by=member).values_list("public_id", "message__writer"))
    sources = [f"pitch:{public_id}" for public_id, _writer in marks]
    retracted = Evidence.objects.filter(kind=evidence.RETRACTED, source__in=sources)
    void = set(retracted.values_list("source", flat=True))
    marked = {writer for source, (_id, writer) in zip(sources, marks, strict=True) if source not in void}
    return marked | set(declined.values_list("asker", flat=True))


def _unlabelled(member: Member, span: Span) -> int:
    """Messages to the member that moderators upheld to be promotions or offers."""
    to_them = Q(thread__low=member) | Q(thread__high=member)
    found = Message.objects.filter(to_them, _within("sent_at", span)).exclude(writer=member)
    return found.exclude(label="").count()


def as_rows(year: Year) -> list[tuple[str, int]]:
    """The report as it is exported: names for machines, numbers."""
    return list(asdict(year).items())

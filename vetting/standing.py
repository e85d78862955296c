"""Standing: recomputed by the worker from the ledger, kept in one row, read by everybody else."""

from datetime import datetime

from django.conf import settings

from accounts.models import Member
from foundation import clock
from vetting import ledger, reputation
from vetting.models import Evidence, Standing


def recompute(member: Member) -> Standing:
    """The member's row says what the ledger says now. Doing it twice changes nothing."""
    facts = [reputation.Fact(row.kind, str(row.by), row.source, row.at) for row in ledger.about(member).iterator()]
    result = reputation.score(
        facts,
        now=clock.now(),
        confirmed_address=member.confirmed_at is not None,
        people=settings.PENALTY_PEOPLE,
    )
    values = {
        "points": result.points,
        "conduct": result.conduct,
        "weight": result.weight,
        "computed_at": clock.now(),
    }
    row, _created = Standing.objects.update_or_create(member=member, defaults=values)
    return row


def of(member: Member) -> Standing:
    """The standing last computed; a newcomer's where the worker has not been yet. Not saved here."""
    return Standing.objects.filter(member=member).first() or Standing(member=member)


def make_anchor(member: Member, share: float = 1.0) -> None:
    """The member is an anchor of that share, s(u): moderators, and people proved by something costly."""
    Standing.objects.update_or_create(member=member, defaults={"anchor": share})


def due_on_monday(since: datetime) -> list[int]:
    """Members about whom an accusation was recorded since: their penalties enter together."""
    kinds = [*reputation.ACCUSATIONS, reputation.REPORTED]
    about = Evidence.objects.filter(kind__in=kinds, at__gte=since).values("about")
    return list(Member.objects.filter(ledger_id__in=about).values_list("pk", flat=True))

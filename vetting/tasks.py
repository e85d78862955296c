"""The jobs of this floor: the standing of one member, and the Monday on which penalties enter together."""

from datetime import timedelta

from accounts.models import Member
from foundation import clock, jobs
from vetting import reputation, standing


@jobs.handles("standing", time_limit_s=30)
def recompute_standing(member: int) -> None:
    found = Member.objects.filter(pk=member).first()
    if found:
        standing.recompute(found)


jobs.listen("member-confirmed", "standing")


@jobs.every("standing-penalties", timedelta(days=1), lane="slow")
def let_penalties_enter() -> None:
    """On Mondays (and harmlessly on other days) everybody accused in the last year is recomputed."""
    since = reputation.monday(clock.now()) - timedelta(days=365)
    for member in standing.due_on_monday(since):
        jobs.add("standing", {"member": member}, key=f"standing:{member}")

"""People elsewhere are looked at again: what they say of themselves counts as their own server has it."""

from datetime import timedelta

from django.conf import settings

from foundation import clock, jobs
from foundation.refusals import NotNow, Refusal
from network.federation import actors
from network.federation.models import Actor

TWO_DAYS = timedelta(days=2)


def ask(actor: Actor) -> None:
    """The actor will be looked at again: now, or as soon as that is allowed (once in five minutes)."""
    jobs.add("actor-refresh", {"actor": actor.pk}, key=f"actor-refresh:{actor.pk}", delay=wait(actor))


def wait(actor: Actor) -> timedelta | None:
    """How long until the actor may be fetched again; None if that is now."""
    if actor.refetched_at is None:
        return None
    left = actor.refetched_at + timedelta(seconds=settings.KEY_REFETCH_S) - clock.now()
    return left if left > timedelta() else None


@jobs.handles("actor-refresh", lane="slow", outside=True, time_limit_s=60, deadline=TWO_DAYS)
def refresh(actor: int) -> None:
    """A server that does not answer is asked again later; one that says nonsense, or that they are gone, is not."""
    row = Actor.objects.select_related("peer", "member").filter(pk=actor).first()
    if row is None:
        return
    try:
        actors.refresh(row)
    except NotNow:
        raise
    except Refusal:
        return

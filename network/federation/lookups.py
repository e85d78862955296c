"""Somebody here asks who an address elsewhere is (`accounts.remotes`): WebFinger, then the actor, then the answer."""

from datetime import timedelta

from django.conf import settings

from accounts import remotes
from accounts.models import Lookup, Member
from foundation import jobs
from foundation.refusals import NotNow, Refusal, TooOften
from network.federation import actors, discovery, peers


@jobs.handles("lookup", lane="arrivals", outside=True, time_limit_s=45, deadline=timedelta(minutes=15))
def look_up(lookup: int) -> None:
    """The look-up is answered: with the member, or why there is none (a code of `remotes.REASONS`)."""
    row = Lookup.objects.filter(pk=lookup, answered_at=None).first()
    if row is None:
        return
    try:
        member, why_not = _found(row.address), ""
    except peers.Closed:
        member, why_not = None, "closed"
    except (NotNow, TooOften):
        member, why_not = None, "unreachable"
    except Refusal:
        member, why_not = None, "nobody"
    remotes.answer(row, member=member, why_not="" if member else why_not or "nobody")


jobs.listen("lookup-asked", "lookup")


def _found(address: str) -> Member | None:
    """The person at `name@server`, or at the address of their page; as they are now, if they were known before.

    So many a day of one server: nobody collects its people through us.
    """
    if not settings.FEDERATION:
        raise peers.Closed
    uri = address if address.startswith("https://") else discovery.actor_at(address)
    met = actors.known(uri)
    if met:
        peers.spend(met.peer, "lookups")
        actor = actors.refresh(met)
    else:
        actor = actors.learn(uri)
        peers.spend(actor.peer, "lookups")
    if actor.member and actor.member.address != address:
        actors.ask_for_address(actor)
    return actor.member

"""People elsewhere have changed what they say of themselves, or are gone."""

from accounts import remotes
from foundation import jobs
from network.contacts import departures
from network.federation import refreshing
from network.federation.described import KINDS
from network.federation.dispatch import Arrival, NotTheirs, understands
from network.federation.models import Actor


def updated(arrival: Arrival) -> bool:
    """What the activity says counts for nothing: their own server is asked (federation.md, Update)."""
    if arrival.object_uri != arrival.actor.uri:
        raise NotTheirs
    refreshing.ask(arrival.actor)
    return True


for kind in sorted(KINDS):
    understands("Update", of=kind)(updated)


@understands("Update")
def updated_by_name(arrival: Arrival) -> bool:
    return arrival.object_uri == arrival.actor.uri and updated(arrival)


@jobs.handles("departure")
def end_all_with(actor: int) -> None:
    """Contacts and follows with somebody who is gone end, and their profile is forgotten; what others signed stays."""
    row = Actor.objects.select_related("member").get(pk=actor)
    if row.gone_at and row.member:
        departures.depart(row.member)
        remotes.forget(row.member)


jobs.listen("actor-gone", "departure")

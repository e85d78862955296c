"""Who is deleted, and what was deleted before it came here: when it comes, it has no effect (federation.md, 16)."""

from network.federation import actors, references, tombstones
from network.federation.dispatch import Arrival, NotTheirs, understands


@understands("Delete")
def delete(arrival: Arrival) -> bool:
    """The last room that is asked. Nobody ends what is another's or of another server, and nothing is fetched
    (federation.md, 14 and 15)."""
    if arrival.object_uri == arrival.actor.uri:
        actors.mark_gone(arrival.actor)
        return True
    known = references.find(arrival.object_uri)
    if known is not None and (known.owner is None or known.owner.pk != arrival.actor.pk):
        raise NotTheirs
    if known is not None:
        return False
    if actors.known(arrival.object_uri) or not tombstones.bury(arrival.object_uri, by=arrival.actor):
        raise NotTheirs
    return True

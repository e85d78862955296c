"""Names that have ended: what comes later under one of them has no effect, whatever the order of arrival."""

from network.federation import addresses
from network.federation.models import Actor, Tombstone


def bury(uri: str, *, by: Actor) -> bool:
    """Whatever comes under that name from now on is ignored. Only names of the actor's own server: else False."""
    if not uri or len(uri) > 500 or not addresses.same_server(uri, by.uri):
        return False
    Tombstone.objects.get_or_create(uri=uri, defaults={"owner": by})
    return True

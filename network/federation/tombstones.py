"""Names that have ended: what comes later under one of them has no effect, whatever the order of arrival."""

from urllib.parse import urlsplit

from network.federation.models import Actor, Tombstone


def bury(uri: str, *, by: Actor) -> bool:
    """Whatever comes under that name from now on is ignored. Only names of the actor's own server: else False."""
    if not uri or len(uri) > 500 or not _of_the_same_server(uri, by.uri):
        return False
    Tombstone.objects.get_or_create(uri=uri, defaults={"owner": by})
    return True


def _of_the_same_server(uri: str, other: str) -> bool:
    try:
        one, two = urlsplit(uri), urlsplit(other)
        return (one.scheme, one.hostname, one.port) == (two.scheme, two.hostname, two.port)
    except ValueError:  # a port that is none
        return False

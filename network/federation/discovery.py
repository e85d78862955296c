"""WebFinger (RFC 7033), asked: which actor has an address, and which address an actor has. Both sides say so."""

from urllib.parse import quote

from django.conf import settings

from foundation import strict_json
from foundation.signing import Document
from network.federation import client, fetching, hosts, media, vocabulary
from network.federation.described import HANDLE

MOST_LINKS = 100


def actor_at(acct: str, *, within_s: float | None = None) -> str:
    """The actor that the server of `name@server` names for it. Raises `fetching.Nobody` and what `fetching` raises."""
    return _actor_in(_asked(hosts_of(acct), f"acct:{acct}", within_s))


def acct_of(uri: str, name: str, *, within_s: float | None = None) -> str:
    """The address (`name@server`) by which an actor goes, verified from both sides.

    The actor's own server is asked first. It may say that the address is at another server; that counts only if that
    one names the same actor (FEP-2c59). Raises `fetching.Nobody` if it is not so, and what `fetching` raises.
    """
    host = hosts.of(uri)
    found = _asked(host, f"acct:{name}@{host}", within_s)
    if _actor_in(found) != uri:
        raise fetching.Nobody
    said = address_in(found.get("subject"))
    if said == f"{name}@{host}":
        return said
    return said if confirmed(said, uri, within_s=within_s) else f"{name}@{host}"


def confirmed(acct: str, uri: str, *, within_s: float | None = None) -> bool:
    """Whether the server of that address names that actor."""
    return bool(acct) and actor_at(acct, within_s=within_s) == uri


def address_in(subject: object) -> str:
    """`name@server` out of `acct:name@server`; empty if it is none."""
    text = subject.lower().removeprefix("acct:").removeprefix("@") if isinstance(subject, str) else ""
    name, at, host = text.partition("@")
    if not at or not HANDLE.fullmatch(name):
        return ""
    return f"{name}@{hosts.normal(host)}"


def hosts_of(acct: str) -> str:
    """The server of `name@server`."""
    return hosts.normal(acct.rpartition("@")[2])


def _asked(host: str, resource: str, within_s: float | None) -> Document:
    url = f"https://{host}/.well-known/webfinger?resource={quote(resource, safe='')}"
    fetching.spend(url)
    answer = client.get(url, accept=media.JRD, signed=False, within_s=within_s)
    if answer.status in (408, 429) or answer.status >= 500:
        raise client.Unreachable(f"answered {answer.status}")
    if answer.status != 200:
        raise fetching.Nobody
    return strict_json.read(answer.body, most_bytes=settings.FETCH_MAX_BYTES)


def _actor_in(found: Document) -> str:
    for link in vocabulary.listed(found.get("links"))[:MOST_LINKS]:
        if isinstance(link, dict) and link.get("rel") == "self" and _is_activity(link.get("type")):
            href = link.get("href")
            if isinstance(href, str) and href.startswith("https://"):
                return href
    raise fetching.Nobody


def _is_activity(kind: object) -> bool:
    return isinstance(kind, str) and media.fits(kind, vocabulary.ACTIVITY_JSON)

"""Documents at their own addresses: what is found is only believed if it says that it lives there (FEP-fe34)."""

import hashlib

from django.conf import settings
from django.core.cache import cache

from foundation import ratelimit, strict_json
from foundation.refusals import NotNow, NotThere, Refusal
from foundation.signing import Document
from network.federation import client, hosts, peers, vocabulary

FETCHES_A_MINUTE = 60
"""From one registrable domain, however many hosts it names and whoever asks (federation.md, 26 and 33)."""
MISSING_S = 600
"""So long an address that answered with nothing is not asked again."""
SILENT_S = 30
"""So long a server that did not answer is left alone, so that one that hangs holds up few."""


class Nobody(NotThere):
    """Nothing there, or nothing for us."""

    code = "nobody"


class Gone(NotThere):
    """It was there, and its server says that it will not come back (410)."""

    code = "gone"
    status = 410


class Elsewhere(NotThere):
    """It says of itself that it lives at another server."""

    code = "lives-elsewhere"


def document(uri: str, *, within_s: float | None = None) -> Document:
    """The document that says that it lives at `uri`, from the server of `uri`.

    One that names another address of the same server is asked for there once more, and has to be that (federation.md,
    3): compare its `id`. Raises `Nobody`, `Gone`, `Elsewhere`, `peers.Closed`, `TooMany`, what `client.get` raises,
    `Unreadable`.
    """
    _recall(uri)
    spend(uri)
    try:
        return _at_home(uri, within_s)
    except client.Unreachable:
        cache.set(_silent(uri), 1, SILENT_S)
        raise
    except NotNow:
        raise
    except Refusal as refusal:
        cache.set(_missing(uri), refusal.code, MISSING_S)
        raise


def spend(uri: str) -> None:
    """One fetch from that server is counted, if we have to do with it. Raises `peers.Closed`, `TooMany`, `Invalid`."""
    host = hosts.of(uri)
    peers.check(host)
    ratelimit.hit("fetch", hosts.registrable(host), limit=FETCHES_A_MINUTE, per_s=60)


def forget_missing(uri: str) -> None:
    """Asked again the next time: its owner has shown up."""
    cache.delete(_missing(uri))


def _recall(uri: str) -> None:
    """What was found out a moment ago is not asked again."""
    known = cache.get_many([_missing(uri), _silent(uri)])
    if _silent(uri) in known:
        raise client.Unreachable("did not answer a moment ago")
    if _missing(uri) in known:
        raise Gone if known[_missing(uri)] == Gone.code else Nobody


def _at_home(uri: str, within_s: float | None) -> Document:
    found_at, found = _read(uri, within_s)
    named = found.get("id")
    if not isinstance(named, str) or not hosts.same_origin(named, uri):
        raise Elsewhere
    if named == found_at:
        return found
    found_at, found = _read(named, within_s)
    if found_at != named or found.get("id") != named:
        raise Elsewhere
    return found


def _read(uri: str, within_s: float | None) -> tuple[str, Document]:
    answer = client.get(uri, accept=vocabulary.ACTIVITY_JSON, within_s=within_s)
    if answer.status == 410:
        raise Gone
    if answer.status in (408, 429) or answer.status >= 500:
        raise client.Unreachable(f"answered {answer.status}")
    if answer.status != 200:
        raise Nobody
    return answer.url, strict_json.read(answer.body, most_bytes=settings.FETCH_MAX_BYTES)


def _missing(uri: str) -> str:
    return f"federation:missing:{hashlib.sha256(uri.encode()).hexdigest()}"


def _silent(uri: str) -> str:
    return f"federation:silent:{hashlib.sha256(hosts.of(uri).encode()).hexdigest()}"

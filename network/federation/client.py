"""Calls to other servers: https only, never into private networks, ten seconds and one MiB in all, no cookies.

What goes wrong is a refusal: `Unreachable` and `Spent` (503, it may work later), `networks.Unsafe` (403: a private
address, another scheme or port, our own house, too many redirects), `unpacking.TooLarge` and `Garbled`,
`media.WrongKind`. `Answer.status` is the caller's to judge: 404 and 500 are answers.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

import httpcore
from django.conf import settings

from foundation import clock
from foundation.refusals import Invalid, NotNow
from network.federation import (
    guard,
    hosts,
    http_keys,
    http_signatures,
    lines,
    media,
    networks,
    unpacking,
    vocabulary,
    wire,
)
from network.federation.http_signatures import Signer
from network.federation.models import Peer, SignsWith
from network.federation.networks import Unsafe
from network.federation.rfc9421 import Wish

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRANSPORT = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)
_STALE = (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError)

_calls_left: ContextVar[list[int] | None] = ContextVar("calls_left", default=None)


class Unreachable(NotNow):
    """`why` is for operators: what the connection said."""

    code = "unreachable"

    def __init__(self, why: str = "") -> None:
        super().__init__()
        self.why = why


class Spent(NotNow):
    code = "calls-spent"


@dataclass(frozen=True)
class Answer:
    """What came back. `url` is where it was found in the end, `headers` have names in lower case, `body` is unpacked.

    `signed_with`: by which of the two signatures it was asked for, None if by none.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    signed_with: SignsWith | None = None


@contextmanager
def at_most(calls: int) -> Iterator[None]:
    """In here at most so many addresses are fetched, whatever leads from one to the next (federation.md, 26)."""
    token = _calls_left.set([calls])
    try:
        yield
    finally:
        _calls_left.reset(token)


def get(
    url: str, *, accept: str = vocabulary.ACTIVITY_JSON, signed: bool = True, within_s: float | None = None
) -> Answer:
    """What lies at that address. A 200 is of a kind that `accept` allows (`media`), else `WrongKind`.

    `signed`: by the house (the instance actor), so that servers with authorized fetch answer; draft-cavage-12 first,
    RFC 9421 after a 401, and what worked is remembered of the peer. Up to `FETCH_MAX_REDIRECTS` redirects are
    followed, each as strictly as the first address. Raises what the head of this file lists.
    """
    _count()
    headers = [("Accept", media.asked_as(accept))]
    with guard.deadline(within_s or settings.FETCH_TIMEOUT_S):
        for _hop in range(settings.FETCH_MAX_REDIRECTS + 1):
            url = checked(url)
            answer = _signed_get(url, headers) if signed else _call("GET", url, headers, b"")
            if answer.status not in REDIRECTS or not answer.headers.get("location"):
                media.check(answer.status, answer.headers.get("content-type", ""), accept)
                return answer
            url = urljoin(url, answer.headers["location"])
    raise Unsafe


def post(
    url: str,
    body: bytes,
    *,
    signer: Signer,
    how: SignsWith,
    wish: Wish | None = None,
    headers: Sequence[tuple[str, str]] = (),
    within_s: float | None = None,
) -> Answer:
    """The body is delivered at that inbox, signed now. Redirects are answers here: nothing is sent elsewhere.

    What the inbox has to say besides its status is of no interest: `Answer.body` is empty.
    """
    url = checked(url)
    signature = http_signatures.sign("POST", url, body, signer=signer, how=how, now=clock.now(), wish=wish)
    said = [("Content-Type", vocabulary.ACTIVITY_JSON), *headers, *signature.items()]
    _scheme, _host, target = wire.parts(url)
    head = "".join(f"{name}: {value}\r\n" for name, value in (*_ours(), *said, ("Content-Length", str(len(body)))))
    request = f"POST {target} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body
    with guard.deadline(within_s or settings.FETCH_TIMEOUT_S), _transport():
        heard = lines.ask(url, request)
    return Answer(url, heard.status, heard.headers, b"", how)


def checked(url: str) -> str:
    """The address as it is dialled: https, a normal host that is not ours, no user, no fragment. Raises `Unsafe`."""
    return _checked(url, settings.SITE_HOST.lower(), tuple(settings.FEDERATION_NETWORKS))


@lru_cache(maxsize=1024)
def _checked(url: str, ours: str, _networks: tuple[str, ...]) -> str:
    """A turn asks for the same few again and again. What is a host depends on the networks allowed."""
    if not url.isascii() or any(c <= " " or c == "\x7f" for c in url):
        raise Unsafe
    try:
        parts = urlsplit(url)
        port, host = parts.port, hosts.normal(parts.hostname or "")
    except (ValueError, Invalid):
        raise Unsafe from None
    if parts.scheme != "https" or "@" in parts.netloc:
        raise Unsafe
    host = f"[{host}]" if ":" in host else host
    netloc = host if port in (None, networks.HTTPS_PORT) else f"{host}:{port}"
    if netloc == ours:
        raise Unsafe
    return parts._replace(netloc=netloc, path=parts.path or "/", fragment="").geturl()


def _signed_get(url: str, headers: list[tuple[str, str]]) -> Answer:
    """Asked with the signature that the peer took last; once more with the other one after a 401."""
    peer = Peer.objects.filter(host=hosts.of(url)).first()
    first = SignsWith(peer.signs_with) if peer else SignsWith.CAVAGE
    answer = _call_signed(url, headers, first)
    if answer.status != 401:
        return answer
    other = SignsWith.RFC9421 if first == SignsWith.CAVAGE else SignsWith.CAVAGE
    again = _call_signed(url, headers, other)
    if again.status != 401 and peer:
        Peer.objects.filter(pk=peer.pk).update(signs_with=other)
    return again


def _call_signed(url: str, headers: list[tuple[str, str]], how: SignsWith) -> Answer:
    signer = http_keys.signer(None)
    signature = http_signatures.sign("GET", url, None, signer=signer, how=how, now=clock.now())
    return replace(_call("GET", url, [*headers, *signature.items()], b""), signed_with=how)


def _call(method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Answer:
    """One call on a kept or a new connection; a kept one that the other side has closed meanwhile is not its fault."""
    said = [(name.lower().encode(), value.encode()) for name, value in (*_ours(), *headers)]
    with _transport():
        try:
            return _once(method, url, said, body)
        except _STALE:
            return _once(method, url, said, body)


@contextmanager
def _transport() -> Iterator[None]:
    """What goes wrong on the way is `Unreachable`."""
    try:
        yield
    except _TRANSPORT as failed:
        raise Unreachable(f"{type(failed).__name__}: {failed}"[:200]) from None
    except networks.NameUnknown:
        raise Unreachable("NameUnknown") from None


def _once(method: str, url: str, headers: list[tuple[bytes, bytes]], body: bytes) -> Answer:
    patience = {name: guard.left_s() for name in ("connect", "read", "write", "pool")}
    with guard.pool().stream(
        method, url, headers=headers, content=body or None, extensions={"timeout": patience}
    ) as response:
        found: dict[str, str] = {}
        for raw_name, raw_value in response.headers:
            name, value = raw_name.decode("ascii").lower(), raw_value.decode("latin-1")
            found[name] = f"{found[name]}, {value}" if name in found else value
        try:
            read = unpacking.read(response.iter_stream(), found, most_bytes=settings.FETCH_MAX_BYTES)
        except Invalid:
            if method == "GET":
                raise
            read = b""
        return Answer(url, response.status, found, read)


def _ours() -> list[tuple[str, str]]:
    return [
        ("User-Agent", f"Leumund/{settings.SOFTWARE_VERSION} (+{settings.SITE_URL}/)"),
        ("Accept-Encoding", "gzip"),
    ]


def _count() -> None:
    left = _calls_left.get()
    if left is None:
        return
    if left[0] <= 0:
        raise Spent
    left[0] -= 1

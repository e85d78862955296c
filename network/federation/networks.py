"""Which addresses may be dialled: an explicit list of what may not, and what the operator allows all the same.

`ipaddress.is_global` is not asked: on Python 3.11 it calls 64:ff9b::/96 and 192.0.0.8 public (federation.md, 8).
"""

import socket
import threading
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from queue import Empty, SimpleQueue

from django.conf import settings

from foundation.refusals import Forbidden, NotNow

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

DENIED: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        # IANA IPv4 Special-Purpose Address Registry, and multicast (RFC 5771)
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        # everything that is not IPv6 global unicast (2000::/3): loopback, mapped and translated IPv4, ULA, link-local
        "::/3", "4000::/2", "8000::/1",
        # within it: IETF assignments with Teredo and ORCHID, documentation, 6to4
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
)  # fmt: skip
HTTPS_PORT = 443
MOST_ADDRESSES = 4
"""Of one name, in the order of the resolver: the deadline of a call would not last for more."""
LOOKUPS_AT_ONCE = 16
"""Names asked for at the same time in a process: the resolver's own patience (5 s and more) is not ours to set."""
LOOPBACK = IPv4Address("127.0.0.1")

_asking = threading.BoundedSemaphore(LOOKUPS_AT_ONCE)


class Unsafe(Forbidden):
    """The address is none that this server calls."""

    code = "unsafe-address"


class NameUnknown(NotNow):
    """The resolver knows no address, or did not answer in time."""

    code = "name-unknown"


def vetted(host: str, port: int, *, within_s: float) -> list[Address]:
    """The addresses of `host` that may be dialled, at least one. Raises `Unsafe`, `NameUnknown`.

    Whoever calls dials one of these and asks no resolver again: a name that changes its mind gains nothing.
    """
    found = addresses_of(host, within_s=within_s)
    safe = [address for address in found if may_dial(address, port)]
    if not safe:
        raise Unsafe
    return safe[:MOST_ADDRESSES]


def may_dial(address: Address, port: int) -> bool:
    """Anything in `FEDERATION_NETWORKS`; elsewhere only public addresses, on the port of https."""
    if any(address in network for network in _allowed(tuple(settings.FEDERATION_NETWORKS))):
        return True
    return port == HTTPS_PORT and not any(address in network for network in DENIED)


def port_of(host: str, address: Address, port: int) -> int:
    """Where a server of this machine really listens (`FEDERATION_PORTS`); of all others, the port itself."""
    if not address.is_loopback:
        return port
    named = dict(entry.rsplit(":", 1) for entry in settings.FEDERATION_PORTS)
    return int(named.get(host.lower(), port))


def addresses_of(host: str, *, within_s: float) -> list[Address]:
    """Where `host` is: a literal itself, a name under .localhost here (RFC 6761), any other by the resolver."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return [LOOPBACK]
    try:
        return [ip_address(name.strip("[]"))]
    except ValueError:
        return [ip_address(text.partition("%")[0]) for text in _in_time(lambda: resolve(name), within_s)]


def resolve(name: str) -> list[str]:
    """The resolver's answer, in its order. Tests put their own in its place."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _in_time(ask: Callable[[], list[str]], within_s: float) -> list[str]:
    """The answer, if there is one in time; a resolver that hangs holds a thread of its own and nothing else."""
    answers: SimpleQueue[list[str]] = SimpleQueue()

    def look() -> None:
        try:
            answers.put(ask())
        finally:
            _asking.release()

    if not _asking.acquire(timeout=max(within_s, 0)):
        raise NameUnknown
    threading.Thread(target=look, daemon=True, name="resolver").start()
    try:
        found = answers.get(timeout=max(within_s, 0))
    except Empty:
        raise NameUnknown from None
    if not found:
        raise NameUnknown
    return found


@lru_cache(maxsize=8)
def _allowed(texts: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(text, strict=False) for text in texts)

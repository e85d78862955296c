"""Hosts as this house writes them: once, in one way, before anything is compared (federation.md, 30).

A host is a name in lower case and ASCII (IDNA 2008), without its last dot and without a port, or an address in its
shortest form where the operator allows it (`FEDERATION_NETWORKS`). What could be read in two ways is refused.
"""

import re
from functools import lru_cache
from ipaddress import ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

import idna
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.refusals import Invalid

URI_MAX = 500
"""Characters of an address that is kept here (`models`)."""
HOST_MAX = 253  # RFC 1035, 2.3.4, as text
PORTS = {"https": 443, "http": 80}

_LDH = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")
"""A name that ends like this is an IPv4 address to many readers: 127.1, 2130706433, 0x7f.1 (WHATWG URL, 3.5)."""
_HEAD = re.compile(r"https?://[^/?#]+", re.IGNORECASE | re.ASCII)  # RFC 3986, 3.2
_UNWRITTEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\"<>^`{|}]")
"""What RFC 3986 does not let an address contain, and what readers drop or turn round."""

SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "go", "gob", "gov", "gv", "mil", "ne", "net", "nom", "or", "org"})
"""Below a country's two letters these are registries, not somebody's domain: co.uk, com.au, or.at."""


class NoHost(Invalid):
    code = "no-host"
    message = _("That is not the address of a server.")


def normal(host: str) -> str:
    """The host, without a port if it had one. Raises `NoHost`."""
    name, port = _apart(host)
    if port is not None and not _is_port(port):
        raise NoHost
    return _address(name) if _looks_like_address(name) else _name(name)


def of(uri: str) -> str:
    """The host of an address on the web. Raises `NoHost`."""
    return normal(_split(_head(uri)).netloc)


def origin(uri: str) -> tuple[str, str, int]:
    """Scheme, host and port (RFC 6454). Raises `NoHost`."""
    return _origin(_head(uri), tuple(settings.FEDERATION_NETWORKS))


@lru_cache(maxsize=4096)
def _origin(head: str, _networks: tuple[str, ...]) -> tuple[str, str, int]:
    """The gate asks ten times a post, mostly for the same few. What is a host depends on the networks allowed."""
    parts = _split(head)
    host, port = normal(parts.netloc), _apart(parts.netloc)[1]
    return parts.scheme, host, int(port) if port else PORTS[parts.scheme]


def same_origin(a: str, b: str) -> bool:
    """Whether two addresses are in the same hands (FEP-fe34). False if one of them has no origin."""
    try:
        return origin(a) == origin(b)
    except NoHost:
        return False


def is_https(uri: object) -> bool:
    """Whether an actor, a key or an activity can have that address: https and ASCII, at most 500 characters."""
    try:
        return isinstance(uri, str) and uri.isascii() and len(uri) <= URI_MAX and origin(uri)[0] == "https"
    except NoHost:
        return False


def registrable(host: str) -> str:
    """The name that somebody has registered: whoever has it, has all names below it (quotas and blocks).

    The rule is simple, and no list is kept: the last two labels; three where the second is a registry's
    (`SECOND_LEVEL`) below a country. Hosts that let many live below one name share its quota.
    Why: docs/decisions/0050-one-gate.md.
    """
    host = normal(host)
    labels = host.split(".")
    if ":" in host or _NUMBER.fullmatch(labels[-1]):
        return host
    registry = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3 if registry else -2 :])


def above(host: str) -> list[str]:
    """The host and every name above it down to the registrable one: a block of any of them covers it."""
    host = normal(host)
    if registrable(host) == host:
        return [host]
    labels = host.split(".")
    names = [".".join(labels[start:]) for start in range(len(labels))]
    return names[: names.index(registrable(host)) + 1]


def _head(uri: str) -> str:
    """Scheme and authority as they are written. Raises `NoHost`."""
    head = _HEAD.match(uri)
    if head is None or _UNWRITTEN.search(uri):  # urlsplit would drop line ends, browsers turn backslashes
        raise NoHost
    return head[0]


def _split(head: str) -> SplitResult:
    try:
        parts = urlsplit(head)
    except ValueError:
        raise NoHost from None
    if parts.scheme not in PORTS or not parts.netloc:
        raise NoHost
    return parts


def _apart(netloc: str) -> tuple[str, str | None]:
    """Host and port as they are written; the brackets of an IPv6 address are off, and it may come without them."""
    if netloc.startswith("["):
        host, closed, rest = netloc[1:].partition("]")
        if not closed or ":" not in host or (rest and not rest.startswith(":")):
            raise NoHost
        return host, rest[1:] if rest else None
    if netloc.count(":") > 1:
        return netloc, None
    host, colon, port = netloc.partition(":")
    return host, port if colon else None


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536


def _looks_like_address(name: str) -> bool:
    return ":" in name or bool(_NUMBER.fullmatch(name.rstrip(".").rpartition(".")[2].lower()))


def _address(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        raise NoHost from None
    if "%" in text or not any(address in ip_network(network) for network in settings.FEDERATION_NETWORKS):
        raise NoHost
    return str(address)


def _name(text: str) -> str:
    name = text.removesuffix(".").lower()
    if not name or len(name) > HOST_MAX:
        raise NoHost
    if not name.isascii() or "xn--" in name:
        name = _ascii(name)
    whole = _LDH.fullmatch(name) and len(name) <= HOST_MAX and not _looks_like_address(name)
    if not whole or ("." not in name and not settings.FEDERATION_NETWORKS):
        raise NoHost
    return name


def _ascii(name: str) -> str:
    """The name by IDNA 2008 with UTS 46's mapping; punycode has to be the one spelling of what it says."""
    try:
        return idna.encode(name, uts46=True, std3_rules=True).decode().removesuffix(".")
    except (idna.IDNAError, UnicodeError):
        raise NoHost from None

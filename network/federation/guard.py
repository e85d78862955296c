"""The one way out: connections that know only vetted addresses and a moment at which everything ends.

httpcore asks a network backend for each new connection. Ours resolves the name, vets the addresses and dials one of
them; the name stays in TLS (SNI and certificate). A connection that is kept was vetted when it was dialled.
"""

import os
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

import httpcore
from django.conf import settings

from network.federation import networks

CONNECTIONS = 64
"""In a process, all servers together; the least used ones are closed first."""
KEPT_S = 60.0

_ends_at: ContextVar[float] = ContextVar("ends_at")


@contextmanager
def deadline(within_s: float) -> Iterator[None]:
    """All calls in here are over after that many seconds, however slowly the other side drips. Blocks nest: the
    earliest end counts."""
    token = _ends_at.set(min(time.monotonic() + within_s, _ends_at.get(float("inf"))))
    try:
        yield
    finally:
        _ends_at.reset(token)


def left_s() -> float:
    """Seconds until the deadline. Raises `httpcore.TimeoutException` once it has passed."""
    left = _ends_at.get() - time.monotonic()
    if left <= 0:
        raise httpcore.TimeoutException("the deadline has passed")
    return left


class Stream(httpcore.NetworkStream):
    """A connection of which no step takes longer than what is left of the deadline."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, left_s())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, left_s())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "Stream":
        return Stream(self._inner.start_tls(ssl_context, server_hostname, left_s()))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """Dials vetted addresses only. Raises `networks.Unsafe`, `networks.NameUnknown` and httpcore's own."""

    wire: httpcore.NetworkBackend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Stream:
        addresses = networks.vetted(host, port, within_s=left_s())
        for number, address in enumerate(addresses, start=1):
            share = left_s() / (len(addresses) - number + 1)  # one that hangs leaves the others their time
            door = networks.port_of(host, address, port)
            try:
                return Stream(self.wire.connect_tcp(str(address), door, share, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise networks.NameUnknown


def pool() -> httpcore.ConnectionPool:
    """The connections of this process: kept over calls, never shared with a forked child."""
    return _pool(os.getpid(), settings.FEDERATION_CA_FILE)


def close() -> None:
    """All kept connections are closed."""
    pool().close()


@cache
def _pool(pid: int, ca_file: str) -> httpcore.ConnectionPool:
    return httpcore.ConnectionPool(
        ssl_context=trust(ca_file),
        max_connections=CONNECTIONS,
        max_keepalive_connections=CONNECTIONS,
        keepalive_expiry=KEPT_S,
        network_backend=Backend(),
    )


def trust(ca_file: str) -> ssl.SSLContext:
    """The system's authorities, and the operator's own besides."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context

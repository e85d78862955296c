"""Letters leave over lines that are kept: a request written in one piece, an answer of which only the head counts.

Documents are fetched by httpcore (`client.get`); with it a letter took half a millisecond of processor time, twice what
its signature takes (docs/decisions/0058-posts-together.md). Lines are dialled as the guard does it, and as strictly.
Raises httpcore's errors and what the guard raises.
"""

import os
import ssl
import threading
import time
from functools import cache
from urllib.parse import urlsplit

import httpcore
import httptools
from django.conf import settings

from network.federation import guard, networks

ANSWER_MAX_BYTES = 64 * 1024
"""Nobody has more to say to a letter; the line of one who does is closed."""
_STALE = (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError)

Place = tuple[str, int]


class Heard:
    """What has been understood so far of an answer: the parser calls this."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.complete = self.kept = False
        self._parser = httptools.HttpResponseParser(self)

    def feed(self, data: bytes) -> None:
        """Raises `httpcore.RemoteProtocolError` for what is no answer."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            raise httpcore.RemoteProtocolError(type(error).__name__) from None

    @property
    def is_known(self) -> bool:
        """Whether the head is there; 1xx only announces one (RFC 9110, 15.2)."""
        return self.status >= 200

    def on_message_begin(self) -> None:
        self.kept = False  # after a complete one: more than was asked for
        if not self.complete:
            self.headers = {}

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.complete:
            key, said = name.decode("ascii").lower(), value.decode("latin-1")
            self.headers[key] = f"{self.headers[key]}, {said}" if key in self.headers else said

    def on_headers_complete(self) -> None:
        if not self.complete:
            self.status = self._parser.get_status_code()

    def on_message_complete(self) -> None:
        if self.is_known and not self.complete:
            self.complete, self.kept = True, self._parser.should_keep_alive()


def ask(url: str, request: bytes) -> Heard:
    """The answer to the request, which is sent again if a kept line turns out to have been closed meanwhile."""
    parts = urlsplit(url)
    place = (parts.hostname or "", parts.port or networks.HTTPS_PORT)
    line = _idle().take(place)
    if line is not None:
        try:
            return _say(place, line, request)
        except _STALE:
            pass  # the other side's right
    return _say(place, _dialled(*place), request)


def close() -> None:
    """All kept lines are closed."""
    _idle().close()


def _say(place: Place, line: guard.Stream, request: bytes) -> Heard:
    heard = Heard()
    try:
        line.write(request)
        _listen(line, heard)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError):
        if not heard.is_known:
            raise
        heard.kept = False
    finally:
        if heard.kept:
            _idle().give(place, line)
        else:
            line.close()
    return heard


def _listen(line: guard.Stream, heard: Heard) -> None:
    length = 0
    while not heard.complete:
        data = line.read(16 * 1024)
        length += len(data)
        if not data or length > ANSWER_MAX_BYTES:
            raise httpcore.RemoteProtocolError("cut off" if not data else "endless")
        heard.feed(data)


def _dialled(host: str, port: int) -> guard.Stream:
    line = guard.Backend().connect_tcp(host, port)
    return line.start_tls(_trust(settings.FEDERATION_CA_FILE), server_hostname=host)


class Idle:
    """Lines that nobody uses just now, by where they lead."""

    def __init__(self) -> None:
        self._lines: list[tuple[Place, float, guard.Stream]] = []
        self._lock = threading.Lock()

    def take(self, place: Place) -> guard.Stream | None:
        """One that leads there and is still open, as far as can be seen; old ones are closed."""
        with self._lock:
            self._drop_old()
            for number in range(len(self._lines) - 1, -1, -1):
                if self._lines[number][0] == place:
                    line = self._lines.pop(number)[2]
                    if not line.get_extra_info("is_readable"):  # else it was closed, or speaks unasked
                        return line
                    line.close()
        return None

    def give(self, place: Place, line: guard.Stream) -> None:
        with self._lock:
            self._lines.append((place, time.monotonic(), line))
            while len(self._lines) > guard.CONNECTIONS:
                self._lines.pop(0)[2].close()

    def close(self) -> None:
        with self._lock:
            for _place, _since, line in self._lines:
                line.close()
            self._lines.clear()

    def _drop_old(self) -> None:
        """They stand in the order in which they were given back."""
        while self._lines and self._lines[0][1] < time.monotonic() - guard.KEPT_S:
            self._lines.pop(0)[2].close()


def _idle() -> Idle:
    """Those of this process and these authorities: never shared with a forked child."""
    return _idle_of(os.getpid(), settings.FEDERATION_CA_FILE)


@cache
def _idle_of(pid: int, ca_file: str) -> Idle:
    return Idle()


@cache
def _trust(ca_file: str) -> ssl.SSLContext:
    context = guard.trust(ca_file)
    context.set_alpn_protocols(["http/1.1"])
    return context

"""Real towns on this machine for flow tests: each with web server over TLS, a Celery worker and a database of its own.

They know each other by names under .localhost without ports, as in `script/server --town two`. What is done in a town
is done by its clerk (clerk.py), a process that has that town's settings.
"""

import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pytest_django import DjangoDbBlocker

from config import authority, supervise
from config.embedded.ground import bind
from config.supervise import Child
from tests import seed
from tests.flows.running import HOME, until

UP_MAX_S = 90.0
NAMES = ("harburg", "lund")
LANES = "quick,mail,slow,standing,arrivals,deliveries"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


@dataclass
class Town:
    """`host` is its name to everybody; it really listens at `port`."""

    host: str
    port: int
    root: Path
    environment: dict[str, str]
    logs: Path
    children: list[Child] = field(default_factory=list)
    clerk: "subprocess.Popen[str] | None" = None

    @property
    def ports(self) -> dict[str, int]:
        """Where every server of this machine really listens, by name."""
        pairs = (pair.split(":") for pair in self.environment["FEDERATION_PORTS"].split(","))
        return {name: int(port) for name, port in pairs}

    def uri(self, handle: str) -> str:
        return f"https://{self.host}/@{handle}/"

    def start(self) -> None:
        """All its processes run and it answers."""
        self.begin()
        until(self.is_up, within_s=UP_MAX_S)

    def begin(self) -> None:
        doors = [child for child in supervise.house(self.environment, port=0, logs=self.logs) if child.name == "tls"]
        celery = [sys.executable, "-m", "celery", "-A", "config", "worker", "--without-gossip", "--without-mingle"]
        words = [*celery, "--loglevel=WARNING", "-n", f"{self.host}@%h", "-Q", LANES, "-c", "2"]
        worker = Child("worker", words, {**self.environment, "DATABASE_POOL": "0"}, self.logs / "worker.log")
        self.children = [*doors, worker]
        for child in self.children:
            child.start()
        with (self.logs / "clerk.log").open("ab") as log:
            self.clerk = subprocess.Popen(
                [sys.executable, "-m", "tests.federation.towns.clerk"],
                cwd=HOME,
                env={**self.environment, "DATABASE_POOL": "0"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                preexec_fn=bind(15),
            )

    def kill(self, *names: str) -> None:
        """Web server and worker (or one of them) are gone at once; the clerk is no part of the town."""
        for child in self._those(*names):
            child.make_end(until=0)

    def revive(self, *names: str) -> None:
        for child in self._those(*names):
            child.start()
        until(self.is_up, within_s=UP_MAX_S)

    def closes(self) -> None:
        """Nobody can reach it; what it has to send goes out all the same."""
        self.kill("tls")

    def opens(self) -> None:
        self.revive("tls")

    def _those(self, *names: str) -> list[Child]:
        return [child for child in self.children if not names or child.name in names]

    def end(self) -> None:
        self.kill()
        if self.clerk:
            self.clerk.kill()
            self.clerk.communicate()

    def is_up(self) -> bool:
        try:
            return self.ask("GET", "/readyz").status == 200
        except OSError:
            return False

    def ask(self, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
        """What it answers over TLS to a request for its own name."""
        connection = http.client.HTTPSConnection(self.host, context=ssl.create_default_context(cafile=self.root))
        door = ("127.0.0.1", self.port)
        connection._create_connection = lambda *_where: socket.create_connection(door, 20)  # type: ignore[attr-defined]
        try:
            connection.request(method, target, body or None, dict(headers or {}))
            heard = connection.getresponse()
            return Answer(heard.status, {name.lower(): value for name, value in heard.getheaders()}, heard.read())
        finally:
            connection.close()

    def get(self, target: str, accept: str = "application/activity+json") -> Answer:
        return self.ask("GET", target, {"Accept": accept})

    def do(self, deed: str, /, **words: Any) -> Any:
        """A deed of deeds.py, done by the clerk. Raises `AssertionError` with what went wrong."""
        assert self.clerk
        assert self.clerk.stdin
        assert self.clerk.stdout
        self.clerk.stdin.write(json.dumps({"deed": deed, "words": words}) + "\n")
        self.clerk.stdin.flush()
        line = self.clerk.stdout.readline()
        heard = json.loads(line) if line else {"error": "the clerk has ended"}
        assert "error" not in heard, f"{deed} in {self.host}: {heard['error']}\n{self.said()}"
        return heard["answer"]

    def receives(self, letter: Mapping[str, Any]) -> int:
        """A letter (post.py) is brought to its inbox; the status of the answer."""
        return self.ask("POST", letter["target"], letter["headers"], letter["body"].encode()).status

    def becomes(self, expected: Any, deed: str, /, *, within_s: float = 20.0, **words: Any) -> None:
        """The deed's answer is as expected within that time; else the test fails with what it was, and the logs."""
        ends = time.monotonic() + within_s
        while (found := self.do(deed, **words)) != expected and time.monotonic() < ends:
            time.sleep(0.1)
        assert found == expected, f"{deed} in {self.host} stayed {found!r}\n{self.said()}"

    def said(self) -> str:
        """The last lines of every log."""
        return "\n".join(f"{log.name}:\n{log.read_text(errors='replace')[-2500:]}" for log in self.logs.glob("*.log"))


@contextmanager
def running(folder: Path, *, beside: Mapping[str, int], blocker: DjangoDbBlocker) -> Iterator[tuple[Town, Town]]:
    """Two empty towns; `beside` names other servers of this machine and their ports."""
    ca, ports = folder / "ca", {f"{name}.localhost": free_port() for name in NAMES}
    known = {**ports, **beside}
    towns = [_laid(folder, ca, number, host, known) for number, host in enumerate(ports)]
    with ExitStack() as stack:
        for town in towns:
            database = town.environment["HOUSE_DATABASE"]
            stack.callback(seed.drop, database)
            seed.create(database, blocker)
            stack.callback(town.end)
            town.begin()
        for town in towns:
            until(town.is_up, within_s=UP_MAX_S)
        yield towns[0], towns[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _laid(folder: Path, ca: Path, number: int, host: str, ports: Mapping[str, int]) -> Town:
    logs = folder / host
    logs.mkdir(parents=True)
    name = f"town_{os.getpid()}_{number}"
    redis_url = urlsplit(os.environ["REDIS_URL"])
    seat = (36, 52)[number] + int(redis_url.path.strip("/") or 0)  # after those of test processes and their houses
    certificate = authority.certificate(ca, host)
    ours = {
        "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl(),
        "HOUSE_DATABASE": name,
        "REDIS_URL": redis_url._replace(path=f"/{seat}").geturl(),
        "SITE_URL": f"https://{host}",
        "ALLOWED_HOSTS": f"127.0.0.1,localhost,{host}",
        "DEMO": "1",
        "DATABASE_POOL": "1",
        "DATABASE_POOL_SIZE": "4",
        "TLS_PORT": str(ports[host]),
        "TLS_CERTIFICATE": str(certificate),
        "FEDERATION_NETWORKS": "127.0.0.0/8",
        "FEDERATION_PORTS": ",".join(f"{other}:{port}" for other, port in ports.items()),
        "FEDERATION_CA_FILE": str(authority.root(ca)),
        "PYTHONUNBUFFERED": "1",
    }
    return Town(host, ports[host], authority.root(ca), {**os.environ, **ours}, logs)

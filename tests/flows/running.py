"""The real house for flow and browser tests: web server, two workers and beat as `script/server` runs them.

It has a database of its own beside the test database, migrated and empty: what is written there is committed, so that
other processes see it. Verbs called inside `verbs_at` write into it. Nothing runs eagerly.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import pytest
from pytest_django import DjangoDbBlocker

from config import supervise
from config.embedded.ground import bind
from tests import seed

T = TypeVar("T")
HOME = Path(__file__).resolve().parents[2]
UP_MAX_S = 90.0  # workers import Django thrice; other tests run beside
REDIS_STEP = 20  # test processes have Redis databases 1, 2, …; their houses 21, 22, …


@dataclass(frozen=True)
class House:
    base: str
    environment: dict[str, str]
    logs: Path

    @property
    def redis_url(self) -> str:
        return self.environment["REDIS_URL"]

    def said(self) -> str:
        """The last lines of every log, for a test that failed."""
        return "\n".join(f"{log.name}:\n{log.read_text(errors='replace')[-1500:]}" for log in self.logs.glob("*.log"))


def until(fact: Callable[[], T | None], *, within_s: float = 15.0) -> T:
    """`fact()` as soon as it is true; fails with what it was if that takes longer."""
    ends = time.monotonic() + within_s
    while not (found := fact()) and time.monotonic() < ends:
        time.sleep(0.1)
    assert found, f"not within {within_s:g} s: {found!r}"
    return found


def start(config: pytest.Config, blocker: DjangoDbBlocker) -> House:
    """Up, migrated and empty; one for the whole run of this process, gone with all its parts when that ends."""
    if _KEPT not in config.stash:
        stack = ExitStack()
        config.add_cleanup(stack.close)
        config.stash[_KEPT] = stack.enter_context(_running(Path(tempfile.mkdtemp(prefix="house-")), blocker))
    return config.stash[_KEPT]


_KEPT: pytest.StashKey[House] = pytest.StashKey()


@contextmanager
def _running(logs: Path, blocker: DjangoDbBlocker) -> Iterator[House]:
    name, port = f"house_{os.getpid()}", _free_port()
    environment = _environment(name, port)
    with _database(name, blocker):
        group = _start(environment, port, logs)
        house = House(f"http://127.0.0.1:{port}", environment, logs)
        try:
            until(lambda: _answers(house), within_s=UP_MAX_S)
            yield house
        finally:
            group.terminate()
            group.wait(timeout=30)
            shutil.rmtree(logs, ignore_errors=True)


@contextmanager
def verbs_at(house: House, blocker: DjangoDbBlocker) -> Iterator[None]:
    """Verbs called in here write into the house's database, and what they write is committed."""
    unsafe = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE", "")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread, and waits meanwhile
    try:
        with blocker.unblock(), seed.at(house.environment["HOUSE_DATABASE"]):
            yield
    finally:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = unsafe


def _environment(name: str, port: int) -> dict[str, str]:
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    redis_url = urlsplit(os.environ["REDIS_URL"])
    number = REDIS_STEP + int(redis_url.path.strip("/") or 0)
    ours = {
        "DATABASE_URL": database,
        "HOUSE_DATABASE": name,
        "REDIS_URL": redis_url._replace(path=f"/{number}").geturl(),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DEMO": "1",
        "DATABASE_POOL": "1",
        "OFFER_WAIT_MINUTES": "0",  # a browser waits for what arrives
        "OFFER_JITTER_MINUTES": "0",
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **ours}


@contextmanager
def _database(name: str, blocker: DjangoDbBlocker) -> Iterator[None]:
    seed.create(name, blocker)
    try:
        yield
    finally:
        seed.drop(name)


def _start(environment: dict[str, str], port: int, logs: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.flows.running", str(port), str(logs)]
    with (logs / "group.log").open("ab") as out:
        return subprocess.Popen(
            command, cwd=HOME, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, preexec_fn=bind(15)
        )


def _answers(house: House) -> bool:
    try:
        with urllib.request.urlopen(f"{house.base}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(port: str, logs: str) -> int:
    children = supervise.house(os.environ, port=int(port), logs=Path(logs))
    group = supervise.Group(children, say=lambda words: print(words, flush=True))  # noqa: T201 - its log
    group.heed()
    group.run(once_up=lambda: True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""The image's door without an image: each entry runs with production settings against real services."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytest_django import DjangoDbBlocker

from tests import seed
from tests.house.test_production import COMPLETE, HOME

pytestmark = [pytest.mark.flow]


@pytest.fixture(scope="module")
def environment(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, str]]:
    """Production, with a database of its own beside the tests' and files collected."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"entry_{os.getpid()}"
    plain = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
    place = {"DATABASE_URL": url._replace(path=f"/{name}").geturl(), "REDIS_URL": os.environ["REDIS_URL"]}
    files = str(tmp_path_factory.mktemp("static"))
    seed.create(name, django_db_blocker)
    try:
        run = {**plain, **COMPLETE, **place, "STATIC_ROOT": files, "PYTHON": sys.executable, "BIND": "127.0.0.1"}
        assert entry(run, "manage", "collectstatic", "--noinput", "--verbosity", "0").returncode == 0
        assert entry(run, "migrate").returncode == 0
        yield run
    finally:
        seed.drop(name)


def entry(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([HOME / "deploy" / "entry", *words], env=environment, timeout=120, check=False)


def probe(environment: dict[str, str], what: str) -> int:
    command = [sys.executable, "-m", "config.probe", what]
    return subprocess.run(command, cwd=HOME, env=environment, capture_output=True, timeout=60, check=False).returncode


@contextmanager
def running(environment: dict[str, str], door: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The door's process; SIGTERM ends it, as a container engine does."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [HOME / "deploy" / "entry", door], env=environment, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield process
        process.terminate()
        assert process.wait(timeout=30) in {0, -signal.SIGTERM}, log.read_text()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def within(seconds: float, true: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.3)
    return true()


def test_web_is_well_and_sends_plain_visitors_to_tls(environment: dict[str, str], tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {**environment, "PORT": port, "WEB_PROCESSES": "1"}
    with running(environment, "web", tmp_path / "web.log"):
        assert within(60, lambda: probe(environment, "web") == 0), (tmp_path / "web.log").read_text()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": "leumund.example"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 200
        plain = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Host": "leumund.example"})
        with pytest.raises(urllib.error.URLError):  # redirected to https://leumund.example, which is nowhere
            urllib.request.urlopen(plain, timeout=10)
        foreign = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(foreign, timeout=10)
    assert probe(environment, "web") == 1


@pytest.mark.parametrize("door", ["worker", "night"])
def test_a_worker_starts_is_well_and_ends_when_asked(environment: dict[str, str], tmp_path: Path, door: str) -> None:
    log = tmp_path / f"{door}.log"
    with running(environment, door, log):
        assert within(60, lambda: "ready" in log.read_text()), log.read_text()
        assert probe(environment, "worker") == 0


def test_beat_starts_and_ends_when_asked(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "beat.log"
    with running(environment, "beat", log):
        assert within(60, lambda: "Sending due task tick" in log.read_text()), log.read_text()
        assert probe(environment, "beat") == 0


def test_without_its_database_nothing_is_well(environment: dict[str, str]) -> None:
    gone = {**environment, "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none", "REDIS_URL": "redis://127.0.0.1:9/0"}
    assert [probe(gone, what) for what in ("web", "worker", "beat")] == [1, 1, 1]
    assert entry(gone, "migrate").returncode != 0

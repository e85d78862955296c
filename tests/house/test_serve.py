"""`script/server`: up with everything, gone with everything, whatever ends it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from config import embedded

pytestmark = [pytest.mark.flow]
HOME = Path(__file__).resolve().parents[2]
UP_MAX_S = 120.0
GONE_MAX_S = 10.0


@dataclass
class House:
    """A served house; `mark` stands in the environment of each of its processes."""

    process: subprocess.Popen[bytes]
    folder: Path
    port: int
    mark: str

    @property
    def web(self) -> str:
        """What stands in the command of the server that browsers ask; neighbours have their own."""
        return f"127.0.0.1 --port {self.port}"

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def said(self) -> str:
        return (self.folder / "said").read_text()

    def processes(self) -> dict[int, str]:
        """pid → command of everything of this house that lives, except the services."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark in (entry / "environ").read_text(errors="replace"):
                    found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
        return {pid: command for pid, command in found.items() if command}

    def one(self, words: str) -> int:
        """The eldest process whose command holds these words; 0 if there is none."""
        return min((pid for pid, command in self.processes().items() if words in command), default=0)

    def all_there(self) -> bool:
        return (
            self.answers()
            and "is up at" in self.said()
            and all(self.one(words) for words in ("quick@", "slow@", "beat"))
        )


def within(seconds: float, true: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.1)
    return true()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Data and logs of one house, which these tests start again and again."""
    folder = tmp_path_factory.mktemp("served")
    for step in (folder, folder.parent, folder.parent.parent):
        step.chmod(0o755)  # pytest closes its folders; under root the services run as somebody else
    (folder / "cast.txt").write_text("Ada signs in with …\n")  # no demo town: that has tests of its own
    yield folder
    embedded.remove(folder)


@pytest.fixture
def house(folder: Path) -> Iterator[House]:
    with served(folder, {}) as house:
        yield house
    embedded.stop(folder)


@contextmanager
def served(folder: Path, given: dict[str, str]) -> Iterator[House]:
    """A server in `folder` with `given` in its environment; nothing of it is left in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mark = uuid.uuid4().hex
    command = [sys.executable, "-m", "config.serve", "--port", str(port), "--folder", str(folder)]
    environment = {**plain_environment(), **given, "MARK": mark}
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            command, cwd=HOME, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
    house = House(process, folder, port, mark)
    try:
        yield house
    finally:
        process.kill()
        process.wait()
        for pid in house.processes():
            os.kill(pid, signal.SIGKILL)


def plain_environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}


def ends_at(house: House, sign: signal.Signals) -> None:
    """The signal ends everything of the house, and soon."""
    house.process.send_signal(sign)
    assert house.process.wait(timeout=GONE_MAX_S) == 0
    assert house.processes() == {}
    assert not embedded.running(house.folder)


def test_killed_it_leaves_nothing_behind(house: House) -> None:
    assert within(UP_MAX_S, house.all_there), house.processes()
    house.process.kill()
    assert within(GONE_MAX_S, lambda: not house.processes()), house.processes()
    assert within(GONE_MAX_S, lambda: not embedded.running(house.folder))


def test_what_is_killed_comes_back_and_sigterm_ends_it(house: House) -> None:
    assert within(UP_MAX_S, house.all_there), house.processes()
    victims = {words: house.one(words) for words in (house.web, "quick@", "beat")}
    for pid in victims.values():
        os.kill(pid, signal.SIGKILL)
    for words, pid in victims.items():
        assert within(20, lambda words=words, pid=pid: house.one(words) not in {0, pid}), words  # type: ignore[misc]
    assert within(20, house.all_there), house.processes()
    ends_at(house, signal.SIGTERM)


def test_a_second_server_in_the_same_folder_is_refused_and_ctrl_c_ends_the_first(house: House) -> None:
    assert within(UP_MAX_S, house.all_there), house.processes()
    command = [sys.executable, "-m", "config.serve", "--port", "0", "--folder", str(house.folder)]
    second = subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=20, check=False)
    assert second.returncode == 1
    assert "already runs" in second.stderr
    assert house.answers()
    ends_at(house, signal.SIGINT)
    assert f"http://127.0.0.1:{house.port}" in house.said()
    assert "Ada signs in" in house.said()


def test_with_services_given_it_starts_none_builds_no_town_and_a_closed_terminal_ends_it(tmp_path: Path) -> None:
    """Somebody's own database gets its tables, nothing else."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"served_{os.getpid()}"
    given = {"DATABASE_URL": url._replace(path=f"/{name}").geturl(), "REDIS_URL": os.environ["REDIS_URL"]}
    with psycopg.connect(url.geturl(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        with served(tmp_path, given) as house:
            assert within(UP_MAX_S, house.all_there), house.said()
            assert not embedded.running(tmp_path)
            with psycopg.connect(given["DATABASE_URL"]) as inside:
                assert inside.execute("SELECT count(*) FROM accounts_member").fetchone() == (0,)
            ends_at(house, signal.SIGHUP)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_half_a_pair_of_services_is_refused(tmp_path: Path) -> None:
    environment = {**plain_environment(), "DATABASE_URL": "postgresql://nobody@localhost/none"}
    command = [sys.executable, "-m", "config.serve", "--port", "0", "--folder", str(tmp_path)]
    refused = subprocess.run(
        command, cwd=HOME, env=environment, capture_output=True, text=True, timeout=20, check=False
    )
    assert refused.returncode == 1
    assert "Set both" in refused.stderr

"""The embedded services: started twice they are one, killed they come back, and nobody else gets in."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config import embedded
from config.embedded import Services, ground, postgres, valkey

pytestmark = pytest.mark.flow


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("embedded")
    for step in (folder, folder.parent, folder.parent.parent):
        step.chmod(0o755)  # pytest closes its folders; the tenant must get in
    yield folder
    embedded.remove(folder)


def count(services: Services) -> int:
    with psycopg.connect(services.database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS guest (name text)")
        connection.execute("INSERT INTO guest VALUES ('Ada')")
        row = connection.execute("SELECT count(*) FROM guest").fetchone()
    return int(row[0]) if row else 0


def test_started_twice_they_are_one(place: Path) -> None:
    first = embedded.start(place, bound=True, durable=False)
    postmaster = postgres.pid_of(ground.lay(place))
    assert embedded.start(place, bound=True, durable=False) == first
    assert postgres.pid_of(ground.lay(place)) == postmaster


def test_what_was_committed_survives_a_kill_of_everything(place: Path) -> None:
    services = embedded.start(place, bound=True)
    assert count(services) == 1
    for pid in (postgres.pid_of(ground.lay(place)), valkey.pid_of(ground.lay(place))):
        assert pid
        os.kill(pid, signal.SIGKILL)
    again = embedded.start(place, bound=True)
    assert again == services
    assert count(again) == 2
    assert redis.Redis.from_url(again.redis_url).ping()


def test_a_pid_file_of_a_stranger_stops_nobody(place: Path) -> None:
    """After a crash the number in the file may belong to another process: it is left alone."""
    services = embedded.start(place, bound=True, durable=False)
    embedded.stop(place)
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        (ground.lay(place).data / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n")
        assert embedded.start(place, bound=True, durable=False) == services
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_stopped_twice_nothing_runs(place: Path) -> None:
    embedded.start(place, bound=True, durable=False)
    embedded.stop(place)
    embedded.stop(place)
    assert not embedded.running(place)


def test_without_the_password_nobody_gets_in(place: Path) -> None:
    services = embedded.start(place, bound=True, durable=False)
    secret = (place / "postgres.password").read_text()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(services.database_url.replace(secret, "mallory"))
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=int(services.redis_url.rsplit(":", 1)[1].split("/")[0])).ping()
    for name in ("postgres.password", "valkey.json"):
        assert stat.S_IMODE((place / name).stat().st_mode) == 0o600


def test_the_data_has_checksums_and_sorts_alike_everywhere(place: Path) -> None:
    services = embedded.start(place, bound=True, durable=False)
    ask = "SELECT current_setting('data_checksums'), datlocale FROM pg_database WHERE datname = current_database()"
    with psycopg.connect(services.database_url) as connection:
        assert connection.execute(ask).fetchone() == ("on", "C.UTF-8")


def test_bound_services_end_when_their_starter_is_killed(place: Path) -> None:
    script = f"from config import embedded; from pathlib import Path; embedded.start(Path({str(place)!r}), bound=True)"
    starter = subprocess.Popen(
        [sys.executable, "-c", f"{script}; print('up', flush=True); input()"], stdin=-1, stdout=-1
    )
    assert starter.stdout
    assert starter.stdout.readline() == b"up\n"
    assert embedded.running(place)
    starter.kill()
    starter.communicate()
    until = time.monotonic() + 10
    while embedded.running(place) and time.monotonic() < until:
        time.sleep(0.1)
    assert not embedded.running(place)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the services to somebody else")
def test_under_root_the_services_run_as_nobody_even_from_a_private_home(place: Path) -> None:
    home = place / "private"
    home.mkdir(mode=0o700)
    services = embedded.start(home, bound=True, durable=False)
    try:
        lay = ground.lay(home)
        assert home not in lay.data.parents
        assert count(services) == 1
        pid = postgres.pid_of(lay)
        assert Path(f"/proc/{pid}").stat().st_uid == 65534
    finally:
        embedded.remove(home)
    assert not lay.data.exists()

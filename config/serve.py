"""`python -m config.serve [--town two] [--port N]`: this house on a laptop, from nothing to a printed address.

With DATABASE_URL and REDIS_URL it uses those and starts nothing of its own; else it brings PostgreSQL and Valkey,
fills its own database with a demo town once, and hears its neighbour on this machine (config/towns.py).
"""

import argparse
import fcntl
import hashlib
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from config import embedded, towns
from config.supervise import Group, house
from config.towns import TOWNS, Town

HOME = Path(__file__).resolve().parent.parent
MANAGE = HOME / "manage.py"
RUN = HOME / ".run"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/server", description="Serve this house on 127.0.0.1.")
    parser.add_argument("--town", choices=TOWNS, default="one", help="two: a neighbour of the first, beside it")
    parser.add_argument("--port", type=int, help="of the pages (default: 8000, 8001 for the second town)")
    parser.add_argument("--folder", type=Path, help="data, logs and keys (default: .run, .run/two)")
    asked = parser.parse_args(arguments)
    town = TOWNS[asked.town]
    port: int = town.port if asked.port is None else asked.port
    folder: Path = (asked.folder or RUN / town.folder).resolve()
    os.chdir(HOME)
    logs = folder / "log"
    logs.mkdir(parents=True, exist_ok=True)
    lock = _lock(folder)
    if lock is None:
        return _refuse(f"A server already runs in {folder}: {(folder / 'server.lock').read_text().strip()}")
    if not towns.free(port):
        return _refuse(f"Port {port} is taken; try --port {port + 2}.")
    for sign in (signal.SIGTERM, signal.SIGHUP):  # also while things start: leave through `finally`
        signal.signal(sign, _leave)
    try:
        return _serve(town, folder, port=port, logs=logs)
    except embedded.NoGround as refusal:
        return _refuse(str(refusal))
    except KeyboardInterrupt:
        return 130


def _serve(town: Town, folder: Path, *, port: int, logs: Path) -> int:
    ours = not (os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL"))
    try:
        environment = {**os.environ, **_environment(town, folder, port=port, ours=ours)}
        _prepare(town, folder, environment, ours=ours)
        group = Group(house(environment, port=port, logs=logs), say=_say)
        group.heed()
        group.run(once_up=_greeter(town, port, folder / "cast.txt" if ours else None, environment))
    finally:
        if ours:
            for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(sign, signal.SIG_IGN)  # the services end in peace
            embedded.stop(folder)
    return 0


def _environment(town: Town, folder: Path, *, port: int, ours: bool) -> dict[str, str]:
    """What the children need beyond our own environment. Raises `NoGround` for half a pair of services."""
    own = {"SITE_URL": os.environ.get("SITE_URL", f"http://127.0.0.1:{port}"), "PYTHONUNBUFFERED": "1"}
    if ours and "SITE_URL" not in os.environ:
        own |= towns.environment(town, port=port, ca=RUN / "ca")
    if ours:
        return {**own, **embedded.start(folder, bound=True).environment}
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        raise embedded.NoGround("Set both DATABASE_URL and REDIS_URL, or neither.")
    if not (os.environ.get("SECRET_KEY") or os.environ.get("SECRET_KEY_FILE")):
        own["DEMO"] = os.environ.get("DEMO", "1")
        _say("No SECRET_KEY: this is a laptop on loopback (DEMO=1), with keys that everybody knows.")
    return own


def _prepare(town: Town, folder: Path, environment: Mapping[str, str], *, ours: bool) -> None:
    """The tables are there, and in our own database the demo town. Skipped at once if no migration is new."""
    stamp, state = folder / "migrated", _migrations_state()
    if not ours or not stamp.exists() or stamp.read_text() != state:
        _manage(environment, "migrate", "--verbosity=0")
        if ours:
            stamp.write_text(state)
    if ours and not (folder / "cast.txt").exists():
        _say("Building the demo town; this happens once and takes up to a minute.")
        _manage(environment, "demo", "--town", town.key)
        half = folder / "cast.half"
        half.write_text(_manage(environment, "demo", "--town", town.key, "--cast"))
        half.rename(folder / "cast.txt")


def _migrations_state() -> str:
    files = sorted(path for path in HOME.glob("*/**/migrations/*.py") if ".venv" not in path.parts)
    digest = hashlib.sha256((HOME / "requirements.txt").read_bytes())
    for path in files:
        digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()


def _manage(environment: Mapping[str, str], *words: str) -> str:
    """What `manage.py` said; its complaints go to our stderr. Raises `NoGround` if it failed."""
    command = [sys.executable, str(MANAGE), *words]
    done = subprocess.run(command, env={**environment, "DATABASE_POOL": "0"}, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise embedded.NoGround(f"manage.py {words[0]} failed with code {done.returncode}.")
    return done.stdout.decode()


def _greeter(town: Town, port: int, cast: Path | None, environment: Mapping[str, str]) -> Callable[[], bool]:
    """A function that is True once the house answers, and has then said so."""
    address = f"http://127.0.0.1:{port}"

    def greet() -> bool:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=1):  # noqa: S310
                pass
        except (urllib.error.URLError, OSError):
            return False
        _say(f"\n{cast.read_text().rstrip()}\n" if cast else "")
        _say(f"{environment.get('SITE_NAME', 'Leumund')} is up at {address}  (Ctrl-C ends it)")
        _say(towns.neighbourhood(town, environment))
        return True

    return greet


def _lock(folder: Path) -> IO[str] | None:
    """One server a folder; held until this process ends."""
    lock = (folder / "server.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return None
    lock.truncate(0)
    lock.write(f"process {os.getpid()}\n")
    lock.flush()
    return lock


def _leave(_sign: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _say(words: str) -> None:
    try:
        print(words, flush=True)
    except OSError:  # the terminal is gone
        return


def _refuse(words: str) -> int:
    print(words, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

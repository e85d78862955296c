"""The house as one group, for `faults`: the same processes under the same supervisor as `script/server` runs.

`python -m benchmarks._house PORT LOGS` is that supervisor; `House` starts it, and finds what there is to kill.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from config.embedded.ground import bind
from config.supervise import Group, house

UP_MAX_S = 60.0


class House:
    """A running house on a free port. Killed parts are started again by the supervisor."""

    def __init__(self, *, logs: Path) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.logs = logs
        # As many requests as the load needs: allowances are not what is measured here.
        plenty = {"REQUESTS_NEW_A_DAY": "100000", "REQUESTS_OPEN": "100000", "REQUESTS_OPEN_MAX": "100000"}
        ours = {"SITE_URL": self.base, "PYTHONUNBUFFERED": "1", "DATABASE_POOL": "1"}
        command = [sys.executable, "-m", "benchmarks._house", str(self.port), str(logs)]
        with (logs / "group.log").open("ab") as out:
            self.group = subprocess.Popen(
                command,
                env={**os.environ, **plenty, **ours},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                preexec_fn=bind(signal.SIGTERM),
            )

    def wait(self) -> None:
        """Returns when the web server answers and both workers have their children; else SystemExit."""
        until = time.monotonic() + UP_MAX_S
        while time.monotonic() < until:
            if self._answers() and _children(self.pid_of("quick@") or 0):
                return
            time.sleep(0.1)
        raise SystemExit(f"The house did not come up in {UP_MAX_S:g} s:\n{self.said()}")

    def pid_of(self, naming: str) -> int | None:
        """The process of the group with these words in its command line."""
        for pid in _children(self.group.pid):
            if naming in _command(pid):
                return pid
        return None

    def kill(self, naming: str) -> bool:
        """kill -9; False if it was not running."""
        return _kill(self.pid_of(naming))

    def kill_child_of(self, naming: str, *, number: int) -> bool:
        """kill -9 of one of its children; False if it had none."""
        children = _children(self.pid_of(naming) or 0)
        return bool(children) and _kill(children[number % len(children)])

    def end(self) -> None:
        self.group.terminate()
        self.group.wait(timeout=30)

    def said(self) -> str:
        """The last lines of every log."""
        tails = (f"{log.name}:\n{log.read_text(errors='replace')[-1500:]}" for log in sorted(self.logs.glob("*.log")))
        return "\n".join(tails)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base}/readyz", timeout=1) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def _children(pid: int) -> list[int]:
    """Its living children, oldest first; none if it is gone. Read from every process's stat, field 4 (proc(5))."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat") if pid else []:
        try:
            state, parent = file.read_text().rsplit(")", 1)[1].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(file.parent.name))
    return sorted(found)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _kill(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def main(port: str, logs: str) -> int:
    group = Group(house(os.environ, port=int(port), logs=Path(logs)), say=lambda words: print(words, flush=True))
    group.heed()
    group.run(once_up=lambda: True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Where the embedded services live, and as whom they run.

PostgreSQL refuses to run as root. Called by root (a container, a rented machine) the services run as
`nobody`, who must be able to reach programs and data; a private home (0700) is left for /var/tmp.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOCKET_FOLDER_MAX_CHARACTERS = 85  # sun_path holds 108 (unix(7)); `/.s.PGSQL.5432` and a margin go off
LOG_MAX_BYTES = 10_000_000
_PR_SET_PDEATHSIG = 1  # prctl(2)


class NoGround(RuntimeError):
    """The embedded services cannot start here; the words say why and what to do."""


@dataclass(frozen=True)
class Ground:
    """`folder` keeps the keys (ours alone); `data` belongs to the tenant; `sockets` has a short name."""

    folder: Path
    data: Path
    sockets: Path
    tenant: pwd.struct_passwd | None

    def spawn(self, command: Sequence[str | Path], *, log: str, farewell: int | None, stdin: str = "") -> None:
        """Run `command` as the tenant, apart from our terminal; when we die, it gets the signal `farewell` if any."""
        path = self.folder / log
        if path.exists() and path.stat().st_size > LOG_MAX_BYTES:
            path.unlink()
        with path.open("ab") as out:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=bind(farewell) if farewell else None,
                **self._whom(),
            )
        process.returncode = 0  # `runs` reaps it; nobody asks this object again
        assert process.stdin
        with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(stdin.encode())

    def run(self, command: Sequence[str | Path]) -> None:
        """Run to the end as the tenant. Raises `NoGround` with what it said."""
        process = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **self._whom(),
        )
        if process.returncode:
            raise NoGround(f"{Path(command[0]).name}: {process.stderr.strip() or process.stdout.strip()}")

    def hand_over(self, path: Path, mode: int = 0o700) -> Path:
        """Make the folder `path`, the tenant's own. Raises `NoGround` if somebody else holds that name."""
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        owner = self.tenant.pw_uid if self.tenant else os.geteuid()
        if path.is_symlink() or path.stat().st_uid not in {owner, os.geteuid()}:
            raise NoGround(f"{path} belongs to somebody else; remove it or choose another folder.")
        if self.tenant:
            os.chown(path, self.tenant.pw_uid, self.tenant.pw_gid)
        path.chmod(mode)
        return path

    def within_reach(self, program: Path, *, base: Path, parts: Sequence[Path]) -> Path:
        """`program` where the tenant can run it: in place, else among copies of `parts`, laid out as under `base`."""
        if not self.tenant or reachable(program, self.tenant):
            return program
        stamp = hashlib.sha256(f"{parts}{parts[0].stat().st_mtime_ns}".encode()).hexdigest()[:12]
        copy = self.data / f"programs-{stamp}"
        if not copy.exists():
            half = Path(f"{copy}.half")
            shutil.rmtree(half, ignore_errors=True)
            for part in parts:
                rest = shutil.ignore_patterns("*.a", "include", "__pycache__")
                shutil.copytree(part, half / part.relative_to(base), ignore=rest)
            half.rename(copy)
        return copy / program.relative_to(base)

    def _whom(self) -> dict[str, Any]:
        """As whom and where: nothing of our own environment goes along, it may hold secrets."""
        place = {"cwd": "/", "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}}
        if not self.tenant:
            return place
        return {**place, "user": self.tenant.pw_uid, "group": self.tenant.pw_gid, "extra_groups": []}


def lay(folder: Path) -> Ground:
    """The ground for `folder`, made if need be."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    tenant = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    away = f"leumund-{os.geteuid()}-{hashlib.sha256(str(folder).encode()).hexdigest()[:10]}"
    data = folder if not tenant or reachable(folder, tenant) else Path("/var/tmp", away)  # noqa: S108
    sockets = data / "sockets"
    if len(str(sockets)) > SOCKET_FOLDER_MAX_CHARACTERS:
        sockets = Path("/tmp", away)  # noqa: S108
    ground = Ground(folder=folder, data=data, sockets=sockets, tenant=tenant)
    if data != folder:
        _own(data)
    ground.hand_over(sockets)
    return ground


def reachable(path: Path, tenant: pwd.struct_passwd) -> bool:
    """Whether `tenant` may walk to `path`, by owner and by everybody's bit (groups are not asked)."""
    for step in [path, *path.parents]:
        facts = step.stat()
        bit = 0o100 if facts.st_uid == tenant.pw_uid else 0o001
        if not facts.st_mode & bit:
            return False
    return True


@contextlib.contextmanager
def alone(folder: Path, name: str = "services") -> Iterator[None]:
    """One process at a time: two that start the same services wait for each other."""
    with (folder / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def runs(pid: int, *, naming: str) -> bool:
    """Whether `pid` lives and `naming` stands in its command line: a pid may have been given to another."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        return naming in Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except OSError:
        return False


def end(pid: int, *, naming: str, by: Sequence[tuple[signal.Signals, float]]) -> None:
    """End `pid`: each signal gets its seconds, the last is SIGKILL. Raises nothing if it is gone already."""
    for sign, patience_s in [*by, (signal.SIGKILL, 5.0)]:
        if not runs(pid, naming=naming):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        until = time.monotonic() + patience_s
        while runs(pid, naming=naming) and time.monotonic() < until:
            time.sleep(0.02)


def _own(path: Path) -> None:
    """A folder in a place open to all: ours, or nothing."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o755)
    if path.is_symlink() or path.stat().st_uid != os.geteuid():
        raise NoGround(f"{path} belongs to somebody else; remove it or choose another folder.")
    path.chmod(0o755)


def bind(sign: int) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends `sign` to the child when we die, be it by kill -9 (Linux only)."""
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, sign) and None

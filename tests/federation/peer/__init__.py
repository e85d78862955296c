"""Fedify, a server of another kind, for tests and benchmarks: installed once by npm, driven line by line.

Where Node or npm cannot be had, `npm.NoNode` says so and the tests are skipped.
"""

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import npm

HERE = Path(__file__).resolve().parent


def install() -> Path:
    """The folder with the peer's script and all it imports. Raises `NoNode`."""
    return npm.install(HERE, "peer", "peer.mjs")


@contextmanager
def running(
    name: str, *, people: Sequence[str], certificate: Path, authority: Path, ports: Mapping[str, int], folder: Path
) -> Iterator["Peer"]:
    """The peer answers under `https://name`. `certificate`: its key and certificate as PEM.

    `ports`: where it and others of this machine are, by name; a free one if its own is not named. Keys and log lie in
    `folder`. Raises `NoNode`.
    """
    installed = install()
    given = {
        "name": name, "people": list(people), "ports": dict(ports), "keys": str(folder),
        "key": str(certificate), "certificate": str(certificate), "authority": str(authority),
    }  # fmt: skip
    environment = {"PATH": os.environ["PATH"], "PEER": json.dumps(given), "NODE_EXTRA_CA_CERTS": str(authority)}
    with (folder / "peer.log").open("ab") as log:
        process = subprocess.Popen(
            [npm.node(), installed / "peer.mjs"],
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

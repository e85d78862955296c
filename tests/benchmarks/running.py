"""Benchmarks as their own processes, with services of their own: they empty tables that others are using."""

import os
import subprocess
import sys
from pathlib import Path

from config import embedded

HOME = Path(__file__).resolve().parents[2]
RUN_MAX_S = 170


def run(name: str, *options: str) -> tuple[int, dict[str, float]]:
    """Exit code and figures of one run."""
    folder = embedded.passing(f"tests-{name}")
    try:
        services = embedded.start(folder, bound=True, durable=False)
        ours = {"BENCH_FOLDER": str(folder), "DATABASE_POOL": "0", **services.environment}
        command = [sys.executable, "-m", f"benchmarks.{name}", *options]
        done = subprocess.run(
            command,
            cwd=HOME,
            env={**os.environ, **ours},
            capture_output=True,
            text=True,
            timeout=RUN_MAX_S,
            check=False,
        )
    finally:
        embedded.remove(folder)
    print(done.stdout, done.stderr)  # noqa: T201 - shown where the test fails
    pairs = (line.split(" = ") for line in done.stdout.splitlines() if line.count(" = ") == 1)
    return done.returncode, {figure: float(value) for figure, value in pairs}

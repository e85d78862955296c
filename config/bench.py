"""`python -m config.bench [NAME …]`: lists the benchmarks, or runs one with services of its own."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

from config import embedded
from config.embedded.ground import bind

HOME = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    there = benchmarks(HOME / "benchmarks")
    if not arguments:
        for name, says in there.items():
            print(f"{name:<12} {says}")
        return 0
    name, *options = arguments
    if name not in there:
        print(f"No benchmark {name!r}; there are: {', '.join(there) or 'none'}.", file=sys.stderr)
        return 2
    return _run(name, options)


def benchmarks(folder: Path) -> dict[str, str]:
    """Name and first line of the docstring of each `benchmarks/NAME.py`; `_NAME.py` are parts of others."""
    found = {}
    for path in sorted(folder.glob("[!_]*.py")):
        words = ast.get_docstring(ast.parse(path.read_text())) or ""
        found[path.stem] = words.split("\n", 1)[0]
    return found


def _run(name: str, options: list[str]) -> int:
    """The benchmark's exit code. Its services live in a folder of this run and are gone after it."""
    folder = embedded.passing("bench")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        services = embedded.start(folder, bound=True)
        ours = {"DJANGO_SETTINGS_MODULE": "config.settings", "BENCH_FOLDER": str(folder), "DATABASE_POOL": "0"}
        environment = {**os.environ, **services.environment, **ours}
        command = [sys.executable, "-m", f"benchmarks.{name}", *options]
        return subprocess.run(command, env=environment, preexec_fn=bind(signal.SIGTERM), check=False).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        embedded.remove(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

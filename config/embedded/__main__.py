"""`python -m config.embedded env|stop|status --folder F`: the services from a shell.

eval "$(python -m config.embedded env --folder /tmp/mine)" starts them and exports DEMO, DATABASE_URL and REDIS_URL.
"""

import argparse
import shlex
import sys
from pathlib import Path

from config import embedded


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    parser.add_argument("act", choices=["env", "stop", "status"])
    parser.add_argument("--folder", type=Path, default=Path(__file__).resolve().parents[2] / ".run")
    parser.add_argument("--name", default="leumund", help="the database")
    asked = parser.parse_args(arguments)
    try:
        return _do(asked)
    except embedded.NoGround as refusal:
        print(refusal, file=sys.stderr)
        return 1


def _do(asked: argparse.Namespace) -> int:
    if asked.act == "stop":
        embedded.stop(asked.folder)
    elif asked.act == "env":
        for key, value in embedded.start(asked.folder, name=asked.name).environment.items():
            print(f"export {key}={shlex.quote(value)}")
    else:
        print("running" if embedded.running(asked.folder) else "not running")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

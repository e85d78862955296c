"""The house stands as it was drawn: floors, sizes, and nothing of anybody's machine in the tree."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from config import bench

HOME = Path(__file__).resolve().parents[2]
FLOORS = ("config", "frontend", "network", "vetting", "accounts", "foundation")
LINES_MAX = 300  # house.md: 40 to 250 lines; the rest is tolerance
OUTWARD = re.compile(r"pypi\.|pythonhosted|index-url|find-links|jsdelivr|unpkg|cdnjs|googleapis|gstatic|/root/|/work/")
KEYS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{30}|xox[bap]-[0-9]")


def sources(*suffixes: str) -> list[Path]:
    """Files of ours, with these suffixes ("" for none); what is made or fetched does not count."""
    skip = {".venv", ".git", ".run", "staticfiles", "secrets", "node_modules", "__pycache__"}
    return [
        path
        for path in sorted(HOME.rglob("*"))
        if path.is_file() and path.suffix in suffixes and not skip & set(path.relative_to(HOME).parts[:-1])
        if not any(part.endswith("_cache") or part == ".hypothesis" for part in path.parts)
    ]


def test_a_floor_imports_only_from_below() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    run = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_package_of_the_top_level_has_its_floor() -> None:
    ours = {path.parent.name for path in HOME.glob("*/__init__.py")} - {"tests", "benchmarks"}
    contracts = tomllib.loads((HOME / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert ours == set(FLOORS) == set(contracts["root_packages"])
    assert contracts["contracts"][0]["layers"] == list(FLOORS)


@pytest.mark.parametrize("wing", ["contacts", "messages", "moderation"])
def test_every_wing_stands_in_the_order_of_the_wings(wing: str) -> None:
    contracts = tomllib.loads((HOME / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert wing in contracts[1]["layers"]
    assert {path.parent.name for path in (HOME / "network").glob("*/__init__.py")} == set(contracts[1]["layers"])


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lines = {path.relative_to(HOME): len(path.read_text().splitlines()) for path in sources(".py")}
    long = {name: n for name, n in lines.items() if n > LINES_MAX}
    assert not {name: n for name, n in long.items() if "migrations" not in name.parts}


def test_no_room_is_named_by_nothing() -> None:
    nameless = {"utils", "helpers", "services", "managers", "common", "misc"}
    assert not [
        path for path in sources(".py") if path.stem in nameless or nameless & set(path.relative_to(HOME).parts)
    ]


def test_nothing_of_the_tree_names_a_foreign_host_or_a_machine() -> None:
    kinds = (".py", ".html", ".css", ".js", ".toml", ".yml", ".in", ".md", ".txt", "", ".svg", ".example")
    found = {
        f"{path.relative_to(HOME)}: {match.group()}"
        for path in sources(*kinds)
        if path != Path(__file__)
        for match in OUTWARD.finditer(path.read_text(errors="replace"))
        if not (path.suffix == "" and match.group() in {"index-url", "find-links"})  # script/lock leaves them out
    }
    assert not found


def test_no_secret_lies_in_the_tree() -> None:
    assert not [
        path for path in sources(".py", ".yml", ".toml", ".md", "") if KEYS.search(path.read_text(errors="replace"))
    ]


def test_the_locks_hold_a_hash_for_every_part() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        blocks = re.split(r"\n(?=[a-z0-9])", (HOME / name).read_text().strip())
        assert blocks
        assert all("--hash=sha256:" in block and "==" in block for block in blocks), name


def test_the_lock_holds_what_the_oldest_python_needs() -> None:
    """Debian 12 has Python 3.11.2, where redis needs async-timeout; a newer 3.11 does not."""
    assert "async-timeout==" in (HOME / "requirements.txt").read_text()


@pytest.mark.parametrize(
    "script",
    ["script/setup", "script/server", "script/test", "script/check", "script/bench", "script/pictures", ".ci/run"],
)
def test_every_command_stops_at_its_first_failure(script: str) -> None:
    path = HOME / script
    assert path.stat().st_mode & 0o111
    assert path.read_text().startswith("#!/usr/bin/env bash\n")
    assert "\nset -euo pipefail\n" in path.read_text()
    subprocess.run(["bash", "-n", path], check=True)


def test_every_benchmark_says_in_one_line_what_it_measures() -> None:
    there = bench.benchmarks(HOME / "benchmarks")
    assert {"crossings", "faults"} <= set(there)
    assert all(there.values())
    assert not [name for name in there if name.startswith("_")]

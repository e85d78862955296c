"""A backup made while people write holds everything that was acknowledged before it, and the ledger proves."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from config.embedded import postgres
from tests.house.test_production import HOME

pytestmark = [pytest.mark.flow, pytest.mark.timeout(240)]
PROGRAMS = postgres.programs()

WRITER = """
import django; django.setup()
from django.db import transaction
from accounts.models import Account
from accounts import signup
from vetting import evidence, ledger
def member(handle):
    made = signup.join(Account.objects.create_user(handle + "@example.org"), handle=handle, name=handle.title())
    signup.confirm(made)
    return made
ada, bo = member("adabel"), member("bobert")
number = 0
while True:
    with transaction.atomic():
        ledger.record(ada, by=bo, kind=evidence.NOT_TRUE, source=f"under-load:{number}")
    print(number, flush=True)
    number += 1
"""


def databases(*names: str) -> Iterator[list[str]]:
    url = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(url.geturl(), autocommit=True) as connection:
        for name in names:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'CREATE DATABASE "{name}"')
        yield [url._replace(path=f"/{name}").geturl() for name in names]
        for name in names:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def two() -> Iterator[list[str]]:
    yield from databases(f"kept_{os.getpid()}", f"back_{os.getpid()}")


def environment(url: str) -> dict[str, str]:
    programs = {"PYTHON": sys.executable, "PG_DUMP": str(PROGRAMS / "pg_dump")}
    programs["PG_RESTORE"] = str(PROGRAMS / "pg_restore")
    house = {"DEMO": "1", "DATABASE_POOL": "0", "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    return {**os.environ, **house, **programs}


def run(url: str, *words: object) -> subprocess.CompletedProcess[str]:
    command = [str(word) for word in words]
    return subprocess.run(command, cwd=HOME, env=environment(url), capture_output=True, text=True, check=False)


def well(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_was_acknowledged_before_the_backup_is_in_it(two: list[str], tmp_path: Path) -> None:
    kept, back = two
    well(run(kept, sys.executable, "manage.py", "migrate", "--verbosity", "0"))
    said, file = tmp_path / "said", tmp_path / "house.tar"
    with said.open("w") as out:
        writer = subprocess.Popen([sys.executable, "-c", WRITER], cwd=HOME, env=environment(kept), stdout=out)
    try:
        for _look in range(300):
            if len(before := said.read_text().split()) > 50:
                break
            time.sleep(0.1)
        else:
            raise AssertionError("nobody wrote")
        well(run(kept, HOME / "deploy" / "backup", file))
        assert len(said.read_text().split()) > len(before), "nobody wrote meanwhile: this measured nothing"
    finally:
        writer.kill()
        writer.wait()
    damaged = tmp_path / "damaged.tar"
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    damaged.write_bytes(raw)
    refused = run(back, HOME / "deploy" / "restore", damaged)
    assert (refused.returncode, "is damaged" in refused.stderr) == (1, True)
    assert "of the ledger hold" in well(run(back, HOME / "deploy" / "restore", file))
    with psycopg.connect(back) as connection:
        rows = connection.execute("SELECT source FROM vetting_evidence").fetchall()
    assert {f"under-load:{number}" for number in before} <= {source for (source,) in rows}
    refused = run(back, HOME / "deploy" / "restore", file)
    assert (refused.returncode, "is not empty" in refused.stderr) == (1, True)

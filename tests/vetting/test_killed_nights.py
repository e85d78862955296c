"""A worker killed in any phase of a night leaves yesterday's standings, and another does the night."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from config.embedded.ground import bind
from foundation import jobs
from foundation.models import Job
from tests.cast import new_member
from tests.flows.running import until
from tests.foundation.conftest import be_due
from tests.vetting import town
from vetting import evidence, ledger, standing
from vetting.models import Edge, Night, Standing

HOME = Path(__file__).resolve().parents[2]
PHASES = {
    "words taken in": "UPDATE vetting_edge SET counted",
    "anchors read": 'FROM "vetting_proof"',
    "standings written": "UPDATE vetting_standing AS kept SET x",
    "night noted": 'INSERT INTO "vetting_night"',
}


@contextmanager
def waiting_worker(words: str) -> Iterator[None]:
    """A worker on this test's database that stands still once it has said `words`; killed here, not asked to end."""
    name = str(connection.settings_dict["NAME"])
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "tests.vetting.dying", words]
    with subprocess.Popen(
        command, cwd=HOME, env=environment, stdout=subprocess.PIPE, text=True, preexec_fn=bind(signal.SIGKILL)
    ) as worker:
        try:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "there\n", words
            yield
        finally:
            worker.kill()


_HELD = """
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database AND datname = current_database()
WHERE locktype = 'advisory' AND granted AND objid = %s
"""


def everything() -> tuple[Any, ...]:
    edges = Edge.objects.order_by("pk").values_list("pk", "counted")
    return list(Standing.objects.order_by("pk").values()), list(edges), Night.objects.count()


def writers() -> int:
    """How many hold the lock of whoever writes standings."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [standing.WRITER])
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_any_phase_leaves_yesterday_and_another_does_the_night() -> None:
    mo, ada, bo = town.founder(), new_member("ada"), new_member("bob")
    town.vouched(mo, ada)
    town.night()
    jobs.drain_everything(strict=True)
    town.vouched(mo, bo)
    town.confirmed(ada, bo)
    ledger.record(ada, by=mo, kind=evidence.SEVERED, source="block:1")
    Job.objects.filter(done_at=None).delete()
    jobs.add("standing-night", {})
    yesterday = everything()

    for phase, words in PHASES.items():
        with waiting_worker(words):
            assert writers() == 1, phase
        until(lambda: writers() == 0)

        assert everything() == yesterday, phase
        be_due()  # as if the lease of its claim had run out

    assert jobs.drain("slow") == 1
    job = Job.objects.get(kind="standing-night", done_at__isnull=False, attempts__gt=1)
    assert (job.attempts, job.lost) == (len(PHASES) + 1, len(PHASES))
    assert Night.objects.count() == 2
    assert town.points(ada) < 10, "Mo has blocked her; Bo lends her a little"
    assert town.points(bo) > 80

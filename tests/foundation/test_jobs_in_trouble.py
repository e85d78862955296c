"""The job room in trouble: deadlocks, slow statements, a database that goes away, handlers that never end."""

import uuid

import pytest
from django.db import OperationalError, connection
from django.db.models import F

from foundation import drains, jobs
from foundation.models import Job
from tests.foundation.conftest import be_due

pytestmark = [
    pytest.mark.django_db(transaction=True, available_apps=["foundation"]),
    pytest.mark.usefixtures("own_registry"),
]


def test_a_deadlock_is_tried_again_and_other_errors_are_not() -> None:
    tries: list[str] = []

    @jobs.handles("clash")
    def clash() -> None:
        tries.append("x")
        if len(tries) < 3:
            raise_in_database("40P01")

    jobs.add("clash", {})
    assert jobs.drain("quick") == 1
    assert len(tries) == 3
    assert Job.objects.get().attempts == 1


def test_a_slow_statement_counts_as_a_failure_and_not_as_an_outage() -> None:
    @jobs.handles("slow")
    def slow() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '10ms'")
            cursor.execute("SELECT pg_sleep(2)")

    jobs.add("slow", {})
    assert jobs.drain("quick") == 0
    assert "OperationalError" in Job.objects.get().last_error


def test_a_handler_that_never_ends_is_ended_by_the_database() -> None:
    if connection.pg_version < 170000:  # type: ignore[attr-defined]
        pytest.skip("transaction_timeout came with PostgreSQL 17")

    @jobs.handles("endless", time_limit_s=1)
    def endless() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(10)")

    jobs.add("endless", {})
    assert jobs.drain("quick") == 0
    assert Job.objects.get().done_at is None


def test_a_database_that_goes_away_stops_the_drain_quietly_and_costs_nothing(done: list[str]) -> None:
    @jobs.handles("pull-the-plug")
    def pull_the_plug() -> None:
        if not done:
            done.append("pulled")
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    jobs.add("pull-the-plug", {})
    assert jobs.drain("quick") == 0
    be_due()
    assert jobs.drain("quick") == 1


def test_no_connection_at_all_is_an_outage_too(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_lane: str) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(drains, "claim", refuse)
    assert jobs.drain("quick") == 0


def test_strict_draining_shows_what_a_handler_raised() -> None:
    @jobs.handles("break")
    def break_() -> None:
        raise ValueError("shown")

    jobs.add("break", {})
    with pytest.raises(ValueError, match="shown"):
        jobs.drain_everything(strict=True)


def test_two_handlers_for_one_kind_are_refused(done: list[str]) -> None:
    def another(word: str) -> None:
        """Somebody else's."""

    with pytest.raises(Exception, match="Two handlers"):
        jobs.handles("note")(another)


def test_claiming_uses_the_index_of_undone_jobs(done: list[str]) -> None:
    Job.objects.bulk_create([Job(id=uuid.uuid4(), kind="note", payload={}) for _ in range(2000)])
    Job.objects.update(done_at=F("created_at"))
    jobs.add("note", {"word": "x"})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE foundation_job")
        cursor.execute("EXPLAIN " + drains._CLAIM, {"kinds": ["note"], "leases_s": [15]})
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "job_undone_by_kind_and_time" in plan
    assert "Seq Scan on foundation_job" not in plan


def raise_in_database(state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '{state}'; END $$")

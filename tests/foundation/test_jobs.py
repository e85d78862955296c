"""The job room: nothing is lost, nothing happens twice inside."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from foundation import drains, jobs, quotas, registry
from foundation.models import Job, Quota
from tests.foundation.conftest import be_due

pytestmark = [
    pytest.mark.django_db(transaction=True, available_apps=["foundation"]),
    pytest.mark.usefixtures("own_registry"),
]


def test_a_job_is_done_once_and_its_payload_becomes_keyword_arguments(done: list[str]) -> None:
    jobs.add("note", {"word": "hello"})

    assert jobs.drain("quick") == 1
    assert jobs.drain("quick") == 0
    assert done == ["hello"]
    assert Job.objects.get().done_at is not None


def test_an_undone_transaction_leaves_no_job(done: list[str]) -> None:
    with transaction.atomic():
        jobs.add("note", {"word": "never"})
        transaction.set_rollback(True)

    assert jobs.drain_everything() == 0
    assert not done


def test_an_unknown_kind_is_refused_when_it_is_asked_for() -> None:
    with pytest.raises(LookupError, match="nobody-does-this"):
        jobs.add("nobody-does-this", {})


def test_a_delayed_job_waits(done: list[str]) -> None:
    jobs.add("note", {"word": "later"}, delay=timedelta(hours=1))

    assert jobs.drain("quick") == 0
    be_due()
    assert jobs.drain("quick") == 1


def test_eight_claimers_take_each_job_once(done: list[str], at_once: Any) -> None:
    for number in range(40):
        jobs.add("note", {"word": str(number)})

    claimed = at_once(8, lambda _number: [job.id for _ in range(20) if (job := drains.claim("quick"))])

    ids = [one for some in claimed for one in some]
    assert len(ids) == len(set(ids)) == 40


def test_eight_drains_do_each_effect_once(at_once: Any) -> None:
    @jobs.handles("count")
    def count(holder: str) -> None:
        quotas.spend("counted", holder, limit=100)

    for number in range(24):
        jobs.add("count", {"holder": str(number)})

    assert sum(at_once(8, lambda _number: jobs.drain("quick"))) == 24
    assert list(Quota.objects.values_list("used", flat=True)) == [1] * 24


def test_a_claim_whose_worker_was_killed_is_taken_again_after_the_lease(done: list[str]) -> None:
    jobs.add("note", {"word": "again"})
    assert drains.claim("quick")

    assert jobs.drain("quick") == 0  # the lease stands
    be_due()
    assert jobs.drain("quick") == 1
    assert done == ["again"]
    assert Job.objects.get().lost == 1


def test_a_stale_token_has_no_effect(done: list[str]) -> None:
    jobs.add("note", {"word": "once"})
    frozen = drains.claim("quick")
    be_due()
    fresh = drains.claim("quick")
    assert frozen
    assert fresh
    assert frozen.token != fresh.token

    assert jobs.finish(frozen, lambda: done.append("frozen")) is False
    assert jobs.finish(fresh, lambda: done.append("fresh")) is True
    assert jobs.finish(fresh, lambda: done.append("twice")) is False
    assert done == ["fresh"]


def test_a_frozen_failure_cannot_push_back_a_finished_job(done: list[str]) -> None:
    jobs.add("note", {"word": "once"})
    frozen = drains.claim("quick")
    be_due()
    assert jobs.drain("quick") == 1
    assert frozen

    drains.back_off(frozen, registry.handler_of("note"), ValueError())

    assert Job.objects.get().done_at is not None


def test_a_failing_handler_leaves_its_effect_undone_and_waits_longer_each_time() -> None:
    @jobs.handles("break")
    def break_(holder: str) -> None:
        quotas.spend("broken", holder, limit=100)
        raise ValueError("the words of ada@example.org")

    jobs.add("break", {"holder": "ada"})
    waits = [_fail_once() for _ in range(6)]

    job = Job.objects.get()
    assert not Quota.objects.exists()
    assert job.attempts == 6
    assert job.lost == 0
    assert all(0.5 * 2**n <= wait <= 1.5 * 2**n + 0.1 for n, wait in enumerate(waits))
    assert "ValueError" in job.last_error
    assert str(job.id) in job.last_error
    assert "ada" not in job.last_error


def _fail_once() -> float:
    be_due()
    assert jobs.drain("quick") == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM available_at - statement_timestamp()) FROM foundation_job")
        return float(cursor.fetchone()[0])


def test_a_failing_job_is_dead_after_its_deadline_and_not_before() -> None:
    @jobs.handles("break", deadline=timedelta(days=3))
    def break_() -> None:
        raise ValueError

    jobs.add("break", {})
    assert jobs.drain("quick") == 0
    assert Job.objects.get().dead_at is None

    Job.objects.update(due_at=F("due_at") - timedelta(days=3, seconds=1))
    be_due()
    assert jobs.drain("quick") == 0
    assert Job.objects.get().dead_at is not None
    be_due()
    assert drains.claim("quick") is None


def test_a_long_delay_does_not_count_towards_the_deadline() -> None:
    @jobs.handles("break", deadline=timedelta(days=3))
    def break_() -> None:
        raise ValueError

    jobs.add("break", {}, delay=timedelta(days=60))
    Job.objects.update(**{name: F(name) - timedelta(days=60) for name in ("created_at", "due_at", "available_at")})

    assert jobs.drain("quick") == 0
    assert Job.objects.get().dead_at is None


def test_a_job_that_kills_its_workers_is_dead_after_twelve_of_them(done: list[str]) -> None:
    jobs.add("note", {"word": "poison"})
    for _ in range(settings.JOB_ATTEMPTS_MAX):
        assert drains.claim("quick")
        be_due()

    assert jobs.drain("quick") == 0
    assert not done
    assert Job.objects.get().dead_at is not None


def test_failing_twelve_times_does_not_kill_a_job(done: list[str]) -> None:
    @jobs.handles("sometimes")
    def sometimes() -> None:
        if len(done) < settings.JOB_ATTEMPTS_MAX + 3:
            done.append("no")
            raise ValueError

    jobs.add("sometimes", {})
    for _ in range(settings.JOB_ATTEMPTS_MAX + 4):
        be_due()
        jobs.drain("quick")

    assert Job.objects.get().done_at is not None


def test_a_waiting_key_is_asked_for_once_with_the_latest_payload(done: list[str]) -> None:
    jobs.add("note", {"word": "first"}, key="k", delay=timedelta(hours=1))
    jobs.add("note", {"word": "second"}, key="k")

    assert jobs.drain("quick") == 1
    assert done == ["second"]


def test_a_second_add_while_the_first_runs_is_kept(done: list[str]) -> None:
    jobs.add("note", {"word": "first"}, key="k")
    running = drains.claim("quick")
    jobs.add("note", {"word": "second"}, key="k")
    jobs.add("note", {"word": "second"}, key="k")
    assert running
    assert jobs.finish(running)

    assert jobs.drain("quick") == 1
    assert done == ["second"]


def test_a_wish_is_not_swallowed_by_a_job_that_looks_before_the_fact_is_there(done: list[str], at_once: Any) -> None:
    """The waiting row is locked until the wisher commits; else a worker would look too early, and nobody after."""
    jobs.add("note", {"word": "first"}, key="k")
    with transaction.atomic():
        jobs.add("note", {"word": "second"}, key="k")
        assert at_once(1, lambda _number: jobs.drain("quick")) == [0]

    assert jobs.drain("quick") == 1
    assert done == ["second"]


def test_a_failure_whose_key_waits_already_leaves_the_work_to_that_one() -> None:
    @jobs.handles("break")
    def break_() -> None:
        raise ValueError

    jobs.add("break", {}, key="k")
    running = drains.claim("quick")
    jobs.add("break", {}, key="k")
    assert running

    assert drains.work(running) is False
    assert Job.objects.filter(done_at=None, dead_at=None).count() == 1


def test_every_listener_gets_one_job_and_silence_is_fine(done: list[str]) -> None:
    jobs.listen("tie-ended", "note")
    jobs.listen("tie-ended", "note")

    jobs.announce("tie-ended", {"word": "heard"})
    jobs.announce("nobody-listens", {"word": "lost"})

    assert jobs.drain_everything() == 1
    assert done == ["heard"]


def test_an_outside_handler_runs_without_a_transaction() -> None:
    seen: list[bool] = []

    @jobs.handles("outside", lane="mail", outside=True)
    def outside() -> None:
        seen.append(connection.in_atomic_block)

    @jobs.handles("inside", lane="mail")
    def inside() -> None:
        seen.append(connection.in_atomic_block)

    jobs.add("outside", {})
    jobs.add("inside", {})
    assert jobs.drain("mail") == 2
    assert seen == [False, True]


def test_lanes_do_not_mix(done: list[str]) -> None:
    @jobs.handles("letterlike", lane="mail")
    def letterlike() -> None:
        done.append("mail")

    jobs.add("letterlike", {})
    assert jobs.drain("quick") == 0
    assert jobs.drain("mail") == 1

"""Any number of beats, one run a slot."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from foundation import jobs, periodic
from foundation.models import Job, PeriodicRun

pytestmark = [
    pytest.mark.django_db(transaction=True, available_apps=["foundation"]),
    pytest.mark.usefixtures("own_registry"),
]


@pytest.fixture
def runs() -> list[str]:
    said: list[str] = []

    @jobs.every("nightly", timedelta(days=1))
    def nightly() -> None:
        said.append("ran")

    return said


def test_two_ticks_at_once_run_a_periodic_job_once(runs: list[str], at_once: Any) -> None:
    asked = at_once(2, lambda _number: periodic.tick())

    assert sorted(asked) == [[], ["nightly"]]
    assert jobs.drain_everything() == 1
    assert runs == ["ran"]


def test_the_next_slot_runs_it_again(runs: list[str]) -> None:
    assert periodic.tick() == ["nightly"]
    assert periodic.tick() == []
    jobs.drain_everything()
    PeriodicRun.objects.update(slot=F("slot") - 1)  # as if that had been yesterday

    assert periodic.tick() == ["nightly"]
    assert jobs.drain_everything() == 1


def test_a_run_that_waits_is_not_asked_for_twice(runs: list[str]) -> None:
    periodic.tick()
    PeriodicRun.objects.update(slot=F("slot") - 1)
    periodic.tick()

    assert Job.objects.count() == 1


def test_no_periodic_kind_is_no_question(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert periodic.tick() == []

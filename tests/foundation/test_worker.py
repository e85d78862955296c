"""Workers look by themselves, whatever happens to Redis, beat or the database."""

import logging
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.db.models import F

from foundation import jobs, tasks, worker
from foundation.models import Job

pytestmark = [
    pytest.mark.django_db(transaction=True, available_apps=["foundation"]),
    pytest.mark.usefixtures("own_registry"),
]


@pytest.fixture
def done() -> list[str]:
    said: list[str] = []

    @jobs.handles("note")
    def note(word: str) -> None:
        said.append(word)

    return said


def wait_for(done: list[str], count: int) -> None:
    ends = time.monotonic() + 5
    while len(done) < count and time.monotonic() < ends:
        time.sleep(0.01)
    assert len(done) == count


@pytest.mark.usefixtures("redis_is_gone")
def test_a_poller_works_what_is_due_without_redis(done: list[str]) -> None:
    jobs.add("note", {"word": "hello"})
    poller = worker.Poller("quick", watches=True, every_s=0.05)
    poller.start()
    wait_for(done, 1)
    poller.stop()
    poller.join(5)

    assert not poller.is_alive()


def test_a_poller_never_dies(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.add("note", {"word": "hello"})
    real, faults = worker.poll, [OperationalError("gone"), ValueError("broken"), MemoryError()]

    def poll(lane: str) -> int:
        if faults:
            raise faults.pop()
        return real(lane)

    monkeypatch.setattr(worker, "poll", poll)
    poller = worker.Poller("quick", every_s=0.01)
    poller.start()
    wait_for(done, 1)
    poller.stop()
    poller.join(5)

    assert not faults
    assert done == ["hello"]


def test_every_lane_has_a_poller_and_one_of_them_watches(done: list[str]) -> None:
    jobs.handles("letterlike", lane="mail")(print)

    assert [(one.lane, one.watches) for one in worker.pollers()] == [("mail", True), ("quick", False)]


def test_the_watchdog_barks_when_something_is_due_for_over_a_minute(
    done: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    jobs.add("note", {"word": "old"})
    with caplog.at_level(logging.WARNING, logger="foundation.worker"):
        worker.watch()
        assert not caplog.records
        Job.objects.update(available_at=F("available_at") - timedelta(seconds=90))
        worker.watch()
    assert "waited 90 s" in caplog.text


def test_the_celery_task_drains_its_lane(done: list[str]) -> None:
    jobs.add("note", {"word": "hello"})
    tasks.tick()
    tasks.drain("quick")

    assert done == ["hello"]


def test_the_command_works_what_is_due(done: list[str], capsys: Any) -> None:
    jobs.add("note", {"word": "hello"})
    call_command("drain", lane=["quick"])

    assert "1 done" in capsys.readouterr().out

"""Wake-ups are best effort: quick, quiet, and never needed."""

import asyncio
import multiprocessing
import os
import time
from typing import Any

import pytest
from django.db import transaction

from foundation import jobs, redis_door, wakes
from foundation.models import Job


@pytest.fixture(autouse=True)
def quiet() -> None:
    redis_door.client().flushdb()


def soon(condition: Any, *, within_s: float = 3) -> bool:
    ends = time.monotonic() + within_s
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(0.01)
    return False


def hints(lane: str) -> int:
    return int(redis_door.client().llen(lane))


def test_a_nudge_is_one_hint_however_often_it_is_said() -> None:
    for _ in range(50):
        wakes.nudge("quick")

    assert soon(lambda: hints("quick"))
    time.sleep(0.1)
    assert hints("quick") == 1


def test_a_worker_that_heard_can_be_woken_again() -> None:
    wakes.nudge("quick")
    assert soon(lambda: hints("quick") == 1)
    wakes.heard("quick")
    wakes.nudge("quick")

    assert soon(lambda: hints("quick") == 2)


@pytest.mark.django_db(transaction=True, available_apps=["foundation"])
@pytest.mark.usefixtures("own_registry", "redis_is_gone")
def test_work_is_accepted_at_once_without_redis() -> None:
    @jobs.handles("note")
    def note() -> None:
        """Nothing to do."""

    began = time.monotonic()
    for _ in range(20):
        jobs.add("note", {})
        wakes.look_again("member:bo")

    assert time.monotonic() - began < 1
    assert jobs.drain("quick") == 20


@pytest.mark.django_db(transaction=True, available_apps=["foundation"])
def test_open_pages_hear_after_the_commit_and_not_before() -> None:
    heard: list[bool] = []

    async def listen() -> None:
        async for look in wakes.listen_for("member:ada", beat_s=0.2):
            heard.append(look)
            if look or len(heard) > 20:
                return

    def write() -> None:
        from django.db import connection

        time.sleep(0.5)
        with transaction.atomic():
            wakes.look_again("member:ada")
            time.sleep(0.3)
            assert True not in heard
        connection.close()

    async def both() -> None:
        await asyncio.gather(listen(), asyncio.to_thread(write))

    asyncio.run(both())
    assert heard[-1] is True
    assert False in heard  # the beats of the quiet time


@pytest.mark.usefixtures("redis_is_gone")
def test_a_listener_outlives_redis() -> None:
    async def listen() -> list[bool]:
        beats = wakes.listen_for("member:ada", beat_s=0.1)
        said = [await anext(beats)]
        await beats.aclose()  # type: ignore[attr-defined]
        return said

    assert asyncio.run(listen()) == [False]


@pytest.mark.django_db
def test_a_listener_that_lost_redis_looks_again_when_it_is_back(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(wakes, "PAUSE_S", 0.05)
    there, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:9/0"

    async def listen() -> list[bool]:
        said = []
        async for look in wakes.listen_for("member:ada", beat_s=0.1):
            said.append(look)
            settings.REDIS_URL = there
            if look or len(said) > 20:
                break
        return said

    assert asyncio.run(listen()) == [False, True]


def test_after_a_fork_the_child_wakes_by_itself() -> None:
    wakes.nudge("mail")
    assert soon(lambda: hints("mail") == 1)
    child = multiprocessing.get_context("fork").Process(target=_wake_from_child)
    child.start()
    child.join(10)

    assert child.exitcode == 0
    assert hints("slow") == 1


def _wake_from_child() -> None:
    wakes.nudge("slow")
    os._exit(0 if soon(lambda: hints("slow") == 1) else 1)


@pytest.mark.django_db
@pytest.mark.usefixtures("own_registry")
def test_a_nudge_that_fails_does_not_undo_the_job(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    @jobs.handles("note")
    def note() -> None:
        """Nothing to do."""

    def fail(**_rest: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(wakes._herald, "tell", fail)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.add("note", {})
    assert Job.objects.count() == 1

"""A work list of the tests' own, and many at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from foundation import jobs, redis_door, registry
from foundation.models import Job

AtOnce = Callable[[int, Callable[[int], Any]], list[Any]]


@pytest.fixture
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """No kinds but the test's: what it registers is gone afterwards."""
    for name in ("HANDLERS", "LISTENERS", "PERIODS"):
        monkeypatch.setattr(registry, name, {})


@pytest.fixture
def at_once() -> AtOnce:
    """Run `work(0)` … `work(n - 1)` in n threads that start at the same instant; each closes its connection."""

    def run(count: int, work: Callable[[int], Any]) -> list[Any]:
        start = Barrier(count)

        def one(number: int) -> Any:
            start.wait(timeout=10)
            try:
                return work(number)
            finally:
                connection.close()

        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(one, range(count)))

    return run


@pytest.fixture
def redis_is_gone(settings: Any) -> Iterator[None]:
    """Nobody listens where Redis should be."""
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    redis_door.client.cache_clear()
    yield
    redis_door.client.cache_clear()


@pytest.fixture
def done() -> list[str]:
    """What the handler `note` has done, in order."""
    said: list[str] = []

    @jobs.handles("note")
    def note(word: str) -> None:
        said.append(word)

    return said


def be_due() -> None:
    """As if all leases and back-offs had run out."""
    Job.objects.update(available_at=F("created_at"))

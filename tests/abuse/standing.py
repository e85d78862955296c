"""What several tests only read is built once: inside a transaction that stays open and is rolled back at the end.

The transaction of each test (pytest-django's `db`) lies within it, so what a test changes is gone after it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction
from pytest_django import DjangoDbBlocker

T = TypeVar("T")


@contextmanager
def standing_in(blocker: DjangoDbBlocker, build: Callable[[], T]) -> Iterator[T]:
    """What `build()` makes stands as long as the block lasts."""
    around = transaction.atomic()
    with blocker.unblock():
        around.__enter__()
        made = build()
    try:
        yield made
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)

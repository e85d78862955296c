"""The small town of secrets, once a test."""

import logging
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from network.federation import door
from tests.abuse import town as towns
from tests.abuse.town import Town


@pytest.fixture
def town(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Built as a demo, read as production: the page of all letters is not there, and other servers are answered, as
    often as they ask."""
    made = towns.build()
    settings.DEMO = False
    settings.FEDERATION = True
    monkeypatch.setattr(door, "READS_A_MINUTE", 10**9)
    return made


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of refusals are what is wanted here; their log lines are not."""
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    yield
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)

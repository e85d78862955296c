"""The small town of secrets: built once a module, read by each test inside a transaction of its own."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_django import DjangoDbBlocker, Settings

from network.federation import door
from tests.abuse import crawl
from tests.abuse import town as towns
from tests.abuse.standing import standing_in
from tests.abuse.town import Town


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    with standing_in(django_db_blocker, towns.build) as made:
        yield made


@pytest.fixture
def town(built: Town, db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Built as a demo, read as production: the page of all letters is not there, and other servers are answered, as
    often as they ask."""
    settings.DEMO = False
    settings.FEDERATION = True
    monkeypatch.setattr(door, "READS_A_MINUTE", 10**9)
    return replace(built, members=towns.fresh(built.members))


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with crawl.quietly():
        yield

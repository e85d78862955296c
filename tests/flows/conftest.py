"""Flow tests play in the running house (tests/flows/running.py)."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.flows import running
from tests.flows.running import House


@pytest.fixture(scope="session")
def house(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> House:
    return running.start(request.config, django_db_blocker)


@pytest.fixture
def at_home(house: House, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test's own verbs act in the house."""
    with running.verbs_at(house, django_db_blocker):
        yield

"""The limits by address and token are wide in these tests, for they all come from one address; some narrow them."""

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def wide(settings: Settings) -> None:
    settings.API_REFUSALS_A_MINUTE = settings.API_REQUESTS_A_MINUTE = 1_000_000

"""Head-hunters with standing, and Bo, who listens."""

import pytest

from accounts.models import Entry, Member
from tests.offers import stage


@pytest.fixture
def hunter(db: None) -> Member:
    return stage.head_hunter("hunter")


@pytest.fixture
def listening(bo: Member) -> Entry:
    """Bo takes every offer that names its employer; his entry that members see."""
    return stage.listens(bo)

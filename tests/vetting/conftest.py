"""Many at once, as on the ground floor; and two who may vouch for each other."""

import pytest

from accounts.models import Member
from tests.cast import befriend, was_at
from tests.foundation.conftest import at_once

__all__ = ["at_once"]


@pytest.fixture
def colleagues(ada: Member, bo: Member) -> None:
    """They were in the same meeting and confirmed it; both have an entry to name."""
    befriend(ada, bo)
    was_at(bo, "Acme", matchable=False)

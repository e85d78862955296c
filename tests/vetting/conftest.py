"""Many at once, as on the ground floor."""

from tests.foundation.conftest import at_once

__all__ = ["at_once"]

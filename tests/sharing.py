"""Which tests of a run stay together in one of its processes."""

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

HOUSE = Path(__file__).resolve().parents[1]
APART = "tests/frontend/api/test_fuzz.py"
"""Its tests are long and share little: each goes where there is room."""


class Sharing(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """A file's tests stay together, since they share what is built once a module. All that run houses of several
    processes follow one another in one process: most of the time they wait, and two houses at once starve each other.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file == APART else "houses" if runs_houses(file) else file


@cache
def runs_houses(file: str) -> bool:
    return "pytest.mark.flow" in (HOUSE / file).read_text()

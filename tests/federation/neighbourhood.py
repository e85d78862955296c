"""The real servers of flow tests: two towns of ours, for all flow tests of this process."""

from collections.abc import Iterator

import pytest

from tests.federation import towns as towns_
from tests.federation.towns import Town


@pytest.fixture(scope="session")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, Town]]:
    with towns_.running(tmp_path_factory.mktemp("towns"), beside={}) as both:
        yield both


@pytest.fixture
def harburg(towns: tuple[Town, Town]) -> Town:
    return towns[0]


@pytest.fixture
def lund(towns: tuple[Town, Town]) -> Town:
    return towns[1]

"""The real servers of flow tests: two towns of ours and Fedify, started once for all flow tests of this process."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from config import authority
from tests import npm
from tests.federation import peer
from tests.federation import towns as ours
from tests.federation.peer import Peer
from tests.federation.towns import Town

FEDI = "fedi.localhost"


@pytest.fixture(scope="session")
def towns(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Town, Town]]:
    beside = {FEDI: ours.free_port()}
    with ours.running(tmp_path_factory.mktemp("towns"), beside=beside, blocker=django_db_blocker) as both:
        yield both


@pytest.fixture
def harburg(towns: tuple[Town, Town]) -> Town:
    return towns[0]


@pytest.fixture
def lund(towns: tuple[Town, Town]) -> Town:
    return towns[1]


@pytest.fixture(scope="session")
def _fedi(towns: tuple[Town, Town], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """Mia and Noa live there, on a server that is not ours."""
    town, people = towns[0], ["mia", "noa"]
    certificate = authority.certificate(town.root.parent, FEDI)
    folder = tmp_path_factory.mktemp("fedi")
    try:
        with peer.running(
            FEDI, people=people, certificate=certificate, authority=town.root, ports=town.ports, folder=folder
        ) as fedi:
            yield fedi
    except npm.NoNode as reason:
        pytest.skip(str(reason))


@pytest.fixture
def fedi(_fedi: Peer) -> Peer:
    """It takes every signature and asks for nothing special."""
    _fedi.tell("set", takes="both", challenge=False, firstKnock="draft-cavage-http-signatures-12")
    _fedi.tell("forget")
    return _fedi

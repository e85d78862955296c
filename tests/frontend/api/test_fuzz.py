"""schemathesis tries every operation of docs/openapi.yaml with what fits the description and what does not."""

import logging
import os
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
import schemathesis
import yaml
from django.conf import settings as house
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import ignored_auth

from accounts.models import Member
from tests.frontend.api import fuzzed

EXAMPLES = int(os.environ.get("API_EXAMPLES", "40"))
"""An operation; `API_EXAMPLES=200 script/test tests/frontend/api/test_fuzz.py` tries as many as the contract of the API
asks for, for which a run of all tests has no time."""
SELDOM_OPEN = {"POST /requests/sent": 200}
"""Of few examples none keeps all rules of a note and a context, and only an open door shows that it is closed."""
ACCEPTED = ["2xx", "401", "403", "404", "409", "422", "429"]
"""What may answer a request that fits the description: never 400, which is for those that do not."""
CONFIG = SchemathesisConfig.from_dict(
    {
        "generation": {"with-security-parameters": False},
        "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
    }
)
SCHEMA = schemathesis.openapi.from_dict(
    yaml.safe_load((house.BASE_DIR / "docs" / "openapi.yaml").read_text()), config=CONFIG
)
SCHEMA.app = WSGIHandler()
OPERATIONS: list[Any] = [found.ok() for found in SCHEMA.get_all_operations()]  # type: ignore[union-attr]
BOTH = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
HIGHEST = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Built once for all operations: the header with Ada's token, and her ids."""
    logger = logging.getLogger("django.request")
    before = logger.level
    logger.setLevel(logging.ERROR)  # some thousand refusals are meant
    with django_db_blocker.unblock(), fuzzed.town() as (token, ids):
        yield {"Authorization": f"Bearer {token}"}, ids
    logger.setLevel(before)


def test_nobody_of_the_fuzzers_town_is_left(db: None) -> None:
    with fuzzed.town():
        assert Member.objects.filter(handle="ada").exists()
    assert not Member.objects.exists()


@pytest.mark.parametrize("operation", OPERATIONS, ids=[one.label for one in OPERATIONS])
def test_no_input_breaks_a_door_or_its_description(operation: Any, town: tuple[dict[str, str], dict[str, str]]) -> None:
    header, ids = town
    door = Fuzzed(operation, header, ids)

    @settings(HIGHEST, max_examples=max(EXAMPLES, SELDOM_OPEN.get(operation.label, 0)))
    @given(case=door.cases())
    def tried(case: Case[Any]) -> None:
        door.try_(case)

    tried()
    for case in door.at_the_edges():
        door.try_(case)
    assert door.tried >= EXAMPLES or not door.varies
    assert door.closed_to_strangers


class Fuzzed:
    """One operation: what is tried, and whether all of schemathesis' checks hold.

    `varies`: there is something to vary. `closed_to_strangers`: it has opened, and without the token it did not.
    """

    def __init__(self, operation: Any, header: dict[str, str], ids: dict[str, str]) -> None:
        load_all_checks()
        self.operation, self.header, self.tried, self.closed_to_strangers = operation, header, 0, False
        known = next((ids[start] for start in sorted(ids, reverse=True) if operation.path.startswith(start)), "")
        self.entry = ids["/entries"]
        self.real = {one.name: known for one in operation.path_parameters}
        self.varies = bool(self.real or operation.body or operation.query)

    def cases(self) -> st.SearchStrategy[Case[Any]]:
        """With Ada's ids and with any, fitting (more often) and not."""
        fitting = self._way(GenerationMode.POSITIVE, self.real)
        ways = [fitting, fitting]
        if self.operation.body or self.operation.query:
            ways.append(self._way(GenerationMode.NEGATIVE, self.real))
        if self.real:
            ways += [self._way(mode, {}) for mode in BOTH]
        return st.one_of(ways)

    def _way(self, mode: GenerationMode, path: dict[str, str]) -> st.SearchStrategy[Case[Any]]:
        found: st.SearchStrategy[Case[Any]] = self.operation.as_strategy(
            generation_mode=mode, path_parameters=path or None
        )
        return found.map(self._to_somebody) if mode == GenerationMode.POSITIVE else found

    def _to_somebody(self, case: Case[Any]) -> Case[Any]:
        """Half of what is written goes to a contact, half of what is asked to somebody else, with an entry of hers."""
        said = case.body
        if isinstance(said, dict) and "to" in said and len(str(said["to"])) % 2:
            said |= {"to": "bob", "context": "entry", "entry": self.entry} if "context" in said else {"to": "cleo"}
        return case

    def at_the_edges(self) -> Iterator[Case[Any]]:
        """Limits of every field, methods that there are not, headers left out."""
        config = SCHEMA.config.generation_for(operation=self.operation)
        found: Iterator[Case[Any]] = SCHEMA.iter_coverage_cases(
            self.operation, generation_modes=BOTH, generation_config=config
        )
        return found

    def try_(self, case: Case[Any]) -> None:
        """Raises whatever check does not hold. That a door is closed without a token is tried once it has opened."""
        self.tried += 1
        needless = [ignored_auth] if self.closed_to_strangers else []
        with fuzzed.undone():
            answer = case.call(headers=self.header)
        with fuzzed.undone() if not needless else nullcontext():
            case.validate_response(
                answer, excluded_checks=needless, headers=self.header, transport_kwargs={"headers": self.header}
            )
        self.closed_to_strangers |= 200 <= answer.status_code < 300

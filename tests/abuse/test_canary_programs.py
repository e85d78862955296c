"""The same private words as in test_canary.py, sought by programs: each role's token at each door of the API."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from accounts.models import Entry, Member
from frontend.api.urls import urlpatterns
from network.contacts.models import Contact, Request, VouchQuestion
from network.messages.models import Message, Thread
from tests.abuse import crawl
from tests.abuse.town import SECRETS, Town
from tests.frontend.api.programs import token_of

pytestmark = [pytest.mark.timeout(600)]
ROWS: list[Any] = [Entry, Request, Contact, Thread, Message, VouchQuestion]
HANDLES = ["ada", "bob", "cleo", "zed", "mallory"]
READERS = ["stranger", "contact", "blocked", "moderator", "ada"]


def paths() -> Iterator[str]:
    """Every address that can be read, with ids of every kind where any id belongs."""
    ids = [str(one) for model in ROWS for one in _newest(model)]
    for one in urlpatterns:
        text = str(one.pattern)
        kinds = ids if "<uuid:number>" in text else HANDLES if "<str:handle>" in text else [""]
        for filled in kinds:
            yield "/api/v1/" + text.replace("<uuid:number>", filled).replace("<str:handle>", filled)
    yield from (f"/api/v1/people?q={typed}" for typed in ("kanari", "kanariname", "ada"))


def _newest(model: Any) -> Any:
    """Whoever made a thing last has a secret in it (tests/abuse/town.py)."""
    return model.objects.order_by("-pk").values_list("public_id", flat=True)[: crawl.IDS_A_KIND]


@pytest.mark.parametrize("role", READERS)
def test_no_private_word_surfaces_in_the_api(town: Town, role: str, settings: Settings) -> None:
    settings.API_REQUESTS_A_MINUTE = settings.CROSSING_PAGES_A_DAY = 10**6
    with transaction.atomic():
        member = Member.objects.get(pk=town.members[role].pk)
        client = Client(headers={"Authorization": f"Bearer {token_of(member)}"})
        seen = [(path, client.get(path)) for path in paths()]
        transaction.set_rollback(True)
    texts = {path: answer.content.decode().lower() for path, answer in seen}
    assert {answer.status_code for _path, answer in seen} <= {200, 400, 404, 405}
    assert [f"{one.word} at {path}" for path, text in texts.items() for one in SECRETS if _leaks(one, role, text)] == []
    theirs = {one.word for one in SECRETS if role in one.readers}
    assert role not in ("contact", "ada") or any(word in text for word in theirs for text in texts.values())


def _leaks(secret: Any, role: str, text: str) -> bool:
    return secret.word in text and role not in secret.readers

"""Hostile requests at the real letter box: never 5xx, and nothing is kept but what Zoe signed (security.md, 33)."""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.models import Member
from foundation import handfuls, jobs, redis_door
from network.federation import hosts, known_keys, taking
from network.federation.models import Actor, ActorKey, Inbound, Peer, Reference
from tests.federation import hostile
from tests.federation.conftest import Abroad
from tests.federation.hostile import KEY, KEY_ID, ZOE
from tests.federation.signed import ACTIVITY_JSON, cavage, plain

SEEDS, A_SEED = 24, 25
"""Six hundred requests a test: the gate alone has had fourteen thousand (test_fuzz_gate.py)."""

CONTROLS = dict.fromkeys([*range(9), *range(10, 32), 127])
"""No web server hands these on in a header (RFC 9110, 5.5); Django itself falls over NUL in a charset."""


@pytest.fixture(autouse=True)
def _open(settings: Settings, monkeypatch: pytest.MonkeyPatch, zoe: Abroad) -> Iterator[None]:
    """The letter box takes as many as come, and no other server is asked anything."""
    settings.FEDERATION = True
    settings.INBOX_A_MINUTE_AND_SERVER = settings.INBOX_A_MINUTE_AND_ACTOR = 10**6
    monkeypatch.setattr(taking, "UNPROVEN_A_MINUTE", 10**6)
    monkeypatch.setattr(known_keys.Keys, "refetch", lambda *_args: None)
    redis_door.client().flushdb()
    handfuls.forget()
    known_keys.forget()
    yield
    known_keys.forget()


def fuzz(attempt: Callable[[Random], Any]) -> set[int]:
    """The statuses of six hundred answers or more."""
    seen: Counter[int] = Counter()

    @hypothesis(suppress_health_check=list(HealthCheck), max_examples=SEEDS, database=None)
    @given(st.integers(0, 2**64))
    def a_seed(seed: int) -> None:
        by = Random(seed)
        for _ in range(A_SEED):
            answer = attempt(by)
            assert answer.status_code < 500, answer.content
            seen[answer.status_code] += 1

    a_seed()
    assert seen.total() >= SEEDS * A_SEED
    return set(seen)


def others() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Member, Actor, ActorKey, Peer, Reference))


def test_whatever_zoe_signs_is_kept_as_hers_or_not_at_all(zoe: Abroad, ada: Member) -> None:
    client, before = Client(raise_request_exception=False), others()

    def attempt(by: Random) -> Any:
        target = by.choice(["/inbox", "/@ada/inbox"])
        knock = cavage(plain(hostile.body(by), target=target), KEY, KEY_ID)
        return client.post(target, knock.body, content_type=ACTIVITY_JSON, headers=dict(knock.headers))

    assert fuzz(attempt) == {202, 400, 401}
    assert others() == before
    assert Inbound.objects.exists()
    for kept in Inbound.objects.all():
        assert kept.actor == zoe.actor
        assert hosts.same_origin(kept.activity_id, ZOE)
    jobs.drain_everything(strict=True)
    assert not Inbound.objects.filter(handled_at=None, parked_until=None).exists()


def test_what_nobody_signed_is_kept_by_nobody(zoe: Abroad, ada: Member) -> None:
    client, before = Client(raise_request_exception=False), others()

    def attempt(by: Random) -> Any:
        known = dict(plain(b"{}").headers) if by.randrange(2) else {}
        headers = known | {name: line.translate(CONTROLS) for name, line in hostile.headers(by)}
        target = by.choice(["/inbox", "/@ada/inbox", "/@nobody/inbox", "/inbox?a=b"])
        kind = headers.pop("Content-Type", "")
        return client.generic("POST", target, hostile.body(by), content_type=kind, headers=headers)

    assert fuzz(attempt) <= {202, 400, 401, 404, 411, 413, 415}
    assert others() == before
    assert not Inbound.objects.exists()

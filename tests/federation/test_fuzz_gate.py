"""Fourteen thousand hostile requests: the gate says no in its own words, or lets in what was signed, and keeps nothing.

There is no database in these tests: whoever touched it would fail them (security.md, 33). Hypothesis chooses seeds, and
each seed stands for `A_SEED` requests: drawing every piece by itself would take minutes. A failure names its seed.
"""

import json
from collections import Counter
from collections.abc import Callable
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.refusals import Refusal
from network.federation import gate, hosts
from network.federation.wire import Knock
from tests.federation import hostile
from tests.federation.hostile import KEY, KEY_ID, ZOE, NoRooms
from tests.federation.signed import cavage, plain, with_headers

STATUSES = {202, 400, 401, 403, 413, 415, 503}
IN = 0
SEEDS, A_SEED = 70, 50
KEYS = NoRooms()

Found = gate.Admitted | int


def answer(knock: Knock) -> Found:
    """What the gate lets in, or the status with which it says no. Anything else that is raised fails the test."""
    try:
        return gate.admit(knock, keys=KEYS)
    except Refusal as refusal:
        return refusal.status


def fuzz(attempt: Callable[[Random], Found]) -> set[int]:
    """The answers to 3,500 requests or more."""
    seen: Counter[int] = Counter()

    @settings(suppress_health_check=list(HealthCheck), max_examples=SEEDS, database=None)
    @given(st.integers(0, 2**64))
    def a_seed(seed: int) -> None:
        by = Random(seed)
        for _ in range(A_SEED):
            found = attempt(by)
            seen[found if isinstance(found, int) else IN] += 1

    a_seed()
    assert seen.total() >= SEEDS * A_SEED
    assert set(seen) <= STATUSES | {IN}
    return set(seen)


def test_whatever_zoe_signs_is_read_or_refused() -> None:
    def attempt(by: Random) -> Found:
        found = answer(cavage(plain(hostile.body(by)), KEY, KEY_ID))
        if not isinstance(found, int):
            assert found.actor is KEYS.actor
            assert hosts.same_origin(found.activity["id"], ZOE)
            assert not {"@graph", "@included", "@reverse", "bto", "bcc"} & set(found.activity)
        return found

    assert fuzz(attempt) >= {IN, 202, 400, 401}, "the fuzzer does not get to every answer any more"


def test_no_headers_let_in_what_nobody_signed() -> None:
    def attempt(by: Random) -> Found:
        knock, lines = plain(b'{"type": "Follow"}'), hostile.headers(by)
        if by.randrange(2):
            return answer(with_headers(knock, *lines))
        return answer(Knock("POST", by.choice(hostile.TARGETS), by.choice(hostile.HOSTS), lines, knock.body, knock.at))

    assert fuzz(attempt) == {400, 401, 415}


def test_a_signed_request_says_what_was_signed_however_it_is_turned() -> None:
    body = json.dumps(hostile.follow()).encode()
    original = cavage(plain(body), KEY, KEY_ID)

    def attempt(by: Random) -> Found:
        name, value = by.choice(original.headers)
        at, length = by.randrange(len(value) + 1), by.randrange(5)
        turned = (name, value[:at] + hostile.line(by) + value[at + length :])
        lines = [*original.headers, turned] if by.randrange(3) == 0 else with_headers(original, turned).headers
        found = answer(Knock("POST", "/inbox", original.host, lines, body, original.at))
        if not isinstance(found, int):
            assert found.activity == hostile.follow()
        return found

    assert fuzz(attempt) >= {IN, 400, 401, 415}


def test_no_proof_from_nowhere_stands_in_for_its_author() -> None:
    mia = "https://mastodon.example/@mia/"

    def attempt(by: Random) -> Found:
        proof = {hostile.name(by): hostile.value(by) for _ in range(5)} if by.randrange(3) else hostile.value(by)
        activity = hostile.follow() | {"id": f"{mia}1", "actor": mia, "proof": proof}
        return answer(cavage(plain(json.dumps(activity).encode("utf-8", "replace")), KEY, KEY_ID))

    assert fuzz(attempt) <= {400, 401}

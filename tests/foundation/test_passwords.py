"""Argon2id with OWASP's numbers, and a queue that ends."""

import threading
from typing import Any

import pytest
from argon2 import extract_parameters
from django.contrib.auth.hashers import Argon2PasswordHasher, identify_hasher

from foundation import passwords
from foundation.passwords import Argon2id, Busy

PASSWORD = "correct horse battery staple"


def test_the_encoding_is_djangos_with_owasps_numbers() -> None:
    encoded = Argon2id().encode(PASSWORD, "saltsaltsalt")
    parameters = extract_parameters(encoded.removeprefix("argon2"))

    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19_456, 2, 1)
    assert Argon2PasswordHasher().verify(PASSWORD, encoded)


def test_the_right_password_opens_and_another_does_not() -> None:
    encoded = Argon2id().encode(PASSWORD, "saltsaltsalt")

    assert Argon2id().verify(PASSWORD, encoded)
    assert not Argon2id().verify(PASSWORD + "x", encoded)


def test_weaker_hashes_are_renewed_and_own_ones_are_not(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["foundation.passwords.Argon2id"]
    hasher = identify_hasher(Argon2id().encode(PASSWORD, "s" * 22))

    assert isinstance(hasher, Argon2id)
    assert not hasher.must_update(hasher.encode(PASSWORD, hasher.salt()))
    assert hasher.must_update(Argon2PasswordHasher().encode(PASSWORD, hasher.salt()))


def test_when_all_cores_hash_the_next_waits_and_is_then_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_S", 0.05)
    monkeypatch.setattr(passwords._cores, "_free", threading.BoundedSemaphore(1))
    with passwords._cores.one(), pytest.raises(Busy):
        Argon2id().encode(PASSWORD, "saltsaltsalt")
    assert Argon2id().encode(PASSWORD, "saltsaltsalt")


def test_no_more_hash_at_once_than_there_are_cores(at_once: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now, most = [0], [0]
    lock = threading.Lock()

    def slow(*_rest: object) -> str:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        threading.Event().wait(0.02)
        with lock:
            now[0] -= 1
        return "hash"

    monkeypatch.setattr(Argon2PasswordHasher, "encode", slow)
    at_once(8, lambda _number: Argon2id().encode(PASSWORD, "saltsaltsalt"))
    assert most[0] <= passwords.AT_ONCE

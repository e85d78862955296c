"""What is sealed opens at its place, with its key, and nowhere else."""

import base64
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from foundation import checks, letters, rotation, sealing
from foundation.models import Letter
from foundation.sealing import Broken, KeyLost


def key_text(kid: str, byte: int) -> str:
    return f"{kid}:{base64.b64encode(bytes([byte]) * 32).decode()}"


OLD, NEW = key_text("old", 1), key_text("new", 2)


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_is_sealed_opens_at_its_place(plain: bytes, where: str) -> None:
    sealed = sealing.seal(plain, where=where)

    assert sealing.open_(sealed, where=where) == plain
    assert sealed != sealing.seal(plain, where=where)


def test_two_ciphertexts_that_were_swapped_open_no_more() -> None:
    of_ada = sealing.seal(b"ada's", where="member:phone:1")

    with pytest.raises(Broken):
        sealing.open_(of_ada, where="member:phone:2")


def test_one_changed_bit_is_noticed() -> None:
    head, kid, text = sealing.seal(b"secret", where="w").split(".")
    raw = bytearray(base64.urlsafe_b64decode(text))
    for place in range(len(raw)):
        raw[place] ^= 1
        with pytest.raises(Broken):
            sealing.open_(f"{head}.{kid}.{base64.urlsafe_b64encode(raw).decode()}", where="w")
        raw[place] ^= 1


@pytest.mark.parametrize(
    "text", ["", "x", "v1.laptop", "v1.laptop.", "v2.laptop.AAAA", "v1.laptop.!!", "v1.laptop.AAAA", "ä.b.c"]
)
def test_what_was_never_sealed_is_broken(text: str) -> None:
    with pytest.raises(Broken):
        sealing.open_(text, where="w")


def test_the_key_id_cannot_be_exchanged(settings: Any) -> None:
    settings.SEALING_KEYS = f"{key_text('a', 1)},{key_text('b', 1)}"
    sealed = sealing.seal(b"secret", where="w")

    with pytest.raises(Broken):
        sealing.open_(sealed.replace("v1.a.", "v1.b."), where="w")


def test_a_data_key_seals_apart_from_the_ring() -> None:
    hers, his = sealing.new_data_key(), sealing.new_data_key()
    sealed = sealing.seal(b"private", where="w", key=hers)

    assert sealing.open_(sealed, where="w", key=hers) == b"private"
    with pytest.raises(Broken):
        sealing.open_(sealed, where="w", key=his)
    with pytest.raises(KeyLost):
        sealing.open_(sealed, where="w")


def test_a_new_root_key_reads_the_old_and_rewraps(settings: Any) -> None:
    settings.SEALING_KEYS = OLD
    sealed = sealing.seal(b"secret", where="w")
    settings.SEALING_KEYS = f"{NEW},{OLD}"
    fresh = sealing.rewrap(sealed, where="w")

    assert sealing.rewrap(fresh, where="w") == fresh
    settings.SEALING_KEYS = NEW
    assert sealing.open_(fresh, where="w") == b"secret"
    with pytest.raises(KeyLost, match="'old' is not in SEALING_KEYS"):
        sealing.open_(sealed, where="w")


@pytest.mark.parametrize("ring", ["", "short:AAAA", "nocolon", "bad:!!!", " , "])
def test_a_ring_that_cannot_be_read_is_refused_with_a_sentence(ring: str, settings: Any) -> None:
    settings.SEALING_KEYS = ring

    with pytest.raises(ImproperlyConfigured, match="SEALING_KEYS"):
        sealing.current()
    assert checks.the_ring_is_readable()


@pytest.mark.django_db
def test_rotation_moves_every_column_and_the_old_key_may_go(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 3)
    settings.SEALING_KEYS = OLD
    for number in range(8):
        letters.write("ada@example.org", f"No. {number}", "text", kind="test")
    Letter.objects.filter(pk=Letter.objects.first().pk).update(sealed_body="")  # type: ignore[union-attr]
    settings.SEALING_KEYS = f"{NEW},{OLD}"
    assert rotation.keys_in_use()["foundation_letter.sealed_to"] == {"old"}

    out = StringIO()
    call_command("rotate_keys", stdout=out)

    assert "foundation_letter.sealed_to: 8" in out.getvalue()
    assert "foundation_letter.sealed_body: 7" in out.getvalue()
    assert "Everything opens with 'new'" in out.getvalue()
    settings.SEALING_KEYS = NEW
    assert {letters.text_of(letter).to for letter in Letter.objects.all()} == {"ada@example.org"}
    assert not rotation.lost_keys()
    assert set(rotation.rewrap_all().values()) == {0}


@pytest.mark.django_db
def test_a_rotation_that_was_stopped_goes_on(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SEALING_KEYS = OLD
    for _ in range(4):
        letters.write("ada@example.org", "Hello", "text", kind="test")
    settings.SEALING_KEYS = f"{NEW},{OLD}"
    real, left = sealing.rewrap, [1, 2, 3]

    def stop_after_three(sealed: str, *, where: str) -> str:
        left.pop()
        return real(sealed, where=where)

    with monkeypatch.context() as patch:
        patch.setattr(sealing, "rewrap", stop_after_three)
        with pytest.raises(IndexError):
            rotation.rewrap_all()
    assert rotation.keys_in_use()["foundation_letter.sealed_to"] == {"old", "new"}

    rotation.rewrap_all()
    assert rotation.keys_in_use()["foundation_letter.sealed_to"] == {"new"}


@pytest.mark.django_db
def test_the_house_says_so_when_a_root_key_is_lost(settings: Any) -> None:
    settings.SEALING_KEYS = OLD
    letters.write("ada@example.org", "Hello", "text", kind="test")
    settings.SEALING_KEYS = NEW

    assert rotation.lost_keys() == {"old"}
    (error,) = checks.no_key_is_lost(databases=["default"])
    assert "recovery sheet" in str(error.msg)

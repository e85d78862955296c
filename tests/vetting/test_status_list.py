"""The list of withdrawn vouches: W3C Bitstring Status List 1.0, signed by the house, and nobody else's list counts."""

import base64
import gzip
import hashlib
import zlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import did, signing
from foundation.signing import Document, Unproven
from tests.vetting.papers import (
    BO,
    DAY,
    HOUSE,
    INDEX,
    LIST,
    MALLORY,
    NOW,
    Path,
    changed,
    listing,
    places,
    signed,
    value_at,
    vouch,
    without,
)
from vetting import credentials, status_list
from vetting.credentials import Withdrawn
from vetting.status_list import LEAST_ENTRIES, ListTooOld, NotAList

# Bitstring Status List 1.0 (Recommendation of 15 May 2025), example 3: 131,072 entries, none set.
W3C_ENCODED = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
ENTRY = status_list.entry(address=LIST, index=INDEX, issuer=HOUSE.did)
EMPTY = listing()
PLACES = list(places(EMPTY))
indices = st.sets(st.integers(0, LEAST_ENTRIES - 1), max_size=20)


def test_the_list_of_the_standard_is_read() -> None:
    assert status_list.decode(W3C_ENCODED) == bytes(16 * 1024) == status_list.bits([])


@given(indices)
def test_what_was_set_is_set_and_nothing_else(withdrawn: set[int]) -> None:
    made = status_list.decode(status_list.encode(status_list.bits(withdrawn)))

    assert {index for index in range(LEAST_ENTRIES) if status_list.is_set(made, index)} == withdrawn


def test_the_first_entry_is_the_left_most_bit() -> None:
    made = status_list.bits([0, 9])

    assert made[:2] == b"\x80\x40"


def test_the_same_entries_have_the_same_text_at_any_time() -> None:
    packed = base64.urlsafe_b64decode(status_list.encode(status_list.bits([7]))[1:] + "==")

    assert packed[4:8] == b"\0\0\0\0"  # MTIME of RFC 1952, 2.3.1: no moment
    assert listing(7) == listing(7)


@pytest.mark.parametrize("index", [-1, LEAST_ENTRIES, 10**9])
def test_an_index_beyond_the_list_is_never_answered(index: int) -> None:
    with pytest.raises(IndexError):
        status_list.bits([index])
    with pytest.raises(IndexError):
        status_list.is_set(status_list.bits([]), index)
    with pytest.raises(NotAList):
        status_list.revoked_in(EMPTY, changed(ENTRY, ("statusListIndex",), str(abs(index) + LEAST_ENTRIES)), now=NOW)


def test_a_longer_list_is_read_too() -> None:
    far = LEAST_ENTRIES + 5
    entry = changed(ENTRY, ("statusListIndex",), str(far))
    longer = status_list.credential(LIST, status_list.bits([far], entries=2 * LEAST_ENTRIES), HOUSE.private, NOW)

    assert status_list.revoked_in(longer, entry, now=NOW)


def packed(raw: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


GOOD = gzip.compress(bytes(16 * 1024), mtime=0)
BAD_TEXTS: dict[str, object] = {
    "nothing": "",
    "no text": None,
    "bytes": b"u",
    "another base": "z" + W3C_ENCODED[1:],
    "no base": W3C_ENCODED[1:],
    "padded": W3C_ENCODED + "=",
    "another alphabet": W3C_ENCODED.replace("-", "+"),
    "a blank in it": W3C_ENCODED[:9] + " " + W3C_ENCODED[9:],
    "a line end behind it": W3C_ENCODED + "\n",
    "not packed": packed(bytes(16 * 1024)),
    "packed otherwise": packed(zlib.compress(bytes(16 * 1024))),
    "broken off": packed(GOOD[:-1]),
    "a changed sum": packed(GOOD[:-5] + b"\1" + GOOD[-4:]),
    "something behind its end": packed(GOOD + b"\0"),
    "two in one": packed(GOOD + GOOD),
    "too short to hide in": packed(gzip.compress(bytes(16 * 1024 - 1))),
    "a bomb": packed(gzip.compress(bytes(64 * 1024 * 1024))),
    "a byte too many": packed(gzip.compress(bytes(status_list.MOST_BYTES + 1))),
    "endless": "u" + "A" * (status_list.MOST_CHARACTERS + 1),
}


@pytest.mark.parametrize("reason", BAD_TEXTS)
def test_what_is_no_list_is_refused(reason: str) -> None:
    with pytest.raises(NotAList):
        status_list.decode(BAD_TEXTS[reason])


@given(st.text(max_size=60))
def test_noise_is_no_list(text: str) -> None:
    with pytest.raises(NotAList):
        status_list.decode("u" + text)


def test_the_largest_list_that_may_be_is_read_even_if_it_cannot_be_packed() -> None:
    noise = hashlib.shake_256(b"noise").digest(status_list.MOST_BYTES)

    assert status_list.decode(status_list.encode(noise)) == noise


# ── as a credential ─────────────────────────────────────────────────────────


def test_it_is_written_as_the_standard_says() -> None:
    assert EMPTY["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert (EMPTY["id"], EMPTY["issuer"]) == (LIST, HOUSE.did)
    assert (EMPTY["validFrom"], EMPTY["validUntil"]) == ("2026-11-22T09:30:00Z", "2026-11-29T09:30:00Z")
    assert EMPTY["credentialSubject"] == {
        "id": f"{LIST}#list",
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
        "encodedList": status_list.encode(status_list.bits([])),
    }
    assert signing.check(EMPTY, public=did.key_in(HOUSE.did))


@given(indices)
def test_only_those_in_it_are_withdrawn(withdrawn: set[int]) -> None:
    status = listing(*withdrawn)

    assert status_list.revoked_in(status, ENTRY, now=NOW) is (INDEX in withdrawn)


def test_a_list_stands_for_a_week() -> None:
    assert status_list.revoked_in(EMPTY, ENTRY, now=NOW + 7 * DAY - timedelta(seconds=1)) is False
    for now in (NOW + 7 * DAY, NOW - timedelta(minutes=6)):
        with pytest.raises(ListTooOld):
            status_list.revoked_in(EMPTY, ENTRY, now=now)


# ── what Mallory shows instead ──────────────────────────────────────────────


FORGED: dict[str, Document] = {
    "signed by herself": listing(by=MALLORY),
    "signed by the one it helps": listing(by=BO),
    "signed by herself in the house's name": signed(
        changed(listing(by=MALLORY), ("issuer",), HOUSE.did), by=MALLORY, named=HOUSE
    ),
    "signed by herself over the house's": signed(EMPTY, by=MALLORY),
    "signed by the house in her name": signed(EMPTY, by=HOUSE, named=MALLORY),
    "of another address": listing(address="https://home.example/status/2"),
    "of another purpose": signed(changed(EMPTY, ("credentialSubject", "statusPurpose"), "message"), by=HOUSE),
    "the vouch itself": vouch(),
    "unsigned": without(EMPTY, ("proof",)),
    "nothing": {},
}


@pytest.mark.parametrize("reason", FORGED)
def test_only_the_list_that_the_vouch_names_says_anything(reason: str) -> None:
    with pytest.raises(NotAList):
        status_list.revoked_in(FORGED[reason], ENTRY, now=NOW)
    with pytest.raises(NotAList):
        credentials.verify(vouch(), now=NOW, status=FORGED[reason])


@given(
    st.sampled_from(PLACES), st.one_of(st.none(), st.integers(), st.text(max_size=20), st.lists(st.text(), max_size=2))
)
def test_no_value_of_a_list_can_be_another(at: Path, value: Any) -> None:
    if value == value_at(EMPTY, at):
        return
    with pytest.raises(Unproven):
        status_list.revoked_in(changed(EMPTY, at, value), ENTRY, now=NOW)


@pytest.mark.parametrize("at", PLACES, ids=str)
def test_nothing_of_a_list_can_be_taken_away(at: Path) -> None:
    with pytest.raises(Unproven):
        status_list.revoked_in(without(EMPTY, at), ENTRY, now=NOW)


def test_a_withdrawal_cannot_be_taken_out_of_a_list() -> None:
    milder = changed(listing(INDEX), ("credentialSubject", "encodedList"), status_list.encode(status_list.bits([])))

    with pytest.raises(NotAList):
        credentials.verify(vouch(), now=NOW, status=milder)
    with pytest.raises(Withdrawn):
        credentials.verify(vouch(), now=NOW, status=listing(INDEX))

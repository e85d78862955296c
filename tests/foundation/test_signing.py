"""Signatures fit or raise. The vectors are those of RFC 8785, RFC 8032 and W3C vc-di-eddsa, appendix B."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from foundation import signing
from foundation.signing import Unproven

W3C_PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
W3C_PRIVATE = bytes.fromhex("c96ef9ea10c5e414c471723aff9de72c35fa5b70fae97e8832ecac7d2e2b8ed6")
W3C_METHOD = f"did:key:{W3C_PUBLIC}#{W3C_PUBLIC}"
W3C_PROOF = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
W3C_DOCUMENT: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
W3C_CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)


def test_the_w3c_vector_is_made_byte_by_byte() -> None:
    made = signing.secure(W3C_DOCUMENT, private=W3C_PRIVATE, method=W3C_METHOD, created=W3C_CREATED)

    bare_hash = "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
    assert hashlib.sha256(signing.canonical(W3C_DOCUMENT)).hexdigest() == bare_hash
    assert made["proof"]["proofValue"] == W3C_PROOF


def test_the_w3c_vector_is_verified() -> None:
    made = signing.secure(W3C_DOCUMENT, private=W3C_PRIVATE, method=W3C_METHOD, created=W3C_CREATED)

    assert signing.check(made, public=signing.public_from(W3C_PUBLIC)) == W3C_DOCUMENT
    assert signing.multikey(signing.public_of(W3C_PRIVATE)) == W3C_PUBLIC


# What Mallory does to the proof; None takes the value away.
FORGED_PROOFS: dict[str, dict[str, Any]] = {
    "no value": {"proofValue": None},
    "empty value": {"proofValue": ""},
    "not a text": {"proofValue": ["z"]},
    "endless value": {"proofValue": "z" + "1" * 10_000},
    "another time": {"created": "2024-02-24T23:36:38Z"},
    "another purpose": {"proofPurpose": "authentication"},
    "another suite": {"cryptosuite": "eddsa-rdfc-2022"},
    "another context": {"@context": ["https://mallory.example"]},
}
FORGED_DOCUMENTS: dict[str, dict[str, Any]] = {
    "unsigned": {"proof": None},
    "several proofs": {"proof": []},
    "changed": {"issuer": "https://mallory.example"},
    "added to": {"extra": 1},
    "no canonical form": {"number": float("nan")},
}


def altered(value: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in (value | change).items() if one is not None}


@pytest.mark.parametrize("reason", [*FORGED_PROOFS, *FORGED_DOCUMENTS])
def test_a_forged_document_is_never_proven(reason: str) -> None:
    made = signing.secure(W3C_DOCUMENT, private=W3C_PRIVATE, method=W3C_METHOD, created=W3C_CREATED)
    made["proof"] = altered(made["proof"], FORGED_PROOFS.get(reason, {}))
    with pytest.raises(Unproven):
        signing.check(altered(made, FORGED_DOCUMENTS.get(reason, {})), public=signing.public_from(W3C_PUBLIC))


def test_another_key_proves_nothing() -> None:
    made = signing.secure(W3C_DOCUMENT, private=W3C_PRIVATE, method=W3C_METHOD)

    with pytest.raises(Unproven):
        signing.check(made, public=signing.new_key()[1])


def test_rfc_8032_test_2() -> None:
    private = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert signing.public_of(private) == public
    assert signing.sign(private, b"\x72") == signature
    assert signing.verify(public, b"\x72", signature)


def test_rfc_8785_orders_and_writes_as_it_says() -> None:
    value = {"numbers": [333333333.33333329, 1e30, 4.50, 2e-3], "literals": [None, True, False], "€": "$"}

    assert signing.canonical(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002],"€":"$"}'
    )


@pytest.mark.parametrize("value", [float("inf"), 2**60, {1: 2}, {"a": {1, 2}}, "\ud800"])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(Unproven):
        signing.canonical(value)


@given(st.binary(max_size=200), st.binary(max_size=80), st.binary(max_size=40))
def test_noise_is_never_a_signature(message: bytes, signature: bytes, public: bytes) -> None:
    with pytest.raises(Unproven):
        signing.verify(public, message, signature)


@pytest.mark.parametrize("text", ["", "z", "zQ3s", "u6Mk", "z6Mk0OIl", "z" + "9" * 200, "z6Mkr"])
def test_only_an_ed25519_multikey_is_a_key(text: str) -> None:
    with pytest.raises(Unproven):
        signing.public_from(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.text(max_size=8) | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_the_quick_way_writes_what_the_standards_reader_writes(value: Any) -> None:
    """Plain documents are written by the standard library; `rfc8785` is the oracle."""
    try:
        expected = rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError):
        with pytest.raises(Unproven):
            signing.canonical(value)
    else:
        assert signing.canonical(value) == expected


def test_an_activity_is_written_the_quick_way() -> None:
    assert signing._is_plain(W3C_DOCUMENT)
    assert not signing._is_plain({"\ue000": 1, "\U00010000": 2})  # UTF-16 has these two in another order
    assert not signing._is_plain([1.0])
    assert not signing._is_plain({"a": {"b": 2**53}})

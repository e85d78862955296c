"""Published vectors of proofs, each step: W3C vc-di-eddsa B.3 (Recommendation of 15 May 2025), FEP-8b32, FEP-c390.

The documents of B.3 and the first checks of them stand in test_signing.py; the key pair is the same in all three.
"""

import hashlib
from typing import Any

import base58
import pytest

from foundation import did, signing
from foundation.signing import Unproven
from tests.foundation.test_signing import (
    W3C_CREATED,
    W3C_DOCUMENT,
    W3C_METHOD,
    W3C_PRIVATE,
    W3C_PROOF,
    W3C_PUBLIC,
)

# B.3, examples 29 and 31 to 39.
W3C_SECRET_KEY = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
ED25519_PRIVATE = b"\x80\x26"  # multicodec ed25519-priv
CONTEXT = '["https://www.w3.org/ns/credentials/v2","https://www.w3.org/ns/credentials/examples/v2"]'
CANONICAL_DOCUMENT = (
    f'{{"@context":{CONTEXT},"credentialSubject":{{"alumniOf":"The School of Examples","id":"did:example:abcdefgh"}},'
    '"description":"A minimum viable example of an Alumni Credential.",'
    '"id":"urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33","issuer":"https://vc.example/issuers/5678",'
    '"name":"Alumni Credential","type":["VerifiableCredential","AlumniCredential"],"validFrom":"2023-01-01T00:00:00Z"}'
)
CANONICAL_OPTIONS = (
    f'{{"@context":{CONTEXT},"created":"2023-02-24T23:36:38Z","cryptosuite":"eddsa-jcs-2022",'
    f'"proofPurpose":"assertionMethod","type":"DataIntegrityProof","verificationMethod":"{W3C_METHOD}"}}'
)
DOCUMENT_HASH = "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
OPTIONS_HASH = "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
SIGNATURE = (
    "407cd12654b33d718ecbb99179a1506daaa849450bf3fc523cce3e1c96f8b803"
    "51da3f253d725c6f00b07c9e5448d50b3ef78012b9ab54255116d069c6dd2808"
)
OPTIONS = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "created": "2023-02-24T23:36:38Z",
    "verificationMethod": W3C_METHOD,
    "proofPurpose": "assertionMethod",
    "@context": W3C_DOCUMENT["@context"],
}


def test_w3c_the_key_pair_is_read() -> None:
    raw = base58.b58decode(W3C_SECRET_KEY[1:])

    assert raw == ED25519_PRIVATE + W3C_PRIVATE
    assert did.of(signing.public_of(raw[2:])) == f"did:key:{W3C_PUBLIC}"
    assert did.method(f"did:key:{W3C_PUBLIC}") == W3C_METHOD


def test_w3c_the_document_and_the_options_become_canonical() -> None:
    assert signing.canonical(W3C_DOCUMENT).decode() == CANONICAL_DOCUMENT
    assert signing.canonical(OPTIONS).decode() == CANONICAL_OPTIONS


def test_w3c_the_hashes_are_joined_options_first() -> None:
    assert hashlib.sha256(CANONICAL_DOCUMENT.encode()).hexdigest() == DOCUMENT_HASH
    assert hashlib.sha256(CANONICAL_OPTIONS.encode()).hexdigest() == OPTIONS_HASH
    assert signing.digest(W3C_DOCUMENT, OPTIONS).hex() == OPTIONS_HASH + DOCUMENT_HASH


def test_w3c_the_joined_hashes_are_signed() -> None:
    signature = signing.sign(W3C_PRIVATE, bytes.fromhex(OPTIONS_HASH + DOCUMENT_HASH))

    assert signature.hex() == SIGNATURE
    assert "z" + base58.b58encode(signature).decode() == W3C_PROOF


def test_w3c_the_signed_credential_is_the_published_one() -> None:
    published = {**W3C_DOCUMENT, "proof": {**OPTIONS, "proofValue": W3C_PROOF}}

    assert signing.secure(W3C_DOCUMENT, private=W3C_PRIVATE, method=W3C_METHOD, created=W3C_CREATED) == published
    assert signing.check(published, public=did.key_in(f"did:key:{W3C_PUBLIC}")) == W3C_DOCUMENT


# FEP-8b32, fep-8b32.feature: an activity with numbers that are not whole.
FEP_8B32_METHOD = "https://server.example/users/alice#ed25519-key"
FEP_8B32_CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v2"]
FEP_8B32_DOCUMENT: dict[str, Any] = {
    "@context": FEP_8B32_CONTEXT,
    "id": "https://server.example/activities/1",
    "type": "Create",
    "actor": "https://server.example/users/alice",
    "object": {
        "id": "https://server.example/objects/1",
        "type": "Note",
        "attributedTo": "https://server.example/users/alice",
        "content": "Hello world",
        "location": {"type": "Place", "longitude": -71.184902, "latitude": 25.273962},
    },
}
FEP_8B32_SIGNED = {
    **FEP_8B32_DOCUMENT,
    "proof": {
        "@context": FEP_8B32_CONTEXT,
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": FEP_8B32_METHOD,
        "proofPurpose": "assertionMethod",
        "proofValue": "z42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4fQ5TYHaJENCxUDe9SdL",
        "created": "2023-02-24T23:36:38Z",
    },
}


def test_fep_8b32_the_activity_is_signed() -> None:
    made = signing.secure(FEP_8B32_DOCUMENT, private=W3C_PRIVATE, method=FEP_8B32_METHOD, created=W3C_CREATED)

    assert made == FEP_8B32_SIGNED


def test_fep_8b32_the_signature_is_verified() -> None:
    assert signing.check(FEP_8B32_SIGNED, public=signing.public_from(W3C_PUBLIC)) == FEP_8B32_DOCUMENT


# FEP-c390, fep-c390.feature.
FEP_C390_ACTOR = "https://server.example/users/alice"
FEP_C390_STATEMENT: dict[str, Any] = {
    "type": "VerifiableIdentityStatement",
    "subject": f"did:key:{W3C_PUBLIC}",
    "alsoKnownAs": FEP_C390_ACTOR,
    "proof": {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": f"did:key:{W3C_PUBLIC}",
        "proofPurpose": "assertionMethod",
        "proofValue": "z26W7TfJYD9DrGqnem245zNbeCbTwjb8avpduzi1JPhFrwML99CpP6gGXSKSXAcQdpGFBXF4kx7VwtXKhu7VDZJ54",
    },
}


def test_fep_c390_the_identity_proof_is_created() -> None:
    made = did.identity_statement(W3C_PRIVATE, FEP_C390_ACTOR, attached=True, created=W3C_CREATED)

    assert made == FEP_C390_STATEMENT


def test_fep_c390_the_attached_identity_proof_is_verified() -> None:
    identity = did.check_identity(FEP_C390_STATEMENT, actor=FEP_C390_ACTOR)

    assert identity == did.Identity(f"did:key:{W3C_PUBLIC}", FEP_C390_ACTOR)


# What Mallory does to it; an identity is hers only if all of this fails.
FORGED: dict[str, dict[str, Any]] = {
    "another type": {"type": "VerifiableCredential"},
    "several types": {"type": ["VerifiableIdentityStatement"]},
    "another actor": {"alsoKnownAs": "https://server.example/users/mallory"},
    "several actors": {"alsoKnownAs": [FEP_C390_ACTOR]},
    "another subject": {"subject": did.of(signing.new_key()[1])},
    "no subject": {"subject": None},
    "no did:key": {"subject": "did:web:server.example"},
    "unsigned": {"proof": None},
    "several proofs": {"proof": [FEP_C390_STATEMENT["proof"]]},
    "something added": {"name": "Alice"},
    "another method": {"proof": {**FEP_C390_STATEMENT["proof"], "verificationMethod": W3C_METHOD}},
    "another purpose": {"proof": {**FEP_C390_STATEMENT["proof"], "proofPurpose": "authentication"}},
}


@pytest.mark.parametrize("reason", FORGED)
def test_a_forged_identity_is_nobodys(reason: str) -> None:
    with pytest.raises(Unproven):
        did.check_identity({**FEP_C390_STATEMENT, **FORGED[reason]}, actor=FEP_C390_ACTOR)


def test_an_identity_is_signed_in_its_own_name() -> None:
    said = {name: value for name, value in FEP_C390_STATEMENT.items() if name != "proof"}
    in_another_name = signing.secure(said, private=W3C_PRIVATE, method=W3C_METHOD, created=W3C_CREATED)

    with pytest.raises(Unproven):
        did.check_identity(in_another_name, actor=FEP_C390_ACTOR)


def test_an_identity_is_that_of_one_actor_only() -> None:
    with pytest.raises(Unproven):
        did.check_identity(FEP_C390_STATEMENT, actor="https://server.example/users/mallory")


def test_a_statement_that_stands_alone_brings_its_words() -> None:
    private, public = signing.new_key()
    made = did.identity_statement(private, FEP_C390_ACTOR)

    assert made["@context"] == made["proof"]["@context"] == did.STATEMENT_CONTEXT
    assert did.check_identity(made, actor=FEP_C390_ACTOR).did == did.of(public)


@pytest.mark.parametrize("text", [None, 5, "", "did:key:", "did:web:a.example", W3C_PUBLIC, f"did:key:{W3C_PUBLIC} "])
def test_only_a_did_key_is_a_name(text: object) -> None:
    with pytest.raises(Unproven):
        did.key_in(text)

"""What looks like a vouch and is none: written otherwise, or not signed by the two it names. Each is tried."""

from collections.abc import Callable
from typing import Any

import pytest

from foundation.signing import Document, Unproven
from tests.vetting.papers import (
    ADA,
    BO,
    INDEX,
    MALLORY,
    NOW,
    Path,
    changed,
    facts,
    signed,
    signed_anyway,
    vouch,
    without,
)
from vetting import credentials
from vetting.credential_shape import ManyProofs, NotAVouch, TooLarge, WrongContext, WrongType
from vetting.credentials import ForOneself, NotCountersigned, NotTheIssuer, Party

VOUCH = vouch()


# ── what is refused although both have signed it ────────────────────────────

ANYWAY: dict[str, tuple[Path, Any, type[Unproven]]] = {
    "an unknown name on top": (("hint",), "x", NotAVouch),
    "an unknown name below": (("credentialSubject", "context", "salary"), "9", NotAVouch),
    "another credential": (("type",), "DriversLicence", WrongType),
    "another subject": (("credentialSubject", "type"), "Endorsement", WrongType),
    "no subject": (("credentialSubject",), "Bo", WrongType),
    "another context": (("@context",), ["https://www.w3.org/ns/credentials/v2"], WrongContext),
    "contexts the other way": (("@context",), list(reversed(VOUCH["@context"])), WrongContext),
    "one more context": (("@context",), [*VOUCH["@context"], "https://mallory.example/v1"], WrongContext),
    "a context in itself": (("@context",), [VOUCH["@context"][0], {"Vouch": "https://mallory.example"}], WrongContext),
    "an index as a number": (("credentialStatus", "statusListIndex"), INDEX, NotAVouch),
    "an index with a sign": (("credentialStatus", "statusListIndex"), "-1", NotAVouch),
    "another purpose": (("credentialStatus", "statusPurpose"), "message", NotAVouch),
    "another way to tell the status": (("credentialStatus", "type"), "StatusList2021Entry", NotAVouch),
    "an issuer by address": (("issuer", "id"), "https://home.example/u/ada", NotAVouch),
    "an issuer without name": (("issuer",), ADA.did, NotAVouch),
    "another kind of key": (("issuer", "id"), "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", NotAVouch),
    "a page that is a script": (("issuer", "alsoKnownAs"), "javascript:alert(1)", NotAVouch),
    "an unknown kind": (("credentialSubject", "context", "kind"), "friendship", NotAVouch),
    "a month that is none": (("credentialSubject", "context", "starts"), "2001-13", NotAVouch),
    "an end before the start": (("credentialSubject", "context", "ends"), "2001-03", NotAVouch),
    "no words": (("credentialSubject", "statement"), "", NotAVouch),
    "endless words": (("credentialSubject", "statement"), "x" * 1001, NotAVouch),
    "words that steer the screen": (("credentialSubject", "statement"), "fine \x1b[2K", NotAVouch),
    "words that turn around": (("issuer", "name"), "\u202eadA", NotAVouch),
    "a validity of ten years": (("validUntil",), "2036-11-22T09:30:00Z", NotAVouch),
    "a second more than two years": (("validUntil",), "2028-11-22T09:30:01Z", NotAVouch),
    "an end before its begin": (("validUntil",), "2026-11-22T09:29:59Z", NotAVouch),
    "a time of elsewhere": (("validFrom",), "2026-11-22T10:30:00+01:00", NotAVouch),
    "a page for two": (("credentialSubject", "alsoKnownAs"), "https://home.example/u/ada", ForOneself),
}


@pytest.mark.parametrize("reason", ANYWAY)
def test_what_is_no_vouch_is_refused_although_both_have_signed(reason: str) -> None:
    at, value, refusal = ANYWAY[reason]

    with pytest.raises(refusal) as caught:
        credentials.verify(signed_anyway(changed(VOUCH, at, value)), now=NOW)
    assert type(caught.value) is refusal


@pytest.mark.parametrize("number", [2**53, -(2**53), 10**40, 1e300, float("inf"), float("nan")])
def test_a_number_that_not_all_read_alike_is_refused(number: float) -> None:
    for at in (("hint",), ("credentialStatus", "statusListIndex"), ("proof", "nonce")):
        with pytest.raises(TooLarge):
            credentials.verify(changed(VOUCH, at, number), now=NOW)


def test_the_end_of_time_is_refused_like_any_other_nonsense() -> None:
    late = {**VOUCH, "validFrom": "9998-01-01T00:00:00Z", "validUntil": "9999-01-01T00:00:00Z"}

    with pytest.raises(NotAVouch):
        credentials.verify(signed_anyway(late), now=NOW)


def test_a_document_as_deep_as_it_likes_is_only_refused() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(NotAVouch):
        credentials.verify({**VOUCH, "hint": deep}, now=NOW)


PROOFS: dict[str, Callable[[], Document]] = {
    "several proofs": lambda: changed(VOUCH, ("proof",), [VOUCH["proof"]]),
    "several countersignatures": lambda: changed(VOUCH, ("evidence", "proof"), [VOUCH["evidence"]["proof"]]),
    "several pieces of evidence": lambda: changed(VOUCH, ("evidence",), [VOUCH["evidence"]]),
}


@pytest.mark.parametrize("reason", PROOFS)
def test_one_proof_of_each_and_no_more(reason: str) -> None:
    with pytest.raises(ManyProofs):
        credentials.verify(PROOFS[reason](), now=NOW)


# ── whose word it is ────────────────────────────────────────────────────────


def test_mallory_cannot_sign_for_ada() -> None:
    with pytest.raises(NotTheIssuer):
        credentials.verify(signed_anyway(VOUCH, by=MALLORY), now=NOW)
    with pytest.raises(Unproven):
        credentials.verify(signed(VOUCH, by=MALLORY, named=ADA), now=NOW)
    with pytest.raises(NotTheIssuer):
        credentials.verify(signed(VOUCH, by=ADA, named=MALLORY), now=NOW)
    with pytest.raises(NotTheIssuer):
        credentials.issue(without(VOUCH, ("proof",)), private=MALLORY.private)


def test_an_unsigned_one_was_signed_by_nobody() -> None:
    with pytest.raises(NotTheIssuer):
        credentials.verify(without(VOUCH, ("proof",)), now=NOW)


def test_a_stripped_one_that_mallory_signs_anew_is_hers_and_not_countersigned() -> None:
    hers = changed(changed(VOUCH, ("issuer", "id"), MALLORY.did), ("issuer", "alsoKnownAs"), MALLORY.party.actor)

    with pytest.raises(NotCountersigned):
        credentials.verify(signed(hers, by=MALLORY), now=NOW)


def test_what_the_subject_did_not_sign_is_not_countersigned() -> None:
    for agreed_by in (None, ADA, MALLORY):
        with pytest.raises(NotCountersigned):
            credentials.verify(signed_anyway(VOUCH, agreed_by=agreed_by), now=NOW)
    with pytest.raises(NotCountersigned):
        credentials.countersign(credentials.draft(facts()), private=MALLORY.private)
    with pytest.raises(NotCountersigned):
        credentials.issue(credentials.draft(facts()), private=ADA.private)


def test_a_countersignature_in_another_name_is_none() -> None:
    draft = credentials.draft(facts())
    in_mallorys_name = {"type": "Countersignature", "proof": signed(draft, by=BO, named=MALLORY)["proof"]}

    with pytest.raises(NotCountersigned):
        credentials.issue({**draft, "evidence": in_mallorys_name}, private=ADA.private)


def test_words_changed_after_the_countersignature_are_not_countersigned() -> None:
    agreed = credentials.countersign(credentials.draft(facts()), private=BO.private)
    warmer = changed(agreed, ("credentialSubject", "statement"), "Bo owes me money.")

    with pytest.raises(NotCountersigned):
        credentials.issue(warmer, private=ADA.private)


def test_a_countersignature_for_one_vouch_serves_no_other() -> None:
    other = credentials.countersign(credentials.draft(facts(statement="Another.")), private=BO.private)
    moved = {**credentials.draft(facts()), "evidence": other["evidence"]}

    with pytest.raises(NotCountersigned):
        credentials.issue(moved, private=ADA.private)


def test_a_countersigned_draft_of_another_server_is_looked_at_first() -> None:
    with pytest.raises(NotAVouch):
        credentials.countersign({**credentials.draft(facts()), "debt": "1000"}, private=BO.private)
    with pytest.raises(NotAVouch):
        credentials.countersign({}, private=BO.private)


def test_nobody_vouches_for_themselves() -> None:
    oneself = changed(VOUCH, ("credentialSubject", "id"), ADA.did)

    with pytest.raises(ForOneself):
        credentials.verify(signed_anyway(oneself, agreed_by=ADA), now=NOW)


def test_a_key_of_before_does_not_vouch_for_the_key_of_today() -> None:
    before = Party(did=ADA.did, actor=BO.party.actor, name="Bo Test")
    agreed = credentials.countersign(credentials.draft(facts(voucher=before)), private=BO.private)

    with pytest.raises(ForOneself):
        credentials.issue(agreed, private=ADA.private)

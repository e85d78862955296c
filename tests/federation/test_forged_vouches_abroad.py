"""What arrives as a vouch and is none: not signed as it should be, or by, for and about others than it says."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Member, Visibility
from foundation import clock, did, jobs, signing
from foundation.signing import Document
from network.contacts import quiet
from network.federation import addresses, vocabulary
from tests.cast import DAY
from tests.federation.conftest import Abroad, arrives, leaving_for, lives_abroad, said
from tests.federation.vouching_abroad import (
    colleagues,
    create,
    draft_of,
    issued,
    note,
    offer_from,
    party_here,
    party_of,
)
from tests.vetting import town
from vetting import credentials, vouches
from vetting.models import Vouch


def agreed_with(zoe: Abroad, ada: Member) -> Vouch:
    """Zoe has offered, Ada has countersigned; the last signature is to come."""
    colleagues(ada, zoe)
    arrives(zoe, offer_from(zoe, ada))
    [vouch] = vouches.offered_to(ada)
    vouches.countersign(vouch, by=ada, visible_to=Visibility.EVERYONE)
    jobs.drain_everything(strict=True)
    vouch.refresh_from_db()
    return vouch


def stays_unsigned(vouch: Vouch, ada: Member) -> None:
    """The words are where they were, and prove, show and lend nothing."""
    vouch.refresh_from_db()
    assert (vouch.issued_at, vouch.credential) == (None, None)
    assert list(vouches.agreed_by(ada)) == [vouch]
    assert not vouches.seen_by(None, ada, Visibility.EVERYONE).exists()
    assert not town.lends_by_vouch(vouch.voucher, ada)


def with_proof(document: Document, **changes: Any) -> Document:
    return {**document, "proof": {**document["proof"], **changes}}


def resigned(zoe: Abroad, document: Document, *without: str, **changes: Any) -> Document:
    """Changed, and signed anew by Zoe's own key."""
    bare = {name: value for name, value in (document | changes).items() if name not in {"proof", *without}}
    method = did.method(did.of(signing.public_of(zoe.ed25519)))
    return signing.secure(bare, private=zoe.ed25519, method=method)


def by_another(zoe: Abroad, document: Document) -> Document:
    bare = {name: value for name, value in document.items() if name != "proof"}
    private, public = signing.new_key()
    return signing.secure(bare, private=private, method=did.method(did.of(public)))


def in_zoes_name(zoe: Abroad, document: Document) -> Document:
    bare = {name: value for name, value in document.items() if name != "proof"}
    private, _public = signing.new_key()
    return signing.secure(bare, private=private, method=document["proof"]["verificationMethod"])


def other_words(zoe: Abroad, document: Document) -> Document:
    subject = {**document["credentialSubject"], "statement": "She owes me a fortune."}
    return resigned(zoe, document, credentialSubject=subject)


PROOFS: dict[str, Callable[[Abroad, Document], Any]] = {
    "a proof of another type": lambda _zoe, made: with_proof(made, type="Ed25519Signature2020"),
    "another suite": lambda _zoe, made: with_proof(made, cryptosuite="eddsa-rdfc-2022"),
    "another purpose": lambda _zoe, made: with_proof(made, proofPurpose="authentication"),
    "another's key": by_another,
    "another's signature in her name": in_zoes_name,
    "several proofs": lambda _zoe, made: {**made, "proof": [made["proof"]]},
    "several countersignatures": lambda _zoe, made: {**made, "evidence": [made["evidence"]]},
    "a context of the proof": lambda _zoe, made: with_proof(made, **{"@context": made["@context"][:1]}),
    "a number that few can read": lambda _zoe, made: {**made, "debt": 2**53},
    "a date on which it had run out": lambda zoe, made: resigned(zoe, made, validUntil="2026-01-01T00:00:00Z"),
    "no proof": lambda _zoe, made: {name: value for name, value in made.items() if name != "proof"},
    "stripped, then signed again": lambda zoe, made: resigned(zoe, made, "evidence"),
    "other words, signed again": other_words,
    "a longer life": lambda zoe, made: resigned(zoe, made, validUntil="2099-01-01T00:00:00Z"),
    "no document": lambda _zoe, _made: "https://two.example/credentials/unguessable/",
    "an empty one": lambda _zoe, _made: {},
}


@pytest.mark.adversarial(35)
@pytest.mark.parametrize("how", PROOFS)
def test_what_does_not_prove_itself_is_no_vouch(how: str, ada: Member, zoe: Abroad) -> None:
    vouch = agreed_with(zoe, ada)

    outcome = arrives(zoe, create(zoe, ada, PROOFS[how](zoe, issued(zoe, vouch)))).outcome
    assert outcome.startswith(("refused:", "ignored"))
    stays_unsigned(vouch, ada)


@pytest.mark.adversarial(35)
def test_what_has_run_out_on_its_way_is_no_vouch(ada: Member, zoe: Abroad) -> None:
    vouch = agreed_with(zoe, ada)
    document = issued(zoe, vouch)

    with clock.at(clock.now() + 735 * DAY):
        assert arrives(zoe, create(zoe, ada, document)).outcome == "refused:credential-expired"
        stays_unsigned(vouch, ada)


@pytest.mark.adversarial(35)
@pytest.mark.parametrize("how", PROOFS)
def test_nothing_is_learnt_from_a_strangers_forgery(how: str, zoe: Abroad) -> None:
    yan = lives_abroad("yan", "three.example")
    agreed = credentials.countersign(draft_of(zoe, party_of(yan)), private=yan.ed25519)
    forged = PROOFS[how](zoe, credentials.issue(agreed, private=zoe.ed25519))
    public = note(zoe, yan.uri, forged, to=[vocabulary.PUBLIC])

    assert arrives(zoe, said(zoe, "Create", public)).outcome.startswith(("refused:", "ignored"))
    assert not Vouch.objects.exists()


def test_the_true_one_after_all_the_forged_ones_still_counts(ada: Member, zoe: Abroad) -> None:
    vouch = agreed_with(zoe, ada)
    document = issued(zoe, vouch)
    for forge in PROOFS.values():
        arrives(zoe, create(zoe, ada, forge(zoe, copy.deepcopy(document))))

    assert arrives(zoe, create(zoe, ada, document)).outcome == "done"
    vouch.refresh_from_db()
    assert vouch.credential == document


# ── who, for whom, about whom (36) ──────────────────────────────────────────


def _party(zoe: Abroad, **changes: str) -> credentials.Party:
    known = party_of(zoe)
    return credentials.Party(**{"did": known.did, "actor": known.actor, "name": known.name} | changes)


def another_issuer(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    """Mallory's server signs with Mallory's key in a note of Zoe's."""
    return offer_from(zoe, ada, draft_of(zoe, party_here(ada), voucher=party_of(mallory)))


def another_page(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    return offer_from(zoe, ada, draft_of(zoe, party_here(ada), voucher=_party(zoe, actor=mallory.uri)))


def another_key(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    return offer_from(zoe, ada, draft_of(zoe, party_here(ada), voucher=_party(zoe, did=party_of(mallory).did)))


def another_author(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    return offer_from(zoe, ada, attributedTo=mallory.uri)


def nobody_mentioned(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    return offer_from(zoe, ada, tag=[])


def somebody_else_mentioned(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    return offer_from(zoe, ada, tag=[{"type": "Mention", "href": mallory.uri}])


def two_mentioned(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    tags = [{"type": "Mention", "href": uri} for uri in (addresses.actor(ada), mallory.uri)]
    return offer_from(zoe, ada, tag=tags)


def about_somebody_else(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    return offer_from(zoe, ada, draft_of(zoe, party_of(mallory)))


def for_oneself(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    """With two keys, and with one."""
    oneself = _party(zoe, did=party_of(mallory).did)
    return offer_from(zoe, ada, draft_of(zoe, oneself), tag=[{"type": "Mention", "href": zoe.uri}])


def with_a_key_that_is_not_adas(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    hers = credentials.Party(did=party_of(mallory).did, actor=addresses.actor(ada), name="Ada Adler")
    return offer_from(zoe, ada, draft_of(zoe, hers))


def with_adas_key_for_both(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    return offer_from(zoe, ada, draft_of(zoe, party_here(ada), voucher=_party(zoe, did=party_here(ada).did)))


def kept_by_another_server(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    return offer_from(zoe, ada, draft_of(zoe, party_here(ada), address="https://evil.example/credentials/x/"))


def kept_at_ours(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    return offer_from(zoe, ada, draft_of(zoe, party_here(ada), address=f"{addresses.house()}/credentials/x/"))


def withdrawn_by_another_server(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    return offer_from(zoe, ada, draft_of(zoe, party_here(ada), status_list="https://evil.example/status/"))


def named_by_another_server(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    return offer_from(zoe, ada, id="https://evil.example/things/vouch/1")


def to_everybody(zoe: Abroad, ada: Member, mallory: Abroad) -> Document:
    return offer_from(zoe, ada, to=[vocabulary.PUBLIC])


MISMATCHES = [
    another_issuer, another_page, another_key, another_author, nobody_mentioned, somebody_else_mentioned,
    two_mentioned, about_somebody_else, for_oneself, with_a_key_that_is_not_adas, with_adas_key_for_both,
    kept_by_another_server, kept_at_ours, withdrawn_by_another_server, named_by_another_server, to_everybody,
]  # fmt: skip


@pytest.mark.adversarial(36)
@pytest.mark.parametrize("how", MISMATCHES)
def test_an_offer_whose_parts_do_not_fit_asks_nobody(
    how: Callable[[Abroad, Member, Abroad], Document], ada: Member, zoe: Abroad, mallory_abroad: Abroad
) -> None:
    colleagues(ada, zoe)

    outcome = arrives(zoe, how(zoe, ada, mallory_abroad)).outcome
    assert outcome.startswith(("refused:", "ignored"))
    assert not Vouch.objects.exists()
    assert leaving_for(zoe) == []


@pytest.mark.adversarial(36)
def test_an_issued_one_whose_author_is_another_is_refused(ada: Member, zoe: Abroad, mallory_abroad: Abroad) -> None:
    vouch = agreed_with(zoe, ada)
    document = issued(zoe, vouch)
    others: list[dict[str, Any]] = [{"attributedTo": mallory_abroad.uri}, {"tag": []}]
    for changes in others:
        assert arrives(zoe, create(zoe, ada, document, **changes)).outcome == "refused:vouch-not-theirs"
    stays_unsigned(vouch, ada)


def test_mallory_cannot_offer_in_zoes_name(ada: Member, zoe: Abroad, mallory_abroad: Abroad) -> None:
    colleagues(ada, zoe)
    quiet.begin(asker=ada, recipient=mallory_abroad.member)

    activity = offer_from(zoe, ada) | {"actor": mallory_abroad.uri, "id": f"{mallory_abroad.uri}activities/1"}
    assert arrives(mallory_abroad, activity).outcome == "refused:vouch-not-theirs"
    assert not Vouch.objects.exists()


def test_a_draft_with_somebody_elses_clause_is_not_countersigned(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    draft = draft_of(zoe, party_here(ada))
    for clause in ({"debt": "1000"}, {"evidence": {"type": "Loan"}}, {"type": ["VerifiableCredential", "Debt"]}):
        outcome = arrives(zoe, offer_from(zoe, ada, draft | clause)).outcome
        assert outcome.startswith("refused:credential-")
    assert not Vouch.objects.exists()

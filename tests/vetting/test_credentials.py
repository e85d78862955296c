"""A public vouch proves itself to anybody, offline, and nothing else passes for one."""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import EntryKind
from foundation.refusals import Forged
from foundation.signing import Document, Unproven
from tests.vetting.papers import (
    ADA,
    AT_ACME,
    BO,
    DAY,
    HOUSE,
    INDEX,
    LIST,
    NOW,
    Path,
    changed,
    facts,
    listing,
    places,
    signed_anyway,
    value_at,
    vouch,
    without,
)
from vetting import credential_shape, credentials, shapes
from vetting.credential_shape import ManyProofs, ManyTypes, NotAVouch, TooLarge, WrongContext, WrongType
from vetting.credentials import (
    Expired,
    ForOneself,
    NotCountersigned,
    NotTheIssuer,
    NotYetValid,
    Shared,
    Withdrawn,
)

VOUCH = vouch()
PLACES = list(places(VOUCH))


def test_a_vouch_says_who_for_whom_what_and_until_when() -> None:
    proved = credentials.verify(VOUCH, now=NOW)

    assert (proved.issuer, proved.subject, proved.countersigned) == (ADA.party, BO.party, True)
    assert proved.context == AT_ACME
    assert proved.statement == "I would work with Bo again, at any time."
    assert (proved.valid_from, proved.valid_until) == (NOW, datetime(2028, 11, 22, 9, 30, tzinfo=UTC))
    assert (proved.status, proved.as_of) == ("unknown", None)


def test_it_is_written_as_the_standards_say() -> None:
    assert VOUCH["@context"] == ["https://www.w3.org/ns/credentials/v2", f"{settings.NAMESPACE}/v1"]
    assert (VOUCH["type"], VOUCH["credentialSubject"]["type"]) == ("VerifiableCredential", "Vouch")
    assert VOUCH["issuer"] == {"id": ADA.did, "alsoKnownAs": "https://home.example/u/ada", "name": "Ada Test"}
    assert (VOUCH["validFrom"], VOUCH["validUntil"]) == ("2026-11-22T09:30:00Z", "2028-11-22T09:30:00Z")
    assert VOUCH["credentialStatus"] == {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(INDEX),
        "statusListCredential": LIST,
        "statusListIssuer": HOUSE.did,
    }
    for proof, signer in ((VOUCH["proof"], ADA), (VOUCH["evidence"]["proof"], BO)):
        assert proof["@context"] == VOUCH["@context"]
        assert proof["verificationMethod"] == f"{signer.did}#{signer.did.removeprefix('did:key:')}"
    assert not [at for at in PLACES if at[-1] == "type" and isinstance(value_at(VOUCH, at), list)]


def test_the_kinds_of_context_are_those_of_entries() -> None:
    assert set(credential_shape.KINDS) == set(EntryKind.values)


def test_open_ends_bare_years_and_no_unit_are_said_as_such() -> None:
    context = Shared(kind="group", organisation="Python Rhein-Ruhr", starts="2019", ends=None)

    assert credentials.verify(vouch(context=context), now=NOW).context == context


# ── what a verifier needs ───────────────────────────────────────────────────


@given(st.randoms(use_true_random=False), st.sampled_from([None, 1, 4, "\t"]))
def test_neither_the_order_of_the_keys_nor_blanks_matter(dice: random.Random, indent: int | str | None) -> None:
    text = json.dumps(_shuffled(VOUCH, dice), indent=indent, ensure_ascii=bool(dice.getrandbits(1)))

    assert credentials.verify(credentials.read(text.encode()), now=NOW).issuer == ADA.party


def test_a_shown_list_tells_that_it_was_not_withdrawn() -> None:
    proved = credentials.verify(VOUCH, now=NOW + DAY, status=listing(1, 2, INDEX + 1))

    assert (proved.status, proved.as_of) == ("current", NOW)


# ── what nobody can change ──────────────────────────────────────────────────

junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.lists(st.text(max_size=5), max_size=3),
)


@given(st.sampled_from(PLACES), junk)
def test_no_value_can_be_another(at: Path, value: Any) -> None:
    before = value_at(VOUCH, at)
    if type(value) is type(before) and value == before:
        return
    _refused(changed(VOUCH, at, value))


@given(st.sampled_from([at for at in PLACES if isinstance(value_at(VOUCH, at), str)]), st.data())
def test_no_text_can_be_nearly_the_same(at: Path, data: st.DataObject) -> None:
    before = value_at(VOUCH, at)
    where = data.draw(st.integers(0, len(before)))
    one = data.draw(st.sampled_from([" ", "\n", "a", "1", "\u200b", "="]))
    _refused(changed(VOUCH, at, before[:where] + one + before[where:]))
    if before[where:]:
        _refused(changed(VOUCH, at, before[:where] + before[where + 1 :]))


@pytest.mark.parametrize("at", PLACES, ids=lambda at: "/".join(map(str, at)))
def test_nothing_can_be_taken_away(at: Path) -> None:
    _refused(without(VOUCH, at))


@pytest.mark.parametrize("at", [(), *(at for at in PLACES if at and at[-1] != "@context")], ids=str)
def test_nothing_can_be_added(at: Path) -> None:
    inside = value_at(VOUCH, at)
    if isinstance(inside, dict):
        for name in ("extra", "expires", "proof", "type ", "@graph", "unit?"):
            if name not in inside:
                _refused(changed(VOUCH, (*at, name), "x"))


@pytest.mark.parametrize("at", [at for at in PLACES if at[-1] == "type"], ids=str)
def test_no_type_can_be_an_array_even_if_signed(at: Path) -> None:
    several = changed(VOUCH, at, [value_at(VOUCH, at)])
    for document in (several, several if {"proof", "evidence"} & set(at) else signed_anyway(several)):
        with pytest.raises(ManyTypes):
            credentials.verify(document, now=NOW)


# ── when it counts ──────────────────────────────────────────────────────────


def test_it_counts_from_its_begin_to_its_end() -> None:
    end = credential_shape.ends(NOW)

    for now in (NOW - timedelta(minutes=5), NOW, end - timedelta(seconds=1)):  # 5 minutes: two clocks
        assert credentials.verify(VOUCH, now=now).valid_until == end
    with pytest.raises(NotYetValid):
        credentials.verify(VOUCH, now=NOW - timedelta(minutes=5, seconds=1))
    with pytest.raises(Expired):
        credentials.verify(VOUCH, now=end)


def test_24_months_from_a_leap_day_end_on_the_28th() -> None:
    assert credential_shape.ends(datetime(2028, 2, 29, tzinfo=UTC)) == datetime(2030, 2, 28, tzinfo=UTC)
    assert credential_shape.ends(datetime(2026, 12, 31, tzinfo=UTC), months=1) == datetime(2027, 1, 31, tzinfo=UTC)


def test_a_withdrawn_one_counts_no_more() -> None:
    with pytest.raises(Withdrawn):
        credentials.verify(VOUCH, now=NOW, status=listing(INDEX))


# ── words ───────────────────────────────────────────────────────────────────


def test_what_a_member_typed_is_tidied_before_it_is_signed() -> None:
    said = vouch(statement="  Two\r\nlines,\ta tab\x07 and \u202eback.  ")

    assert said["credentialSubject"]["statement"] == "Two lines, a tab and back."


@given(st.text())
def test_tidy_is_tidy(text: str) -> None:
    tidy = shapes.cleaned(text)

    assert shapes.cleaned(tidy) == tidy
    assert not tidy or len(tidy) > 200 or shapes.fits(tidy, shapes.words(200))


@pytest.mark.parametrize(
    "changes",
    [{"statement": " \n"}, {"status_index": -1}, {"address": "vouch/1"}, {"valid_until": NOW}, {"status_issuer": "me"}],
)
def test_facts_that_make_no_vouch_are_not_drafted(changes: dict[str, Any]) -> None:
    with pytest.raises(NotAVouch):
        credentials.draft(facts(**changes))


def test_every_refusal_has_its_code_and_its_words() -> None:
    kinds = [NotAVouch, WrongType, ManyTypes, WrongContext, ManyProofs, TooLarge, NotTheIssuer, ForOneself]
    kinds += [NotCountersigned, NotYetValid, Expired, Withdrawn]
    with translation.override("en"):
        assert len({kind.code for kind in kinds}) == len({str(kind()) for kind in kinds}) == len(kinds)
    assert all(issubclass(kind, Forged) for kind in kinds)


def _refused(document: Document) -> None:
    with pytest.raises(Unproven):
        credentials.verify(document, now=NOW)


def _shuffled(value: Any, dice: random.Random) -> Any:
    if isinstance(value, dict):
        return {name: _shuffled(below, dice) for name, below in dice.sample(list(value.items()), len(value))}
    return value

"""Somebody here vouches for somebody elsewhere: offered, countersigned there, issued here, shown, withdrawn."""

from typing import Any

import pytest

from accounts.models import Member, Visibility
from foundation import clock, jobs
from network.contacts import blocks, follows, quiet
from network.federation import addresses, vocabulary, vouch_notes
from tests.cast import befriend
from tests.federation.conftest import Abroad, arrives, leaving_for, said
from tests.federation.vouching_abroad import (
    SENTENCE,
    accept,
    agreed_by,
    colleagues,
    offered_to,
    party_of,
)
from tests.frontend.vouched import vouched
from tests.vetting import town
from vetting import credentials, vouches


def offers(zoe: Abroad) -> list[Any]:
    return [activity for activity in leaving_for(zoe) if activity["type"] == "Offer"]


def types(zoe: Abroad) -> list[str]:
    return [activity["type"] for activity in leaving_for(zoe)]


def test_the_subject_elsewhere_is_asked_to_countersign_a_draft(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    vouch = offered_to(zoe, ada)

    [offer] = offers(zoe)
    inner = offer["object"]
    assert (inner["type"], inner["attributedTo"], offer["to"]) == ("Note", addresses.actor(ada), [zoe.uri])
    assert [tag["href"] for tag in inner["tag"]] == [zoe.uri]
    assert SENTENCE in inner["content"]
    assert inner["credential"] == vouch.draft
    assert inner["credential"]["credentialSubject"]["id"] == party_of(zoe).did
    assert "proof" not in inner["credential"]
    assert "attachment" not in inner
    assert not town.lends_by_vouch(ada, zoe.member)


def test_no_type_on_the_wire_is_an_array(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    offered_to(zoe, ada)
    [offer] = offers(zoe)
    arrives(zoe, accept(zoe, offer, agreed_by(zoe, offer)))

    for activity in leaving_for(zoe):
        assert not _type_arrays(activity)


def _type_arrays(value: Any) -> list[Any]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    here = [value] if isinstance(value, dict) and isinstance(value.get("type"), list) else []
    return here + [found for one in inside for found in _type_arrays(one)]


@pytest.mark.parametrize("everyone", [True, False])
def test_what_the_subject_countersigned_becomes_a_credential(everyone: bool, ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    vouch = offered_to(zoe, ada)
    [offer] = offers(zoe)

    assert arrives(zoe, accept(zoe, offer, agreed_by(zoe, offer), everyone=everyone)).outcome == "done"
    vouch.refresh_from_db()
    assert vouch.credential is not None
    proved = credentials.verify(vouch.credential, now=clock.now(), status=town.status_of(vouch))
    assert (proved.statement, proved.status) == (SENTENCE, "current")
    assert town.lends_by_vouch(ada, zoe.member)
    assert list(vouches.seen_by(None, zoe.member, Visibility.EVERYONE)) == ([vouch] if everyone else [])

    created = leaving_for(zoe)[-1]
    assert created["type"] == "Create"
    assert created["to"] == ([vocabulary.PUBLIC] if everyone else [zoe.uri])
    assert created["object"]["id"] == offer["object"]["id"]
    assert created["object"]["credential"] == vouch.credential
    assert created["object"]["attachment"][0]["url"] == vouch.credential["id"]


def test_followers_get_it_only_if_the_subject_shows_it_to_everyone(ada: Member, zoe: Abroad, mia: Abroad) -> None:
    colleagues(ada, zoe)
    follows.accept(follows.follow(mia.member, ada))
    vouch = offered_to(zoe, ada)
    [offer] = offers(zoe)
    arrives(zoe, accept(zoe, offer, agreed_by(zoe, offer), everyone=False))
    assert leaving_for(mia) == []

    add = said(zoe, "Add", vouch_notes.uri(vouch), target=f"{zoe.uri}vouches")
    assert arrives(zoe, add).outcome == "done"
    [created] = leaving_for(mia)
    assert (created["type"], created["to"]) == ("Create", [vocabulary.PUBLIC])

    remove = said(zoe, "Remove", vouch_notes.uri(vouch), target=f"{zoe.uri}vouches")
    assert arrives(zoe, remove).outcome == "done"
    assert [activity["type"] for activity in leaving_for(mia)] == ["Create", "Delete"]
    assert "Delete" not in types(zoe)
    vouch.refresh_from_db()
    assert vouch.is_live(clock.now())


def test_an_agreement_counts_once_however_often_it_comes(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    vouch = offered_to(zoe, ada)
    [offer] = offers(zoe)
    arrives(zoe, accept(zoe, offer, agreed_by(zoe, offer)))
    vouch.refresh_from_db()
    kept = vouch.credential

    assert arrives(zoe, accept(zoe, offer, agreed_by(zoe, offer))).outcome == "done"
    vouch.refresh_from_db()
    assert vouch.credential == kept
    assert types(zoe).count("Create") == 1


def test_only_the_subject_agrees(ada: Member, zoe: Abroad, mallory_abroad: Abroad) -> None:
    colleagues(ada, zoe)
    vouch = offered_to(zoe, ada)
    [offer] = offers(zoe)

    assert arrives(mallory_abroad, accept(mallory_abroad, offer, agreed_by(zoe, offer))).outcome == "refused:not-theirs"
    vouch.refresh_from_db()
    assert vouch.issued_at is None


def test_other_words_than_those_offered_are_not_signed(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    vouch = offered_to(zoe, ada)
    [offer] = offers(zoe)
    draft = offer["object"]["credential"]
    warmer = draft | {"credentialSubject": draft["credentialSubject"] | {"statement": "I owe Zoe a fortune."}}
    for agreed in (credentials.countersign(warmer, private=zoe.ed25519), draft, {}):
        assert arrives(zoe, accept(zoe, offer, agreed)).outcome.startswith("refused:")
    vouch.refresh_from_db()
    assert (vouch.issued_at, vouch.credential) == (None, None)


@pytest.mark.parametrize("how", ["withdrawn", "parted", "blocked"])
def test_an_agreement_that_comes_too_late_makes_no_credential(how: str, ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    vouch = offered_to(zoe, ada)
    [offer] = offers(zoe)
    if how == "withdrawn":
        vouches.withdraw(vouch, by=ada)
    elif how == "parted":
        contact = quiet.between(ada, zoe.member)
        assert contact is not None
        quiet.end(contact, by=ada)
    else:
        blocks.block(ada, zoe.member)

    assert arrives(zoe, accept(zoe, offer, agreed_by(zoe, offer))).outcome == "refused:vouch-settled"
    vouch.refresh_from_db()
    assert vouch.credential is None
    assert not town.lends_by_vouch(ada, zoe.member)


@pytest.mark.parametrize("answered", [True, False])
def test_withdrawing_deletes_it_there_and_nothing_else_is_said(answered: bool, ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    vouch = offered_to(zoe, ada)
    [offer] = offers(zoe)
    if answered:
        arrives(zoe, accept(zoe, offer, agreed_by(zoe, offer)))
    before = len(leaving_for(zoe))

    vouches.withdraw(vouch, by=ada)
    jobs.drain_everything(strict=True)
    [deleted] = leaving_for(zoe)[before:]
    assert deleted["type"] == "Delete"
    assert deleted["object"]["type"] == "Tombstone"
    assert deleted["object"]["id"] == offer["object"]["id"]
    vouch.refresh_from_db()
    if answered:
        assert vouch.credential is not None
        with pytest.raises(credentials.Withdrawn):
            credentials.verify(vouch.credential, now=clock.now(), status=town.status_of(vouch))


def test_a_vouch_between_two_here_is_published_only_to_everyone(
    ada: Member, bo: Member, zoe: Abroad, mia: Abroad
) -> None:
    befriend(ada, bo)
    follows.accept(follows.follow(zoe.member, ada))
    follows.accept(follows.follow(mia.member, bo))
    vouch = vouched(ada, bo, to=Visibility.MEMBERS)
    jobs.drain_everything(strict=True)
    assert leaving_for(zoe) == leaving_for(mia) == []

    vouches.show_to(vouch, by=bo, visible_to=Visibility.EVERYONE)
    jobs.drain_everything(strict=True)
    assert types(zoe) == ["Create"]
    assert types(mia) == ["Add"]
    [added] = leaving_for(mia)
    assert added["target"] == addresses.part(bo, "vouches")

    vouches.show_to(vouch, by=bo, visible_to=Visibility.ME)
    vouches.show_to(vouch, by=bo, visible_to=Visibility.MEMBERS)
    jobs.drain_everything(strict=True)
    assert types(zoe) == ["Create", "Delete"]
    assert types(mia) == ["Add", "Remove"]

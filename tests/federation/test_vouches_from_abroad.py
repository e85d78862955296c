"""Somebody elsewhere vouches for somebody here: offered, countersigned, issued there, listed, withdrawn."""

import itertools
from typing import Any

import pytest

from accounts.models import Member, Visibility
from foundation import jobs
from network.contacts import blocks, quiet
from network.federation import addresses, references, vocabulary
from network.federation.models import Outbound
from tests.federation.conftest import Abroad, arrives, leaving_for, said
from tests.federation.vouching_abroad import (
    SENTENCE,
    colleagues,
    create,
    draft_of,
    given,
    issued,
    note,
    offer_from,
    party_here,
)
from tests.vetting import town
from vetting import credentials, vouches
from vetting.models import Vouch


def types(zoe: Abroad) -> list[str]:
    return [activity["type"] for activity in leaving_for(zoe)]


def test_an_offer_from_elsewhere_waits_like_any(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)

    assert arrives(zoe, offer_from(zoe, ada)).outcome == "done"
    [vouch] = vouches.offered_to(ada)
    assert (vouch.voucher, vouch.sentence, vouch.context["organisation"]) == (zoe.member, SENTENCE, "Acme Werke")
    assert leaving_for(zoe) == []
    assert not town.lends_by_vouch(zoe.member, ada)


@pytest.mark.parametrize("everyone", [True, False])
def test_the_countersigned_draft_goes_back_and_shows_nowhere_yet(everyone: bool, ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    offer = offer_from(zoe, ada)
    arrives(zoe, offer)
    [vouch] = vouches.offered_to(ada)
    vouches.countersign(vouch, by=ada, visible_to=Visibility.EVERYONE if everyone else Visibility.CONTACTS)
    jobs.drain_everything(strict=True)

    [accepted] = leaving_for(zoe)
    assert (accepted["type"], accepted["object"], accepted["to"]) == ("Accept", offer["id"], [zoe.uri])
    assert accepted["result"]["to"] == ([vocabulary.PUBLIC] if everyone else [addresses.actor(ada)])
    credentials.issue(accepted["credential"], private=zoe.ed25519)
    assert list(vouches.offered_to(ada)) == []
    assert list(vouches.agreed_by(ada)) == [vouch]
    assert not vouches.seen_by(None, ada, Visibility.EVERYONE).exists()
    assert not town.lends_by_vouch(zoe.member, ada)
    with pytest.raises(vouches.VouchAnswered):
        vouches.countersign(vouch, by=ada, visible_to=Visibility.EVERYONE)
    with pytest.raises(vouches.VouchAnswered):
        vouches.refuse(vouch, by=ada)


def test_issued_there_it_stands_here_and_its_subject_lists_it(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    vouch = given(zoe, ada)

    assert list(vouches.seen_by(None, ada, Visibility.EVERYONE)) == [vouch]
    assert town.lends_by_vouch(zoe.member, ada)
    added = leaving_for(zoe)[-1]
    assert (added["type"], added["object"]) == ("Add", references.name_of("vouch", vouch))
    assert added["target"] == addresses.part(ada, "vouches")


def test_a_circle_smaller_than_everyone_is_said_to_nobody(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    vouch = given(zoe, ada, visible_to=Visibility.MEMBERS)

    assert "Add" not in types(zoe)
    assert vouch.visible_to == Visibility.MEMBERS


def test_a_refusal_sends_nothing(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    arrives(zoe, offer_from(zoe, ada))
    [vouch] = vouches.offered_to(ada)
    sent = Outbound.objects.count()

    vouches.refuse(vouch, by=ada)
    jobs.drain_everything(strict=True)
    assert Outbound.objects.count() == sent


def test_what_comes_twice_is_one_vouch(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    arrives(zoe, offer_from(zoe, ada))
    assert arrives(zoe, offer_from(zoe, ada)).outcome == "done"
    [vouch] = vouches.offered_to(ada)
    vouches.countersign(vouch, by=ada, visible_to=Visibility.EVERYONE)
    vouch.refresh_from_db()
    document = issued(zoe, vouch)

    for _ in range(2):
        assert arrives(zoe, create(zoe, ada, document)).outcome == "done"
    assert Vouch.objects.count() == 1
    assert types(zoe).count("Add") == 1


def test_withdrawn_elsewhere_it_is_withdrawn_here_without_a_word(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    vouch = given(zoe, ada)
    sent = Outbound.objects.count()
    name = references.name_of("vouch", vouch)

    gone = said(zoe, "Delete", {"type": "Tombstone", "id": name})
    assert arrives(zoe, gone).outcome == "done"
    assert not vouches.about(ada).exists()
    assert not town.lends_by_vouch(zoe.member, ada)
    assert Outbound.objects.count() == sent


def test_whatever_the_order_a_withdrawn_offer_is_withdrawn(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    offer = offer_from(zoe, ada)
    gone = said(zoe, "Delete", {"type": "Tombstone", "id": offer["object"]["id"]})
    for number, order in enumerate(itertools.permutations([offer, gone])):
        for activity in order:
            inner = activity["object"] | {"id": f"https://two.example/things/vouch/{number}"}
            arrives(zoe, activity | {"id": f"{activity['id']}/{number}", "object": inner})
        assert not vouches.offered_to(ada).exists()


@pytest.mark.adversarial(16)
def test_a_vouch_does_not_rise_again(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    vouch = given(zoe, ada)
    assert vouch.credential is not None
    arrives(zoe, said(zoe, "Delete", {"type": "Tombstone", "id": references.name_of("vouch", vouch)}))

    assert arrives(zoe, create(zoe, ada, vouch.credential)).outcome == "ignored:deleted"
    assert not vouches.about(ada).exists()


@pytest.mark.adversarial(14)
@pytest.mark.parametrize("type_", ["Delete", "Undo", "Add", "Remove", "Create", "Offer"])
def test_nobody_else_touches_a_vouch(type_: str, ada: Member, zoe: Abroad, mallory_abroad: Abroad) -> None:
    colleagues(ada, zoe)
    vouch = given(zoe, ada, visible_to=Visibility.MEMBERS)
    assert vouch.credential is not None
    name = references.name_of("vouch", vouch)
    if type_ == "Undo":
        name = references.name_of("vouch-offer", vouch)
    object_: Any = name
    if type_ in ("Create", "Offer"):
        object_ = note(zoe, addresses.actor(ada), vouch.credential, id=name)
    activity = said(mallory_abroad, type_, object_, to=ada, target=f"{mallory_abroad.uri}vouches")

    assert arrives(mallory_abroad, activity).outcome == "refused:not-theirs"
    kept = Vouch.objects.get()
    assert (kept.withdrawn_at, kept.visible_to) == (None, Visibility.MEMBERS)


def test_the_voucher_cannot_list_it_for_its_subject(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    vouch = given(zoe, ada, visible_to=Visibility.MEMBERS)
    name = references.name_of("vouch", vouch)

    for target in (addresses.part(ada, "vouches"), f"{zoe.uri}vouches"):
        assert arrives(zoe, said(zoe, "Add", name, target=target)).outcome == "refused:not-theirs"
    vouch.refresh_from_db()
    assert vouch.visible_to == Visibility.MEMBERS


def stranger(ada: Member, zoe: Abroad) -> None:
    contact = quiet.between(ada, zoe.member)
    assert contact is not None
    quiet.end(contact, by=ada)


def blocked(ada: Member, zoe: Abroad) -> None:
    blocks.block(ada, zoe.member)


@pytest.mark.parametrize("how", [stranger, blocked])
def test_without_a_contact_an_offer_finds_nobody_and_hears_nothing(how: Any, ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    how(ada, zoe)
    jobs.drain_everything(strict=True)
    sent = Outbound.objects.count()

    assert arrives(zoe, offer_from(zoe, ada)).outcome == "refused:vouch-nothing-shared"
    assert not Vouch.objects.exists()
    assert Outbound.objects.count() == sent


def test_five_in_thirty_days_hold_for_people_elsewhere_too(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    for number in range(6):
        name: dict[str, Any] = {"id": f"https://two.example/things/vouch/{number}"}
        outcome = arrives(zoe, offer_from(zoe, ada, **name)).outcome
        expected = "done" if number < 5 else "refused:vouches-a-month"
        assert outcome == expected
        arrives(zoe, said(zoe, "Delete", {"type": "Tombstone", **name}))


def test_selling_sentences_are_not_passed_on(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    draft = draft_of(zoe, party_here(ada), statement="Call me under https://shop.example/")

    assert arrives(zoe, offer_from(zoe, ada, draft)).outcome == "refused:vouch-sentence"
    assert not Vouch.objects.exists()

"""The contract, 4, between servers: a vouch from elsewhere for a request to somebody here."""

import pytest

from accounts.models import Member
from foundation import clock, jobs
from foundation.signing import Document
from network.contacts import answers, blocks, vouching
from network.contacts.models import Answer, Request, VouchQuestion, Whereabouts
from network.federation import addresses, references
from network.federation.models import Outbound
from tests.cast import befriend
from tests.federation.conftest import Abroad, arrives, lives_abroad, said
from tests.federation.story import (
    SENTENCE,
    acceptance,
    asked_by,
    invite,
    know_each_other,
    offer,
    ours_to,
    types_to,
    word,
)


@pytest.fixture
def yan(db: None) -> Abroad:
    """Lives on a third server."""
    return lives_abroad("yan", "three.example")


@pytest.mark.parametrize("early", [True, False])
def test_a_vouch_from_elsewhere_counts_whenever_it_comes(early: bool, ada: Member, zoe: Abroad, yan: Abroad) -> None:
    know_each_other(ada, yan.member)
    asked = offer(zoe, ada)
    activities = [(zoe, asked), (yan, word(yan, zoe.uri, ada, name=asked["id"]))]

    for by, activity in reversed(activities) if early else activities:
        arrives(by, activity)

    request = Request.objects.get()
    assert (request.grade, request.reasons, request.whereabouts) == ("A", ["vouched"], Whereabouts.DELIVERED)
    assert vouching.vouches(request).get().voucher == yan.member


@pytest.mark.parametrize("why", ["no contact", "not confirmed", "the asker themselves", "frozen"])
def test_only_a_confirmed_contact_of_the_recipient_vouches(why: str, ada: Member, zoe: Abroad, yan: Abroad) -> None:
    if why != "no contact":
        know_each_other(ada, yan.member, confirmed=why != "not confirmed")
    if why == "frozen":
        Member.objects.filter(pk=yan.member.pk).update(frozen_at=clock.now())
    voucher = zoe if why == "the asker themselves" else yan
    request = asked_by(zoe, ada)

    arrival = arrives(voucher, word(voucher, zoe.uri, ada, name=references.name_of("request", request)))

    assert arrival.outcome.startswith("refused:")
    request.refresh_from_db()
    assert request.grade == "C"
    assert not VouchQuestion.objects.exists()


@pytest.mark.parametrize("sentence", ["", "see https://a.example", "call 0171 2345678", "x" * 301])
def test_a_vouch_is_one_sentence_without_data(sentence: str, ada: Member, zoe: Abroad, yan: Abroad) -> None:
    know_each_other(ada, yan.member)
    request = asked_by(zoe, ada)
    activity = word(yan, zoe.uri, ada, name=references.name_of("request", request), sentence=sentence)
    assert arrives(yan, activity).outcome.startswith("refused:note-")
    request.refresh_from_db()
    assert request.grade == "C"


def test_a_word_for_another_asker_than_the_request_has_is_refused(ada: Member, zoe: Abroad, yan: Abroad) -> None:
    know_each_other(ada, yan.member)
    request = asked_by(zoe, ada)
    name = references.name_of("request", request)
    assert arrives(yan, word(yan, yan.uri, ada, name=name)).outcome == "refused:not-yours-to-vouch"


def test_after_a_pitch_by_the_one_vouched_for_the_right_rests_here_too(
    ada: Member, bo: Member, zoe: Abroad, yan: Abroad
) -> None:
    for member in (ada, bo):
        know_each_other(member, yan.member)
    first = asked_by(zoe, ada)
    arrives(yan, word(yan, zoe.uri, ada, name=references.name_of("request", first)))
    answers.decline(first, by=ada, answer=Answer.PITCH)
    second = asked_by(zoe, bo)
    activity = word(yan, zoe.uri, bo, name=references.name_of("request", second))
    assert arrives(yan, activity).outcome == "refused:vouch-suspended"


# --- asker elsewhere, voucher and recipient here


@pytest.mark.parametrize("early", [True, False])
def test_a_question_about_a_request_to_somebody_here_waits_for_the_request(
    early: bool, ada: Member, cleo: Member, zoe: Abroad
) -> None:
    befriend(ada, cleo)
    know_each_other(cleo, zoe.member)
    asked = offer(zoe, ada)
    activities = [asked, invite(zoe, cleo, addresses.actor(ada), name=asked["id"])]

    for activity in reversed(activities) if early else activities:
        arrives(zoe, activity)

    vouching.answer(vouching.waiting_for(cleo).get(), by=cleo, answer="vouch", sentence=SENTENCE)
    jobs.drain_everything(strict=True)
    assert Request.objects.get(asker=zoe.member).grade == "A"
    assert types_to(zoe) == []


def test_for_somebody_who_is_blocked_nobody_is_asked(ada: Member, cleo: Member, zoe: Abroad) -> None:
    befriend(ada, cleo)
    know_each_other(cleo, zoe.member)
    blocks.block(ada, zoe.member)
    asked = offer(zoe, ada)
    arrives(zoe, asked)
    arrives(zoe, invite(zoe, cleo, addresses.actor(ada), name=asked["id"]))
    assert not vouching.waiting_for(cleo).exists()
    assert not Outbound.objects.exists()


@pytest.mark.adversarial(38)
@pytest.mark.parametrize(
    "shape", [{}, {"target": "x"}, {"target": {"type": "Event", "object": {}}}, {"target": {"type": "Offer"}}]
)
def test_an_invitation_to_anything_else_is_left_alone(shape: Document, cleo: Member, zoe: Abroad) -> None:
    assert arrives(zoe, said(zoe, "Invite", addresses.actor(cleo), to=cleo, **shape)).outcome == "ignored"


def test_their_acceptance_of_a_request_is_no_vouch(ada: Member, zoe: Abroad) -> None:
    _request, name = ours_to(ada, zoe)
    assert arrives(zoe, acceptance(zoe, name, ada)).outcome == "done"
    assert not VouchQuestion.objects.exists()

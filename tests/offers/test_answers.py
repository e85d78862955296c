"""The recipient's answers: one opens a thread, the others are silent."""

import pytest

from accounts import people, ties
from accounts.models import Entry, Member
from foundation import clock, jobs
from foundation.models import Letter
from network.contacts import blocks, quiet
from network.messages.models import Message, Purpose
from network.moderation import freezing
from network.offers import answers, terms
from network.offers.matching import Floors
from network.offers.models import Answer, Offer, Status
from tests.cast import DAY, befriend
from tests.frontend import pages
from tests.offers import stage
from tests.offers.stage import sends
from vetting import evidence
from vetting.models import Evidence


def test_interested_opens_a_thread_with_the_offer_in_it(bo: Member, hunter: Member, listening: Entry) -> None:
    offer = sends(hunter, bo)
    contact = answers.answer(offer, by=bo, answer="interested")
    offer.refresh_from_db()
    said = Message.objects.get()

    assert contact
    assert contact.asker == hunter
    assert contact.quiet_of(hunter)
    assert offer.status == Status.INTERESTED
    assert (said.writer, said.purpose) == (hunter, Purpose.OFFER)
    assert "Optical engineer" in said.text
    assert ties.in_contact(hunter, bo)
    jobs.drain_everything()
    assert Letter.objects.filter(kind="interested").count() == 1


def test_interested_among_contacts_keeps_the_contact(bo: Member, hunter: Member, listening: Entry) -> None:
    befriend(hunter, bo)
    before = quiet.between(hunter, bo)
    stage.trusted(hunter)
    answers.answer(sends(hunter, bo), by=bo, answer="interested")

    assert quiet.between(hunter, bo) == before
    assert Message.objects.get().thread.met_how == "contact"


def test_strangers_have_no_earlier_contact_whatever_the_offer_says(
    bo: Member, hunter: Member, listening: Entry
) -> None:
    answers.answer(sends(hunter, bo, mandate="As discussed: they build spectrometers."), by=bo, answer="interested")
    said = Message.objects.get()

    assert (said.thread.met_at, said.thread.met_how) == (None, "")
    assert said.claims_contact


def test_an_earlier_meeting_stands_above_the_offer_in_its_thread(bo: Member, hunter: Member, listening: Entry) -> None:
    """They were in contact once and never wrote."""
    befriend(hunter, bo)
    met = ties.last_met(hunter, bo)
    assert met
    blocks.block(bo, hunter)
    blocks.unblock(bo, hunter)
    stage.trusted(hunter)
    answers.answer(sends(hunter, bo, mandate="As discussed: they build spectrometers."), by=bo, answer="interested")
    said = Message.objects.get()

    assert (said.thread.met_at, said.thread.met_how) == (met.at, "contact")
    assert not said.claims_contact


@pytest.mark.parametrize("answer", ["not-now", "not-for-me", "unread"])
def test_every_other_answer_is_silent(bo: Member, hunter: Member, listening: Entry, answer: str) -> None:
    offer = sends(hunter, bo)
    written = Letter.objects.count()
    assert answers.answer(offer, by=bo, answer=answer) is None
    offer.refresh_from_db()

    assert (offer.answer, offer.status) == (answer, Status.SENT)
    assert Letter.objects.count() == written
    assert not ties.in_contact(hunter, bo)
    assert Evidence.objects.filter(kind=evidence.PITCH).count() == (answer == "unread")


def test_only_the_recipient_answers_and_only_what_arrived(
    bo: Member, ada: Member, hunter: Member, listening: Entry
) -> None:
    offer = sends(hunter, bo)
    for stranger in (ada, hunter):
        with pytest.raises(answers.NotYourOffer):
            answers.answer(offer, by=stranger, answer="interested")
        with pytest.raises(answers.NotYourOffer):
            answers.for_recipient(stranger, offer.public_id)
    terms.change(bo, Floors())
    away = sends(stage.head_hunter("harry"), bo, employer="Elsewhere")
    with pytest.raises(answers.NotYourOffer):
        answers.answer(away, by=bo, answer="interested")


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_an_answer_is_one_of_four_and_given_once(bo: Member, hunter: Member, listening: Entry, answer: str) -> None:
    offer = sends(hunter, bo)
    with pytest.raises(answers.OfferAnswered):
        answers.answer(offer, by=bo, answer=answer)
    answers.answer(offer, by=bo, answer="not-now")
    with pytest.raises(answers.OfferAnswered):
        answers.answer(offer, by=bo, answer="interested")


def test_after_sixty_days_it_has_ended_for_both(bo: Member, hunter: Member, listening: Entry) -> None:
    with clock.at(clock.now() - 60 * DAY):
        offer = sends(hunter, bo)

    assert offer.status == Status.ENDED
    assert not answers.waiting_for(bo).exists()
    with pytest.raises(answers.OfferAnswered):
        answers.answer(offer, by=bo, answer="interested")


def test_whom_one_has_blocked_one_does_not_talk_to(bo: Member, hunter: Member, listening: Entry) -> None:
    offer = sends(hunter, bo)
    blocks.block(bo, hunter)

    with pytest.raises(answers.OfferFromBlocked):
        answers.answer(offer, by=bo, answer="interested")
    assert answers.answer(offer, by=bo, answer="unread") is None


def test_the_frozen_open_no_thread(bo: Member, hunter: Member, mo: Member, listening: Entry) -> None:
    offer = sends(hunter, bo)
    freezing.freeze(bo, by=mo, reason="a report")
    bo.refresh_from_db()

    with pytest.raises(people.Frozen):
        answers.answer(offer, by=bo, answer="interested")
    assert Offer.objects.get().answer == Answer.NONE


def test_answered_at_once_by_two_clicks_is_one_thread(bo: Member, hunter: Member, listening: Entry) -> None:
    offer = sends(hunter, bo)
    answers.answer(offer, by=bo, answer="interested")
    with pytest.raises(answers.OfferAnswered):
        answers.answer(offer, by=bo, answer="interested")

    assert Message.objects.count() == 1


def test_an_offer_that_claims_is_bold(bo: Member, hunter: Member, listening: Entry) -> None:
    sends(hunter, bo, mandate="As discussed on the phone, we look for somebody like you.")
    offer = Offer.objects.get()
    assert "truth-bold" in pages.read(bo, f"/offers/{offer.public_id}/")

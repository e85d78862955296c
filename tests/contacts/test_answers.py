"""The contract, 5 and 7: accept, ask back, decline; contacts begin, keep quiet and end."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts import people, ties
from accounts.models import Entry, Member
from foundation import clock
from foundation.models import Letter
from network.contacts import answers, blocks, notes, quiet, requests
from network.contacts.models import Contact, Request, Status
from network.notices.models import Notice
from tests.cast import DAY, asks, was_at
from vetting import contexts
from vetting.models import Doubt, Evidence


@pytest.fixture
def waiting(ada: Member, bo: Member, at_acme: Entry) -> Request:
    return asks(ada, bo, at_acme)


def test_acceptance_puts_the_two_in_contact(waiting: Request, ada: Member, bo: Member) -> None:
    contact = answers.accept(waiting, by=bo)

    assert ties.in_contact(ada, bo)
    assert (contact.asker, contact.quiet_until) == (ada, contact.began_at + 30 * DAY)
    assert Notice.objects.get(what="accepted").member == ada
    assert not contexts.confirmed(ada, bo)


def test_yes_we_were_both_there_becomes_a_confirmation(waiting: Request, ada: Member, bo: Member) -> None:
    answers.accept(waiting, by=bo, both_there=True)

    found = contexts.confirmation(ada, bo)
    assert found is not None
    assert (found.kind, found.organisation) == ("worked", waiting.entry.organisation if waiting.entry else None)
    assert Evidence.objects.filter(kind="confirmed-worked").count() == 2


def test_only_the_recipient_answers(waiting: Request, ada: Member, mallory: Member) -> None:
    for other in (ada, mallory):
        for verb in (answers.accept, answers.ask_back):
            with pytest.raises(answers.NotYoursToAnswer):
                verb(waiting, by=other)
        with pytest.raises(answers.NotYoursToAnswer):
            answers.decline(waiting, by=other, answer="unknown")
    assert not Contact.objects.exists()


def test_an_answer_is_final(waiting: Request, bo: Member) -> None:
    answers.decline(waiting, by=bo, answer="not-now")

    with pytest.raises(answers.Answered):
        answers.accept(waiting, by=bo)


def test_a_request_past_day_60_can_no_longer_be_accepted(waiting: Request, bo: Member) -> None:
    with clock.at(waiting.asked_at + 60 * DAY), pytest.raises(answers.Answered):
        answers.accept(waiting, by=bo)


def test_a_swallowed_request_can_be_answered_by_nobody(ada: Member, bo: Member, at_acme: Entry) -> None:
    blocks.block(bo, ada)
    request = asks(ada, bo, at_acme)

    with pytest.raises(answers.NotYoursToAnswer):
        answers.accept(request, by=bo)
    assert requests.for_recipient(bo, request.public_id) is None


@pytest.mark.django_db(transaction=True)
def test_eight_answers_at_once_are_one(waiting: Request, bo: Member) -> None:
    def accept(_number: int) -> bool:
        try:
            answers.accept(waiting, by=bo)
        except answers.Answered:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(accept, range(8))) == 1
    assert Contact.objects.count() == 1


def test_not_true_is_a_doubt_and_evidence_and_unknown_is_neither(waiting: Request, ada: Member, bo: Member) -> None:
    answers.decline(waiting, by=bo, answer="not-true")

    assert Doubt.objects.filter(entry=waiting.entry, by=bo).exists()
    assert Evidence.objects.filter(kind="not-true", about=ada.ledger_id).count() == 1


@pytest.mark.parametrize("answer", ["unknown", "known-no", "not-now"])
def test_a_plain_decline_leaves_no_trace(answer: str, waiting: Request, bo: Member) -> None:
    letters = Letter.objects.count()

    answers.decline(waiting, by=bo, answer=answer)

    waiting.refresh_from_db()
    assert (waiting.status, waiting.ended_at) == (Status.SENT, None)
    assert not Evidence.objects.exists()
    assert Letter.objects.count() == letters


@pytest.mark.parametrize("answer", ["", "accepted", "maybe"])
def test_only_the_five_declines_decline(answer: str, waiting: Request, bo: Member) -> None:
    with pytest.raises(answers.NotAnAnswer):
        answers.decline(waiting, by=bo, answer=answer)


def test_one_question_and_one_reply(waiting: Request, ada: Member, bo: Member) -> None:
    answers.ask_back(waiting, by=bo)
    answers.reply(waiting, by=ada, text="From the pump hall, you fixed my drawings.")

    waiting.refresh_from_db()
    assert waiting.question
    assert waiting.reply.startswith("From the pump hall")
    with pytest.raises(answers.AskedBackAlready):
        answers.ask_back(waiting, by=bo)
    with pytest.raises(answers.AskedBackAlready):
        answers.reply(waiting, by=ada, text="And another thing")


def test_question_and_reply_hold_no_links_or_numbers(waiting: Request, ada: Member, bo: Member) -> None:
    with pytest.raises(notes.NoteCarries):
        answers.ask_back(waiting, by=bo, question="Ring 0171 234567")
    answers.ask_back(waiting, by=bo)
    with pytest.raises(notes.NoteCarries):
        answers.reply(waiting, by=ada, text="see www.acme.com")


def test_nobody_replies_before_being_asked(waiting: Request, ada: Member, mallory: Member) -> None:
    with pytest.raises(answers.AskedBackAlready):
        answers.reply(waiting, by=ada, text="Hello?")
    with pytest.raises(answers.NotYoursToAnswer):
        answers.reply(waiting, by=mallory, text="Hello?")


def test_the_recipient_alone_lifts_the_quiet_period(waiting: Request, ada: Member, bo: Member) -> None:
    contact = answers.accept(waiting, by=bo)
    assert quiet.keeps_quiet(ada, bo) == contact.quiet_of(ada) is not None
    assert quiet.keeps_quiet(bo, ada) is None
    with pytest.raises(quiet.NotYoursToLift):
        quiet.lift(contact, by=ada)

    quiet.lift(contact, by=bo)

    assert quiet.keeps_quiet(ada, bo) is None


def test_the_quiet_period_ends_after_30_days(waiting: Request, ada: Member, bo: Member) -> None:
    answers.accept(waiting, by=bo)

    with clock.at(clock.now() + 30 * DAY):
        assert quiet.keeps_quiet(ada, bo) is None


def test_either_side_ends_a_contact_and_nobody_else(waiting: Request, ada: Member, bo: Member, mallory: Member) -> None:
    contact = answers.accept(waiting, by=bo)
    with pytest.raises(quiet.NotYourContact):
        quiet.end(contact, by=mallory)

    assert quiet.end(contact, by=ada)

    assert not ties.in_contact(ada, bo)
    assert not quiet.end(contact, by=bo)


def test_blocking_ends_the_contact_and_swallows_what_waits(waiting: Request, ada: Member, bo: Member) -> None:
    blocks.block(bo, ada)

    waiting.refresh_from_db()
    assert (waiting.whereabouts, waiting.status) == ("nowhere", Status.SENT)
    assert not requests.waiting_for(bo).exists()


def test_blocking_withdraws_ones_own_request(waiting: Request, ada: Member, bo: Member) -> None:
    blocks.block(ada, bo)

    assert requests.for_recipient(bo, waiting.public_id) is None


def test_an_earlier_contact_is_a_context(waiting: Request, ada: Member, bo: Member) -> None:
    quiet.end(answers.accept(waiting, by=bo), by=bo)

    assert "earlier" in requests.offered_contexts(bo, ada)
    was_at(bo, "Elsewhere")
    assert asks(bo, ada, context="earlier").grade == "C"


def test_a_frozen_member_accepts_and_asks_nobody(waiting: Request, bo: Member) -> None:
    bo.frozen_at = clock.now()

    for verb in (answers.accept, answers.ask_back):
        with pytest.raises(people.Frozen):
            verb(waiting, by=bo)

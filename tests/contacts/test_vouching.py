"""The contract, 4: mutual contacts vouch; nobody learns who knows whom."""

import pytest

from accounts.models import Entry, Member
from foundation import clock, jobs
from foundation.models import Letter
from network.contacts import answers, blocks, notes, requests, vouching
from network.contacts.models import Request, VouchQuestion, Whereabouts
from tests.cast import DAY, asks, befriend, new_member, was_at
from vetting.models import Evidence


@pytest.fixture
def asked(ada: Member, bo: Member, cleo: Member) -> VouchQuestion:
    """Ada asks Bo, naming what only she says, and asks Cleo, who knows both, to vouch."""
    befriend(ada, cleo)
    befriend(cleo, bo)
    request = asks(ada, bo, was_at(ada, "Acme Werke"), vouchers=[cleo])
    return VouchQuestion.objects.get(request=request)


def vouch(question: VouchQuestion, by: Member, sentence: str = "We built the pump together.") -> None:
    vouching.answer(question, by=by, answer="vouch", sentence=sentence)
    jobs.drain_everything()


def test_a_vouch_lifts_the_request_to_grade_a_and_to_the_door(asked: VouchQuestion, bo: Member, cleo: Member) -> None:
    assert asked.request.whereabouts == Whereabouts.TRAY

    vouch(asked, cleo)

    request = Request.objects.get(pk=asked.request_id)
    assert (request.grade, request.reasons, request.whereabouts) == ("A", ["vouched"], Whereabouts.DELIVERED)
    assert [given.sentence for given in vouching.vouches(request)] == ["We built the pump together."]
    assert Evidence.objects.filter(kind="request-vouch", about=request.asker.ledger_id, by=cleo.ledger_id).count() == 1


@pytest.mark.parametrize("answer", ["no", "unknown"])
def test_the_other_answers_have_no_effect_at_all(answer: str, asked: VouchQuestion, ada: Member, cleo: Member) -> None:
    before = Request.objects.values().get(pk=asked.request_id)
    letters = Letter.objects.count()

    vouching.answer(asked, by=cleo, answer=answer)
    jobs.drain_everything()

    assert Request.objects.values().get(pk=asked.request_id) == before
    assert Letter.objects.count() == letters
    assert not vouching.waiting_for(cleo).exists()


def test_the_question_is_passed_only_to_confirmed_contacts_of_the_recipient(ada: Member, bo: Member) -> None:
    knows_bo, unconfirmed, stranger = (new_member(name) for name in ("knows_bo", "unconfirmed", "stranger"))
    for voucher in (knows_bo, unconfirmed, stranger):
        befriend(ada, voucher)
    befriend(knows_bo, bo)
    befriend(unconfirmed, bo, confirmed=False)

    request = asks(ada, bo, was_at(ada, "Acme Werke"), vouchers=[knows_bo, unconfirmed, stranger])

    passed = {row.voucher.handle: row.passed_at is not None for row in request.vouch_questions.all()}
    assert passed == {"knows_bo": True, "unconfirmed": False, "stranger": False}


def test_one_asks_only_contacts_of_ones_own_and_at_most_three(ada: Member, bo: Member, cleo: Member) -> None:
    entry = was_at(ada, "Acme Werke")
    befriend(bo, cleo)
    four = [new_member(f"friend{number}") for number in range(4)]
    for friend in four:
        befriend(ada, friend)

    for people in ([cleo], four, [bo]):
        with pytest.raises(vouching.NotAContactOfYours):
            asks(ada, bo, entry, vouchers=people)
    assert not Request.objects.filter(recipient=bo, asker=ada).exists()


def test_only_who_was_asked_answers_and_once(asked: VouchQuestion, mallory: Member, bo: Member, cleo: Member) -> None:
    for other in (mallory, bo, asked.request.asker):
        with pytest.raises(vouching.NotYoursToVouch):
            vouch(asked, other)
    vouch(asked, cleo)

    with pytest.raises(vouching.VouchedAlready):
        vouch(asked, cleo)


def test_a_question_that_was_not_passed_on_cannot_be_answered(ada: Member, bo: Member, cleo: Member) -> None:
    befriend(ada, cleo)
    request = asks(ada, bo, was_at(ada, "Acme Werke"), vouchers=[cleo])

    with pytest.raises(vouching.NotYoursToVouch):
        vouch(request.vouch_questions.get(), cleo)


def test_who_is_no_longer_in_contact_cannot_vouch(asked: VouchQuestion, bo: Member, cleo: Member) -> None:
    blocks.block(bo, cleo)

    with pytest.raises(vouching.NotYoursToVouch):
        vouch(asked, cleo)


def test_a_vouch_is_said_in_words_without_links(asked: VouchQuestion, cleo: Member) -> None:
    with pytest.raises(notes.NoteEmpty):
        vouch(asked, cleo, "  ")
    with pytest.raises(notes.NoteCarries):
        vouch(asked, cleo, "See https://cleo.example.com")


def _question(cleo: Member, number: int) -> VouchQuestion:
    asker, recipient = new_member(f"asker{number}"), new_member(f"recipient{number}")
    befriend(asker, cleo)
    befriend(cleo, recipient)
    request = asks(asker, recipient, was_at(asker, "Acme Werke"), vouchers=[cleo])
    return request.vouch_questions.get()


def test_three_vouches_in_30_days(cleo: Member) -> None:
    questions = [_question(cleo, number) for number in range(4)]
    for question in questions[:3]:
        vouch(question, cleo)

    with pytest.raises(vouching.EnoughVouches):
        vouch(questions[3], cleo)
    with clock.at(clock.now() + 31 * DAY):
        vouch(questions[3], cleo)


def test_a_pitch_by_the_vouched_for_suspends_the_right_for_90_days(cleo: Member) -> None:
    first, second = _question(cleo, 1), _question(cleo, 2)
    vouch(first, cleo)
    answers.decline(Request.objects.get(pk=first.request_id), by=first.request.recipient, answer="pitch")

    with clock.at(clock.now() + 40 * DAY), pytest.raises(vouching.VouchSuspended):
        vouch(second, cleo)


def test_a_swallowed_request_asks_nobody_and_still_reads_asked(ada: Member, bo: Member, cleo: Member) -> None:
    befriend(ada, cleo)
    befriend(cleo, bo)
    blocks.block(bo, ada)

    request = asks(ada, bo, was_at(ada, "Acme Werke"), vouchers=[cleo])

    assert request.vouch_questions.count() == 1
    assert not vouching.waiting_for(cleo).exists()
    assert not Letter.objects.filter(kind="vouch-asked").exists()


def test_a_vouch_after_a_decline_still_counts_for_the_asker(
    asked: VouchQuestion, ada: Member, bo: Member, cleo: Member
) -> None:
    """Otherwise a grade that stands still would tell Ada that Bo declined."""
    answers.decline(requests.for_recipient(bo, asked.request.public_id) or asked.request, by=bo, answer="unknown")

    vouch(asked, cleo)

    assert Request.objects.get(pk=asked.request_id).grade == "A"


def test_the_ask_form_tells_nothing_about_anothers_contacts(ada: Member, bo: Member, at_acme: Entry) -> None:
    """Naming somebody who knows Bo and somebody who does not writes equal rows."""
    knows, does_not = new_member("knows"), new_member("does_not")
    befriend(ada, knows)
    befriend(ada, does_not)
    befriend(knows, bo)

    request = requests.ask(ada, bo, context="entry", entry=at_acme, key="k", vouchers=[knows, does_not])

    rows = list(request.vouch_questions.values("passed_at", "answer", "asked_at", "sentence"))
    assert rows[0] == rows[1]

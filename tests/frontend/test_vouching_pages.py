"""Being asked for a vouch: who sees the question, what an answer does, who never sees it."""

import pytest

from accounts.models import Entry, Member
from foundation import jobs
from network.contacts.models import Request, VouchQuestion
from tests.cast import asks, befriend
from tests.frontend.pages import read, signed_in, steady

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(ada: Member, bo: Member, cleo: Member, at_acme: Entry) -> VouchQuestion:
    """Ada asks Bo, and Cleo, who knows both, for her word."""
    befriend(cleo, bo)
    befriend(ada, cleo)
    asks(ada, bo, at_acme, note="Between Bo and me.", vouchers=[cleo])
    return VouchQuestion.objects.get()


def at(question: VouchQuestion) -> str:
    return f"/questions/{question.public_id}/"


def test_the_voucher_reads_who_whom_and_the_context_but_not_the_note(question: VouchQuestion, cleo: Member) -> None:
    for path in ("/questions/", at(question)):
        page = read(cleo, path)
        assert "Acme Werke" in page
        assert "@ada" in page
        assert "Between Bo and me." not in page


def test_a_vouch_lifts_the_request(question: VouchQuestion, cleo: Member) -> None:
    answer = signed_in(cleo).post(at(question), {"answer": "vouch", "sentence": "Take the call."})
    jobs.drain_everything()

    assert answer["Location"] == "/questions/"
    assert Request.objects.get(pk=question.request_id).grade == "A"
    assert "Nobody asks for your word" in read(cleo, "/questions/")
    assert "Your answer: I vouch" in read(cleo, at(question))


@pytest.mark.parametrize("silent", ["no", "unknown"])
def test_a_no_needs_no_words_and_shows_nowhere(question: VouchQuestion, ada: Member, cleo: Member, silent: str) -> None:
    path = f"/requests/sent/{question.request.public_id}/"
    before = read(ada, path)
    assert signed_in(cleo).post(at(question), {"answer": silent}).status_code == 302
    jobs.drain_everything()

    assert steady(read(ada, path)) == steady(before)


@pytest.mark.parametrize("sentence", ["", "call 0176 1234567", "x" * 301])
def test_a_vouch_that_cannot_stand_is_kept_in_the_form(question: VouchQuestion, cleo: Member, sentence: str) -> None:
    answer = signed_in(cleo).post(at(question), {"answer": "vouch", "sentence": sentence})

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert VouchQuestion.objects.get().answer == ""


@pytest.mark.parametrize("answer", ["", "perhaps"])
def test_there_are_three_answers(question: VouchQuestion, cleo: Member, answer: str) -> None:
    assert signed_in(cleo).post(at(question), {"answer": answer, "sentence": "Yes."}).status_code == 400


def test_nobody_else_reaches_the_question(question: VouchQuestion, ada: Member, bo: Member, mallory: Member) -> None:
    for other in (ada, bo, mallory):
        assert signed_in(other).get(at(question)).status_code == 404
        assert signed_in(other).post(at(question), {"answer": "vouch", "sentence": "Yes."}).status_code == 404
    assert VouchQuestion.objects.get().answer == ""


def test_a_question_not_passed_on_does_not_exist(ada: Member, bo: Member, cleo: Member, at_acme: Entry) -> None:
    befriend(cleo, bo, confirmed=False)
    befriend(ada, cleo)
    asks(ada, bo, at_acme, vouchers=[cleo])

    assert signed_in(cleo).get(at(VouchQuestion.objects.get())).status_code == 404
    assert "asked" in read(ada, f"/requests/sent/{Request.objects.get(recipient=bo, asker=ada).public_id}/")

"""Requests as their recipient reads and answers them, and as their asker finds them again."""

import re

import pytest
from django.urls import reverse

from accounts import entries
from accounts.models import Entry, Member
from network.contacts import answers, quiet, requests, vouching
from network.contacts.models import Answer, Request, VouchQuestion
from tests.cast import asks, befriend, new_member, was_at
from tests.frontend.pages import read, signed_in
from vetting import contexts

pytestmark = pytest.mark.django_db


def of(request: Request, act: str = "") -> str:
    return f"/requests/{request.public_id}/{act}"


def sent(request: Request, act: str = "") -> str:
    return f"/requests/sent/{request.public_id}/{act}"


@pytest.fixture
def asked(ada: Member, bo: Member, at_acme: Entry) -> Request:
    """Ada's request lies at Bo's door, grade B."""
    return asks(ada, bo, at_acme, note="As discussed: the third floor.")


def test_the_page_says_who_what_why_and_offers_every_answer(asked: Request, bo: Member) -> None:
    page = read(bo, of(asked))

    assert "Ada Adler" in page  # disclosed by asking, whoever else may see it
    assert "Acme Werke" in page
    assert "April 2001 – June 2004" in page
    assert 'aria-label="Grade B"' in page
    assert "Both list the same place" in page
    assert "<strong>No contact on this server before.</strong>" in page  # the note claims what no record shows
    for answer in answers.DECLINES:
        assert f'name="answer" value="{answer}"' in page
    assert re.search(r'<input type="checkbox" name="both_there">', page)


def test_the_list_shows_the_door_and_the_tray_apart(asked: Request, bo: Member, cleo: Member) -> None:
    was_at(cleo, "Elsewhere Ltd")
    asks(cleo, bo)

    assert "Cleo Conrad" not in read(bo, "/requests/")
    assert "Ada Adler" in read(bo, "/requests/")
    assert "Cleo Conrad" in read(bo, "/requests/tray/")
    assert "Ada Adler" not in read(bo, "/requests/tray/")
    assert '<span class="badge">1<' in read(bo, "/requests/tray/")  # the door's one; the tray is counted nowhere


def test_the_context_is_shown_as_it_stood_when_asked(asked: Request, ada: Member, bo: Member, at_acme: Entry) -> None:
    entries.remove(at_acme, by=ada)

    assert "April 2001 – June 2004" in read(bo, of(asked))
    assert "April 2001 – June 2004" in read(ada, sent(asked))


@pytest.mark.parametrize("ticked", [True, False])
def test_accepting_begins_a_contact_and_confirms_only_if_ticked(
    asked: Request, ada: Member, bo: Member, ticked: bool
) -> None:
    answer = signed_in(bo).post(of(asked, "accept/"), {"both_there": "on"} if ticked else {})

    assert answer["Location"] == "/messages/with/ada/"
    assert quiet.between(ada, bo)
    assert contexts.confirmed(ada, bo) is ticked


@pytest.mark.parametrize("reason", answers.DECLINES)
def test_one_click_declines(asked: Request, bo: Member, reason: Answer) -> None:
    answer = signed_in(bo).post(of(asked, "decline/"), {"answer": reason.value})

    assert answer["Location"] == "/requests/"
    asked.refresh_from_db()
    assert asked.answer == reason
    assert "Ada Adler" not in read(bo, "/requests/")
    assert "Your answer" in read(bo, of(asked))


@pytest.mark.parametrize("answer", ["", "accepted", "nonsense"])
def test_only_the_five_reasons_decline(asked: Request, bo: Member, answer: str) -> None:
    assert signed_in(bo).post(of(asked, "decline/"), {"answer": answer}).status_code == 400


def test_one_question_and_one_reply(asked: Request, ada: Member, bo: Member) -> None:
    assert signed_in(bo).post(of(asked, "ask-back/")).status_code == 302
    assert "Where do we know each other from?" in read(ada, sent(asked))

    refused = signed_in(ada).post(sent(asked, "reply/"), {"text": "write to ada@example.org"})
    assert refused.status_code == 400
    assert "write to ada@example.org" in refused.content.decode()

    assert signed_in(ada).post(sent(asked, "reply/"), {"text": "The broken blind."}).status_code == 302
    assert "The broken blind." in read(bo, of(asked))
    assert signed_in(ada).post(sent(asked, "reply/"), {"text": "And more."}).status_code == 409
    assert signed_in(bo).post(of(asked, "ask-back/")).status_code == 409


def test_a_question_with_a_link_is_kept_in_the_form(asked: Request, bo: Member) -> None:
    answer = signed_in(bo).post(of(asked, "ask-back/"), {"question": "see https://example.org"})

    assert answer.status_code == 400
    assert "see https://example.org" in answer.content.decode()


def test_a_withdrawn_request_is_gone_for_its_recipient(asked: Request, ada: Member, bo: Member) -> None:
    signed_in(ada).post(sent(asked, "withdraw/"))

    assert "withdrawn" in read(ada, sent(asked))
    assert signed_in(bo).get(of(asked)).status_code == 404
    assert signed_in(bo).post(of(asked, "accept/")).status_code == 404


def test_who_vouches_is_shown_to_the_recipient_and_asked_to_the_asker(
    ada: Member, bo: Member, cleo: Member, at_acme: Entry
) -> None:
    befriend(cleo, bo)
    befriend(ada, cleo)
    asked = asks(ada, bo, at_acme, vouchers=[cleo])
    vouching.answer(VouchQuestion.objects.get(), by=cleo, answer="vouch", sentence="Take the call.")

    assert "Take the call." in read(bo, of(asked))
    mine = read(ada, sent(asked))
    assert "asked" in mine
    assert "Take the call." not in mine


@pytest.mark.parametrize("act", ["", "accept/", "decline/", "ask-back/"])
def test_nobody_else_reaches_a_request(asked: Request, ada: Member, mallory: Member, act: str) -> None:
    for other in (ada, mallory):  # its asker answers it no more than a stranger
        client = signed_in(other)
        answer = client.post(of(asked, act), {"answer": "unknown"}) if act else client.get(of(asked))
        assert answer.status_code == 404
    asked.refresh_from_db()
    assert asked.answer == ""


@pytest.mark.parametrize("act", ["", "withdraw/", "reply/"])
def test_nobody_else_reaches_what_was_sent(asked: Request, bo: Member, mallory: Member, act: str) -> None:
    for other in (bo, mallory):
        client = signed_in(other)
        answer = client.post(sent(asked, act), {"text": "x"}) if act else client.get(sent(asked))
        assert answer.status_code == 404
    asked.refresh_from_db()
    assert asked.withdrawn_at is None


@pytest.mark.parametrize("path", ["accept/", "decline/", "ask-back/"])
def test_answers_are_given_by_post_only(asked: Request, ada: Member, bo: Member, path: str) -> None:
    assert signed_in(bo).get(of(asked, path)).status_code == 405
    assert signed_in(ada).get(sent(asked, "withdraw/")).status_code == 405
    assert signed_in(ada).get(sent(asked, "reply/")).status_code == 405


def test_a_request_not_yet_or_nowhere_delivered_does_not_exist_for_its_recipient(
    ada: Member, bo: Member, at_acme: Entry
) -> None:
    pending = requests.ask(ada, bo, context="entry", entry=at_acme, key="pending")

    assert signed_in(bo).get(of(pending)).status_code == 404
    assert signed_in(bo).post(of(pending, "accept/")).status_code == 404


def test_a_late_answer_is_said_to_be_too_late(asked: Request, bo: Member) -> None:
    answers.decline(asked, by=bo, answer="unknown")

    assert signed_in(bo).post(of(asked, "accept/")).status_code == 409


def test_words_of_members_are_never_markup_or_links(ada: Member, bo: Member, at_acme: Entry) -> None:
    asked = asks(ada, bo, at_acme, note="<script>x</script> a\nb")
    page = read(bo, of(asked))

    assert "<script>x" not in page
    assert "&lt;script&gt;x&lt;/script&gt; a<br>b" in page


def test_sent_requests_are_listed_with_their_status_alone(asked: Request, ada: Member, bo: Member) -> None:
    page = read(ada, reverse("requests_sent"))

    assert "Bob" in page or "@bob" in page
    assert ">sent<" in page


def test_requests_of_a_page_ask_the_database_a_fixed_number_of_times(
    bo: Member, django_assert_max_num_queries: object
) -> None:
    was_at(bo, "Acme Werke")
    for number in range(4):
        asker = new_member(f"guest_{number}")
        asks(asker, bo, was_at(asker, "Acme Werke"))
    client = signed_in(bo)
    client.get("/requests/")
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        client.get("/requests/")

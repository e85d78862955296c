"""The hint before sending, the line about many, and marking what was advertising: through the pages."""

import re
from datetime import timedelta

import pytest

from accounts.models import Entry, Member
from foundation import clock
from network.contacts import answers, quiet
from network.contacts.models import Contact
from network.messages import threads
from network.messages.models import Message
from network.moderation import decisions, labels
from network.moderation.models import Report
from tests.cast import asks, key
from tests.frontend.pages import read, said, signed_in

PITCH = "Our platform saves you 30 % off: https://shop.example.com"


def plain(page: str) -> str:
    """A page without what differs every time."""
    return re.sub(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"', "", page)


# ── the hint ─────────────────────────────────────────────────────────────────


@pytest.fixture
def contact(ada: Member, bo: Member, at_acme: Entry) -> Contact:
    """Long in contact: no quiet period."""
    with clock.at(clock.now() - timedelta(days=60)):
        return answers.accept(asks(ada, bo, at_acme), by=bo)


WITH_BO = "/messages/with/bob/"


def test_the_hint_comes_before_sending_and_loses_nothing(contact: Contact, ada: Member) -> None:
    sent = said(text=PITCH)
    answer = signed_in(ada).post(WITH_BO, sent)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "Not sent yet: this reads like a promotion. Label it?" in page
    assert "a link, a price or a discount, words of selling" in page
    assert PITCH in page
    assert str(sent["key"]) in page
    assert not Message.objects.exists()


def test_sent_as_it_is_it_goes(contact: Contact, ada: Member) -> None:
    sent = said(text=PITCH)
    signed_in(ada).post(WITH_BO, sent)
    assert signed_in(ada).post(WITH_BO, {**sent, "as_is": "1"}).status_code == 302
    assert Message.objects.get().text == PITCH


def test_it_is_a_promotion_explains_the_way_and_keeps_the_words(contact: Contact, ada: Member) -> None:
    page = signed_in(ada).post(WITH_BO, said(text=PITCH, it_is="promotion")).content.decode()

    assert "Promotions go into open calls" in page
    assert 'href="/calls/"' in page
    assert PITCH in page
    assert "Send as it is" in page
    assert not Message.objects.exists()


def test_ordinary_words_go_at_once(contact: Contact, ada: Member) -> None:
    assert signed_in(ada).post(WITH_BO, said(text="Do you remember the flood?")).status_code == 302


def test_what_would_be_refused_anyway_is_refused_without_a_hint(ada: Member, bo: Member, at_acme: Entry) -> None:
    answers.accept(asks(ada, bo, at_acme), by=bo)
    answer = signed_in(ada).post(WITH_BO, said(text=PITCH))

    assert answer.status_code == 403
    assert "Not sent yet" not in answer.content.decode()


def test_the_reader_alone_is_told_that_it_went_to_many(contact: Contact, ada: Member, bo: Member) -> None:
    threads.write(ada, bo, text="Hello", key=key())
    Message.objects.update(sent_to_many=True)
    path = f"/messages/{Message.objects.get().thread.public_id}/"

    assert "Nearly the same text went to others." in read(bo, path)
    assert "Nearly the same text went to others." not in read(ada, path)


# ── marking ──────────────────────────────────────────────────────────────────


def test_the_reader_marks_and_only_the_reader_sees_the_mark(contact: Contact, ada: Member, bo: Member) -> None:
    message = threads.write(ada, bo, text="Our pumps.", key=key())
    path, mark = f"/messages/{message.thread.public_id}/", f"/messages/label/{message.public_id}/"
    assert mark in read(bo, path)
    assert mark not in read(ada, path)
    before = plain(read(ada, path))

    assert signed_in(bo).post(mark, {"label": "promotion"})["Location"] == path
    page = read(bo, path)
    assert "You marked this as “promotion”." in page
    assert mark not in page
    assert plain(read(ada, path)) == before


def test_an_upheld_label_is_shown_to_both(contact: Contact, ada: Member, bo: Member, mo: Member) -> None:
    message = threads.write(ada, bo, text="Our pumps.", key=key())
    case = labels.mark(message, by=bo, label="promotion").case
    decisions.uphold(case, by=mo, to_reporter="Yes.", to_subject="No.")
    path = f"/messages/{message.thread.public_id}/"

    for reader in (ada, bo):
        page = read(reader, path)
        assert '<span class="tag">promotion</span>' in page
        assert "labelled so by moderators" in page
    assert "advertised without a label and keeps quiet until" in read(bo, path)
    threads.write(bo, ada, text="Never mind.", key=key())
    assert "A message of yours was unlabelled advertising." in read(ada, path)
    assert "promotion" in read(mo, f"/panel/moderation/case/{case.pk}/change/")


@pytest.mark.parametrize(("label", "status"), [("", 400), ("personal", 400), ("spam", 400)])
def test_other_labels_are_refused(contact: Contact, ada: Member, bo: Member, label: str, status: int) -> None:
    message = threads.write(ada, bo, text="Our pumps.", key=key())

    assert signed_in(bo).post(f"/messages/label/{message.public_id}/", {"label": label}).status_code == status
    assert not Report.objects.exists()


def test_nobody_marks_by_guessing(contact: Contact, ada: Member, bo: Member, mallory: Member) -> None:
    message = threads.write(ada, bo, text="Our pumps.", key=key())
    path = f"/messages/label/{message.public_id}/"

    assert signed_in(mallory).post(path, {"label": "promotion"}).status_code == 404
    assert signed_in(ada).post(path, {"label": "promotion"}).status_code == 400
    assert signed_in(bo).get(path).status_code == 405
    assert not Report.objects.exists()


def test_the_contact_page_says_who_keeps_quiet_and_why(contact: Contact, ada: Member, bo: Member) -> None:
    quiet.restart(contact, side=bo)

    assert "they advertised" in read(ada, "/contacts/")
    assert "you advertised" in read(bo, "/contacts/")

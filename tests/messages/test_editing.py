"""Five minutes to edit: seen by both, under every rule of writing, with what it said before kept for a report."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts import people
from accounts.models import Member
from foundation import clock, jobs
from network.contacts import answers, blocks
from network.messages import editing, keeping, pitches, threads
from network.messages.editing import NotYoursToEdit, TooLateToEdit
from network.messages.models import Message, Purpose, Revision
from network.messages.threads import MessageEmpty, MessageTooLong, NotInContact, StillQuiet
from network.moderation import labels, reports
from network.moderation.models import Report
from tests.cast import asks, befriend, key
from tests.frontend.pages import read, signed_in

LATE = timedelta(minutes=5)


@pytest.fixture
def message(ada: Member, bo: Member) -> Message:
    befriend(ada, bo)
    return threads.write(ada, bo, text="The canary sings at elven.", key=key())


def path_of(message: Message) -> str:
    return f"/messages/edit/{message.public_id}/"


def test_both_see_the_new_words_and_that_they_were_edited(message: Message, ada: Member, bo: Member) -> None:
    page = f"/messages/{message.thread.public_id}/"
    assert path_of(message) in read(ada, page)
    assert path_of(message) not in read(bo, page)
    assert signed_in(ada).post(path_of(message), {"text": "The canary sings at eleven."}).status_code == 302
    for side in (ada, bo):
        shown = read(side, page)
        assert "at eleven." in shown
        assert "edited" in shown
        assert "elven" not in shown
    assert keeping.found(bo, "eleven").exists()
    assert not keeping.found(bo, "elven").exists()
    taken = keeping.taken_along(message.thread, by=bo)
    assert "elven" not in str(taken)
    assert [line["text"] for line in taken["messages"] if "edited" in line] == [Message.objects.get(pk=message.pk).text]


def test_the_same_words_are_no_edit(message: Message, ada: Member) -> None:
    editing.edit(message, by=ada, text=f" {message.text} ")
    assert Message.objects.get().edited_at is None
    assert not Revision.objects.exists()


def test_after_five_minutes_it_stays(message: Message, ada: Member) -> None:
    with clock.at(message.sent_at + LATE):
        with pytest.raises(TooLateToEdit):
            editing.edit(message, by=ada, text="Never said.")
        assert signed_in(ada).post(path_of(message), {"text": "Never said."}).status_code == 409
        assert signed_in(ada).get(path_of(message)).status_code == 409
        assert path_of(message) not in read(ada, f"/messages/{message.thread.public_id}/")
    assert Message.objects.get().text == message.text


def test_nobody_edits_what_others_wrote(message: Message, bo: Member, cleo: Member) -> None:
    for by in (bo, cleo):
        with pytest.raises(NotYoursToEdit):
            editing.edit(message, by=by, text="Words in her mouth")
    assert signed_in(bo).post(path_of(message), {"text": "x"}).status_code == 403
    assert signed_in(cleo).post(path_of(message), {"text": "x"}).status_code == 404


@pytest.mark.parametrize("text", ["Look at https://sell.example", "Call 040 1234567", "Write to me@sell.example"])
def test_an_edit_is_no_way_around_the_quiet_period(text: str, ada: Member, bo: Member, at_acme: object) -> None:
    answers.accept(asks(ada, bo), by=bo)
    message = threads.write(ada, bo, text="Hello", key=key())
    with pytest.raises(StillQuiet):
        editing.edit(message, by=ada, text=text)
    answer = signed_in(ada).post(path_of(message), {"text": text, "as_is": "1"})
    assert answer.status_code == 403
    assert "Quiet" in answer.content.decode() or "hold no" in answer.content.decode()
    assert Message.objects.get().text == "Hello"


def test_an_edit_that_reads_like_a_promotion_is_asked_about_first(message: Message, ada: Member) -> None:
    pitch = "Our platform helps you: book a demo, 20 % off, https://sell.example"
    answer = signed_in(ada).post(path_of(message), {"text": pitch})
    assert "reads like a promotion" in answer.content.decode()
    assert Message.objects.get().text == message.text
    assert signed_in(ada).post(path_of(message), {"text": pitch, "as_is": "1"}).status_code == 302


def test_what_it_claims_after_an_edit_is_bold(ada: Member, bo: Member, at_acme: object) -> None:
    answers.accept(asks(ada, bo), by=bo)
    message = threads.write(ada, bo, text="Hello", key=key())
    editing.edit(message, by=ada, text="As discussed, hello")
    editing.edit(Message.objects.get(), by=ada, text="Hello again")
    assert Message.objects.get().claims_contact  # it stays said


@pytest.mark.parametrize("why", ["pitch", "label", "ended", "frozen", "offer", "remote"])
def test_what_is_over_or_marked_is_not_edited(why: str, ada: Member, bo: Member, at_acme: object) -> None:
    answers.accept(asks(ada, bo), by=bo)
    message = threads.write(ada, bo, text="Hello", key=key())
    refusal: type[Exception] = TooLateToEdit
    if why == "pitch":
        pitches.mark(message, by=bo)
    if why == "label":
        Message.objects.filter(pk=message.pk).update(label=Purpose.PROMOTION)
    if why == "ended":
        blocks.block(bo, ada)
        refusal = NotInContact
    if why == "frozen":
        Member.objects.filter(pk=ada.pk).update(frozen_at=clock.now())
        ada.refresh_from_db()
        refusal = people.Frozen
    if why == "offer":
        message = Message.objects.create(thread=message.thread, writer=ada, purpose="offer", text="x", key=key())
        refusal = NotYoursToEdit
    if why == "remote":
        Member.objects.filter(pk=bo.pk).update(host="two.example", handle="bob2")
        message = Message.objects.select_related("thread__low", "thread__high", "writer").get()
        refusal = NotYoursToEdit
    with pytest.raises(refusal):
        editing.edit(message, by=ada, text="Something else")
    assert not Revision.objects.exists()


@pytest.mark.parametrize(("text", "refusal"), [(" ", MessageEmpty), ("x" * 10_001, MessageTooLong)])
def test_words_are_checked_as_before(text: str, refusal: type[Exception], message: Message, ada: Member) -> None:
    with pytest.raises(refusal):
        editing.edit(message, by=ada, text=text)


def test_a_report_keeps_what_it_said_before(message: Message, ada: Member, bo: Member) -> None:
    editing.edit(message, by=ada, text="The canary sings.")
    reports.report(bo, ada, words="Look.", key=key(), message=Message.objects.get())
    kept = Report.objects.get().evidence
    assert (kept["text"], kept["before"]) == ("The canary sings.", ["The canary sings at elven."])


def test_a_mark_of_its_reader_does_not_show_in_the_edit(message: Message, ada: Member, bo: Member) -> None:
    """A report is no reason to refuse: the writer would learn of it. The report has a copy."""
    labels.mark(message, by=bo, label="promotion")
    editing.edit(message, by=ada, text="The canary sings.")
    assert Report.objects.get().evidence["text"] == "The canary sings at elven."


def test_the_database_loses_no_words(message: Message) -> None:
    for change in ({"text": "Never said"}, {"purpose": "promotion"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Message.objects.filter(pk=message.pk).update(**change)
    Revision.objects.create(message=message, text=message.text)
    with pytest.raises(DatabaseError), transaction.atomic():
        Revision.objects.update(text="Something harmless")
    Message.objects.update(text="Kept elsewhere")
    Message.objects.update(text="")  # erasure


def test_an_edit_notifies_nobody_anew(message: Message, ada: Member, bo: Member) -> None:
    jobs.drain_everything()
    threads.read(message.thread, by=bo)
    editing.edit(message, by=ada, text="The canary sings.")
    assert jobs.drain_everything() == 0
    assert threads.unread(bo) == 0


def test_an_open_page_is_given_the_edit_in_its_place(message: Message, ada: Member, bo: Member) -> None:
    path = f"/messages/{message.thread.public_id}/new/?stance=open&after={message.public_id}"
    assert signed_in(bo).get(path).status_code == 204
    editing.edit(message, by=ada, text="The canary sings.")
    page = read(bo, path)
    assert f'id="m-{message.public_id}" hx-swap-oob="true"' in page
    with clock.at(clock.now() + timedelta(seconds=31)):
        assert signed_in(bo).get(path).status_code == 204

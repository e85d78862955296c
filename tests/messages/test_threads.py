"""Messages: only in contact, one unanswered, quiet period, pitch, truth."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from accounts import people, ties
from accounts.models import Entry, Member
from foundation import clock
from network.contacts import answers, blocks, quiet
from network.contacts.models import Contact, Request
from network.messages import pitches, threads, truth
from network.messages.models import Message, Pitch
from tests.cast import DAY, asks, befriend, key
from vetting.models import Evidence


@pytest.fixture
def contact(ada: Member, bo: Member, at_acme: Entry) -> Contact:
    """Ada asked, Bo accepted: the quiet period binds Ada."""
    return answers.accept(asks(ada, bo, at_acme), by=bo)


def says(writer: Member, other: Member, text: str = "Do you remember the pump hall?") -> Message:
    return threads.write(writer, other, text=text, key=key())


def test_only_members_in_contact_write(ada: Member, bo: Member, at_acme: Entry) -> None:
    with pytest.raises(threads.NotInContact):
        says(ada, bo)
    asks(ada, bo, at_acme)
    with pytest.raises(threads.NotInContact):
        says(ada, bo)


def test_one_unanswered_message_in_a_new_thread(contact: Contact, ada: Member, bo: Member) -> None:
    says(ada, bo)
    with pytest.raises(threads.WaitForReply):
        says(ada, bo, "Hello?")
    says(bo, ada, "Of course.")

    says(ada, bo, "Good.")
    says(ada, bo, "And how is Erna?")


def test_the_same_form_twice_is_one_message(contact: Contact, ada: Member, bo: Member) -> None:
    first = threads.write(ada, bo, text="Hello", key="once")

    assert threads.write(ada, bo, text="Hello", key="once") == first


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_write_one_first_message(contact: Contact, ada: Member, bo: Member) -> None:
    def write(_number: int) -> bool:
        try:
            says(ada, bo)
        except threads.WaitForReply:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(write, range(8))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Our product: https://pitch.example.com",
        "Call me: +49 171 2345678",
        "Write to sales@pitch.com",
        "BEGIN:VCALENDAR",
        "acht neun null eins zwei drei vier",
    ],
)
def test_the_asking_side_keeps_quiet(text: str, contact: Contact, ada: Member, bo: Member) -> None:
    with pytest.raises(threads.StillQuiet):
        says(ada, bo, text)
    assert not Message.objects.exists()
    says(bo, ada, text)


def test_after_the_quiet_period_or_when_lifted_links_pass(contact: Contact, ada: Member, bo: Member) -> None:
    quiet.lift(contact, by=bo)

    assert says(ada, bo, "See https://acme.example.com").text.endswith("com")


@pytest.mark.parametrize("purpose", ["offer", "promotion", "spam"])
def test_offers_and_promotions_wait_for_their_forms(purpose: str, contact: Contact, ada: Member, bo: Member) -> None:
    quiet.lift(contact, by=bo)

    with pytest.raises(threads.NoFormYet):
        threads.write(ada, bo, text="Hello", key=key(), purpose=purpose)


@pytest.mark.parametrize(
    ("text", "refusal"), [("  \u200b ", threads.MessageEmpty), ("x" * 10_001, threads.MessageTooLong)]
)
def test_a_message_says_something_in_10000_characters(
    text: str, refusal: type[Exception], contact: Contact, ada: Member, bo: Member
) -> None:
    with pytest.raises(refusal):
        says(ada, bo, text)


def test_bidirectional_and_invisible_characters_are_gone(contact: Contact, ada: Member, bo: Member) -> None:
    assert says(ada, bo, "ab\u202ecd\u200bef\u2066").text == "abcdef"


def test_unread_counts_are_ones_own(contact: Contact, ada: Member, bo: Member) -> None:
    message = says(ada, bo)
    assert (threads.unread(ada), threads.unread(bo)) == (0, 1)
    assert [thread.unread for thread in threads.of(bo)] == [1]  # type: ignore[attr-defined]

    threads.read(message.thread, by=bo)

    assert threads.unread(bo) == 0
    assert [thread.unread for thread in threads.of(bo)] == [0]  # type: ignore[attr-defined]


def test_a_thread_opens_for_its_two_alone(contact: Contact, ada: Member, bo: Member, mallory: Member) -> None:
    thread = says(ada, bo).thread

    assert threads.open_for(bo, thread.public_id) == thread
    with pytest.raises(threads.NoSuchThread):
        threads.open_for(mallory, thread.public_id)


def test_a_pitch_is_undone_with_one_click(contact: Contact, ada: Member, bo: Member) -> None:
    pitch = pitches.mark(says(ada, bo, "We offer the best widgets."), by=bo)

    assert not ties.in_contact(ada, bo)
    assert Request.objects.get().answer == "pitch"
    assert Evidence.objects.filter(kind="pitch", about=ada.ledger_id, by=bo.ledger_id).count() == 1
    assert pitch.proof == "We offer the best widgets."
    with pytest.raises(threads.NotInContact):
        says(ada, bo)


def test_only_the_asked_side_marks_and_only_the_askers_words(
    contact: Contact, ada: Member, bo: Member, cleo: Member
) -> None:
    from_ada, from_bo = says(ada, bo), says(bo, ada)

    for message, by in ((from_ada, ada), (from_bo, bo), (from_bo, ada), (from_ada, cleo)):
        with pytest.raises(pitches.NotYoursToMark):
            pitches.mark(message, by=by)


def test_a_pitch_is_marked_once_and_within_the_quiet_period(contact: Contact, ada: Member, bo: Member) -> None:
    message = says(ada, bo)
    with clock.at(clock.now() + 30 * DAY), pytest.raises(pitches.QuietPeriodOver):
        pitches.mark(message, by=bo)
    pitches.mark(message, by=bo)

    with pytest.raises(pitches.QuietPeriodOver):
        pitches.mark(message, by=bo)
    assert Pitch.objects.count() == 1


def test_the_writer_appeals_once(contact: Contact, ada: Member, bo: Member) -> None:
    pitch = pitches.mark(says(ada, bo), by=bo)
    with pytest.raises(pitches.NoAppeal):
        pitches.appeal(pitch, by=bo, text="no")
    with pytest.raises(pitches.AppealEmpty):
        pitches.appeal(pitch, by=ada, text=" ")

    pitches.appeal(pitch, by=ada, text="I only asked how he was.")

    with pytest.raises(pitches.NoAppeal):
        pitches.appeal(pitch, by=ada, text="And again.")


def test_a_block_ends_writing(contact: Contact, ada: Member, bo: Member) -> None:
    blocks.block(bo, ada)

    with pytest.raises(threads.NotInContact):
        says(ada, bo)


def test_a_frozen_member_writes_nobody(contact: Contact, ada: Member, bo: Member) -> None:
    ada.frozen_at = clock.now()

    with pytest.raises(people.Frozen):
        says(ada, bo)


def test_the_truth_line_is_what_the_server_knows(contact: Contact, ada: Member, bo: Member) -> None:
    first = says(ada, bo, "As discussed, here is my idea.")
    second = says(bo, ada, "As discussed, no.")

    assert first.thread.met_at is None
    assert (first.claims_contact, second.claims_contact) == (True, False)


def test_earlier_contacts_are_in_the_truth_line(ada: Member, bo: Member, at_acme: Entry) -> None:
    befriend(bo, ada)
    met = ties.last_met(ada, bo)
    assert met is not None
    blocks.block(bo, ada)
    blocks.unblock(bo, ada)

    request = asks(ada, bo, at_acme)

    assert (request.met_at, request.met_how) == (met.at, "contact")


@pytest.mark.parametrize("text", ["As discussed, …", "Wie besprochen anbei"])
def test_words_that_claim_a_contact_are_bold_without_a_record(text: str) -> None:
    assert truth.line(None, "", words=text).bold
    assert not truth.line(datetime(2019, 3, 14, tzinfo=UTC), "message", words=text).bold

"""Threads through the pages: writing, arriving, the quiet period, pitches, and whom they are closed to."""

import uuid

import pytest

from accounts.models import Entry, Member
from foundation import clock
from network.contacts import answers, quiet
from network.contacts.models import Contact
from network.messages import threads
from network.messages.models import Message, Pitch
from network.moderation.models import Report
from tests.cast import DAY, asks, befriend, key
from tests.frontend.pages import read, said, signed_in, steady

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(ada: Member, bo: Member, at_acme: Entry) -> Contact:
    """Ada asked Bo, who accepted just now: her quiet period runs."""
    return answers.accept(asks(ada, bo, at_acme, note="Third floor."), by=bo)


def writes(writer: Member, other: Member, text: str = "Hello") -> Message:
    return threads.write(writer, other, text=text, key=key())


def at(message: Message) -> str:
    return f"/messages/{message.thread.public_id}/"


def test_the_first_message_opens_the_thread(contact: Contact, ada: Member, bo: Member) -> None:
    page = read(ada, "/messages/with/bob/")
    answer = signed_in(ada).post("/messages/with/bob/", said(text="Page 41\nis missing."))

    message = Message.objects.get()
    assert "No contact on this server before." in page
    assert "you write once" in page
    assert answer["Location"] == f"{at(message)}#m-{message.public_id}"
    assert signed_in(ada).get("/messages/with/bob/")["Location"] == at(message)


def test_the_same_form_sent_twice_is_one_message(contact: Contact, ada: Member) -> None:
    form = said(text="Page 41")
    for _ in range(2):
        assert signed_in(ada).post("/messages/with/bob/", form).status_code == 302
    assert Message.objects.count() == 1


def test_the_reader_sees_note_truth_line_and_line_breaks_but_no_links(
    contact: Contact, ada: Member, bo: Member
) -> None:
    quiet.lift(contact, by=bo)
    message = writes(ada, bo, "As discussed:\n<b>see</b> https://example.org")
    page = read(bo, at(message))

    assert "Third floor." in page
    assert "<strong>No contact on this server before.</strong>" in page
    assert "As discussed:<br>&lt;b&gt;see&lt;/b&gt; https://example.org" in page
    assert 'href="https://example.org' not in page


def test_the_writer_reads_of_the_quiet_period_before_writing(contact: Contact, ada: Member, bo: Member) -> None:
    assert "Quiet period until" in read(ada, "/messages/with/bob/")
    assert "keeps quiet until" in read(bo, "/messages/with/ada/")
    quiet.lift(contact, by=bo)
    assert "Quiet period until" not in read(ada, "/messages/with/bob/")


@pytest.mark.parametrize(
    ("text", "purpose", "status"),
    [
        ("see https://example.org", "personal", 403),
        ("A position in Bielefeld", "offer", 403),
        ("Buy now", "promotion", 403),
        ("   ", "personal", 400),
        ("x" * 10_001, "personal", 400),
        ("hello", "nonsense", 400),
    ],
)
def test_a_refused_message_keeps_its_words(contact: Contact, ada: Member, text: str, purpose: str, status: int) -> None:
    answer = signed_in(ada).post("/messages/with/bob/", said(text=text, purpose=purpose))

    assert answer.status_code == status
    assert text.strip() in answer.content.decode()
    assert not Message.objects.exists()


def test_one_unanswered_message_then_the_form_is_gone(contact: Contact, ada: Member, bo: Member) -> None:
    message = writes(ada, bo)
    assert "You have written once." in read(ada, at(message))
    assert 'name="text"' not in read(ada, at(message))
    assert signed_in(ada).post(at(message), said(text="and again")).status_code == 403
    writes(bo, ada)
    assert 'name="text"' in read(ada, at(message))


def test_purposes_that_need_forms_are_shown_and_cannot_be_picked(contact: Contact, ada: Member) -> None:
    page = read(ada, "/messages/with/bob/")

    assert '<option value="offer" disabled>' in page
    assert "a promotion into an open call" in page


def test_reading_marks_as_read_for_the_reader_alone(contact: Contact, ada: Member, bo: Member) -> None:
    message = writes(ada, bo)
    assert '<span class="badge">1<' in read(bo, "/messages/")
    before = read(ada, "/messages/")
    read(bo, at(message))
    assert threads.unread(bo) == 0
    assert steady(read(ada, "/messages/")) == steady(before)  # no read receipts


def test_what_is_new_arrives_as_a_fragment_and_once(contact: Contact, ada: Member, bo: Member) -> None:
    first = writes(ada, bo)
    url = f"{at(first)}new/?after={first.public_id}&stance="
    assert signed_in(ada).get(url + "waits").status_code == 204

    second = writes(bo, ada, "On my wall.")
    answer = signed_in(ada).get(url + "waits").content.decode()
    assert "On my wall." in answer
    assert "Hello" not in answer
    assert f'name="after" value="{second.public_id}" hx-swap-oob="true"' in answer
    assert 'id="write"' in answer  # Bo has answered, so Ada may write: the form comes with it
    assert threads.unread(ada) == 0

    same = f"{at(first)}new/?after={second.public_id}&stance=open"
    assert signed_in(ada).get(same).status_code == 204


@pytest.mark.parametrize("after", ["", "nonsense", str(uuid.UUID(int=1))])
def test_a_place_outside_the_thread_brings_nothing(contact: Contact, ada: Member, bo: Member, after: str) -> None:
    message = writes(ada, bo)

    assert signed_in(bo).get(f"{at(message)}new/?after={after}&stance=open").status_code == 204


def test_earlier_messages_are_a_link_away(contact: Contact, ada: Member, bo: Member) -> None:
    for number in range(30):
        writes(ada, bo, f"ask {number}.")
        writes(bo, ada, f"tell {number}.")
    newest = read(ada, f"/messages/{threads.of(ada).get().public_id}/")
    earlier = newest.split('href="?before=')[1].split('"')[0]
    older = read(ada, f"/messages/{threads.of(ada).get().public_id}/?before={earlier}")

    assert "ask 29." in newest
    assert "ask 17." not in newest
    assert "No contact on this server before." not in newest
    assert "ask 17." in older
    assert "ask 18." not in older


# ── that was a pitch ─────────────────────────────────────────────────────────


def test_one_click_ends_the_contact_and_both_can_still_read(contact: Contact, ada: Member, bo: Member) -> None:
    message = writes(ada, bo, "A position in Bielefeld.")
    assert f"/messages/pitch/{message.public_id}/" in read(bo, at(message))
    answer = signed_in(bo).post(f"/messages/pitch/{message.public_id}/")

    assert answer["Location"] == at(message)
    assert quiet.between(ada, bo) is None
    for reader, words in ((bo, "You marked a message as a pitch."), (ada, "marked one of your messages as a pitch")):
        page = read(reader, at(message))
        assert words in page
        assert "A position in Bielefeld." in page
        assert 'name="key"' not in page  # readable, not writable
        assert signed_in(reader).post(at(message), said(text="but")).status_code == 403


def test_the_writer_appeals_once(contact: Contact, ada: Member, bo: Member) -> None:
    message = writes(ada, bo)
    signed_in(bo).post(f"/messages/pitch/{message.public_id}/")
    path = f"/messages/pitch/{Pitch.objects.get().public_id}/appeal/"

    assert signed_in(bo).post(path, {"text": "no"}).status_code == 403
    assert signed_in(ada).post(path, {"text": "  "}).status_code == 400
    assert signed_in(ada).post(path, {"text": "It was a joke."}).status_code == 302
    assert "Your appeal is with the moderators." in read(ada, at(message))
    assert signed_in(ada).post(path, {"text": "Again."}).status_code == 403
    assert Pitch.objects.get().appeal == "It was a joke."


def test_a_message_is_marked_once_and_only_in_time(contact: Contact, ada: Member, bo: Member) -> None:
    message = writes(ada, bo)
    path = f"/messages/pitch/{message.public_id}/"
    with clock.at(clock.now() + 31 * DAY):
        assert signed_in(bo).post(path).status_code == 409
    assert signed_in(bo).post(path).status_code == 302
    assert signed_in(bo).post(path).status_code == 409
    assert Pitch.objects.count() == 1


def test_the_asking_side_marks_nothing(contact: Contact, ada: Member, bo: Member) -> None:
    message = writes(bo, ada)

    assert "/messages/pitch/" not in read(ada, at(message))
    assert signed_in(ada).post(f"/messages/pitch/{message.public_id}/").status_code == 403
    assert quiet.between(ada, bo)


# ── closed to others ─────────────────────────────────────────────────────────


def test_no_thread_is_read_by_guessing(contact: Contact, ada: Member, bo: Member, mallory: Member) -> None:
    message = writes(ada, bo, "Between us.")
    guesses = [at(message), f"{at(message)}new/?after={message.public_id}", f"/messages/report/{message.public_id}/"]
    for path in guesses:
        answer = signed_in(mallory).get(path)
        assert answer.status_code == 404
        assert "Between us." not in answer.content.decode()
    for path in (at(message), f"/messages/pitch/{message.public_id}/", f"/messages/report/{message.public_id}/"):
        assert signed_in(mallory).post(path, said(text="x", words="x")).status_code == 404
    assert signed_in(mallory).get(f"/messages/{uuid.uuid4()}/").status_code == 404
    assert not Pitch.objects.exists()
    assert not Report.objects.exists()


def test_only_contacts_write(ada: Member, bo: Member) -> None:
    assert signed_in(ada).get("/messages/with/bob/").status_code == 403
    assert signed_in(ada).post("/messages/with/bob/", said(text="Hello")).status_code == 403
    assert signed_in(ada).get("/messages/with/nobody_here/").status_code == 404
    assert not Message.objects.exists()


def test_pitches_are_marked_by_post_only(contact: Contact, ada: Member, bo: Member) -> None:
    message = writes(ada, bo)

    assert signed_in(bo).get(f"/messages/pitch/{message.public_id}/").status_code == 405
    assert signed_in(ada).get(f"/messages/pitch/{uuid.uuid4()}/appeal/").status_code == 405


def test_a_message_is_reported_by_its_reader_with_the_text_kept(contact: Contact, ada: Member, bo: Member) -> None:
    message = writes(ada, bo, "Buy now.")
    path = f"/messages/report/{message.public_id}/"

    assert "Buy now." in read(bo, path)
    assert signed_in(bo).post(path, said(words="")).status_code == 400
    assert signed_in(bo).post(path, said(words="He sells.")).status_code == 302
    assert Report.objects.get().evidence["text"] == "Buy now."
    assert signed_in(ada).post(path, said(words="mine")).status_code == 404


def test_the_list_asks_the_database_a_fixed_number_of_times(
    ada: Member, cleo: Member, bo: Member, mallory: Member, django_assert_max_num_queries: object
) -> None:
    for other in (bo, cleo, mallory):
        befriend(other, ada)
        writes(ada, other)
    client = signed_in(ada)
    client.get("/messages/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/messages/")

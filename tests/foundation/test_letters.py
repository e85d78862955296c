"""A letter is sealed, sent from a job, and says nothing in its headers that was not meant."""

from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.db.models import F

from foundation import clock, jobs, letters
from foundation.letters import NoAddress
from foundation.models import Job, Letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def to_the_outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def parsed(letter: Letter) -> Any:
    return message_from_bytes(letters.message(letter).message().as_bytes(), policy=policy.default)


def test_a_letter_is_sent_once_and_carries_its_own_id() -> None:
    letter = letters.write("ada@example.org", "Hello", "Text", html="<p>Text</p>", kind="test")

    assert not mail.outbox  # never in the request
    assert jobs.drain("mail") == 1
    letters.send(str(letter.pk))  # a second worker
    (sent,) = mail.outbox
    read = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert read["Message-ID"] == f"<{letter.pk}@127.0.0.1>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read.get_content_type() == "multipart/alternative"
    letter.refresh_from_db()
    assert letter.sent_at is not None


def test_nothing_of_it_is_readable_in_the_database() -> None:
    letters.write("ada@example.org", "The subject", "The secret text", kind="test")
    with connection.cursor() as cursor:
        cursor.execute("SELECT l::text FROM foundation_letter l UNION ALL SELECT j::text FROM foundation_job j")
        rows = " ".join(text for (text,) in cursor.fetchall())

    assert "example.org" not in rows
    assert "subject" not in rows.replace("sealed_subject", "")
    assert "secret" not in rows


@pytest.mark.django_db(transaction=True, available_apps=["foundation"])
def test_a_letter_of_an_undone_act_is_never_sent() -> None:
    with transaction.atomic():
        letters.write("ada@example.org", "Hello", "Text", kind="test")
        transaction.set_rollback(True)

    assert jobs.drain_everything() == 0
    assert not Letter.objects.exists()


def test_a_mail_server_that_fails_is_asked_again_with_the_same_id(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    letter = letters.write("ada@example.org", "Hello", "Text", kind="test")
    assert jobs.drain("mail") == 0
    job = Job.objects.get(kind="letter")
    assert job.done_at is None
    assert job.dead_at is None
    assert "ConnectionRefusedError" in job.last_error

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Job.objects.update(available_at=F("created_at"))
    assert jobs.drain("mail") == 1
    assert str(letter.pk) in mail.outbox[0].extra_headers["Message-ID"]


@pytest.mark.parametrize(
    "name",
    [
        "Ada\r\nBcc: mallory@example.org",
        "Ada\nX-Evil: 1",
        "\u202eadA" * 50,
        "Ada\u2028Bcc: x@example.org",
        'Ada" <mallory@example.org>, "x',
        "Ada, mallory@example.org",
        "=?utf-8?q?Ada=0ABcc:_x@example.org?=",
        "Ädä \U0001f600",
    ],
)
def test_a_name_cannot_add_a_header_or_a_reader(name: str) -> None:
    try:
        letter = letters.write(f'"{name}" <ada@example.org>', f"{name} asks", "Text", kind="test")
    except NoAddress:
        return
    read = parsed(letter)
    assert [one.addr_spec for one in read["To"].addresses] == ["ada@example.org"]
    assert sorted(key.lower() for key in read) == sorted(
        ["content-type", "mime-version", "content-transfer-encoding", "subject", "from", "to", "date", "message-id",
         "auto-submitted", "x-auto-response-suppress"]
    )  # fmt: skip
    assert "\u202e" not in str(read["Subject"]) + str(read["To"])
    assert len(str(read["Subject"]).strip()) <= letters.SUBJECT_MAX_CHARACTERS


@pytest.mark.parametrize(
    "to", ["", "ada", "ada@", "@example.org", "ada@example.org, bo@example.org", "a b@example.org"]
)
def test_only_one_address_is_written_to(to: str) -> None:
    with pytest.raises(NoAddress):
        letters.write(to, "Hello", "Text", kind="test")


def test_the_pigeonhole_takes_every_letter(settings: Any) -> None:
    settings.EMAIL_BACKEND = "foundation.letters.Pigeonhole"
    letters.write("ada@example.org", "Hello", "Text", html="<b>x</b>", kind="test")
    assert jobs.drain("mail") == 1

    ((letter, text),) = letters.all_letters()
    assert letter.sent_at is not None
    assert (text.to, text.subject, text.text, text.html) == ("ada@example.org", "Hello", "Text", "<b>x</b>")


def test_after_thirty_days_only_that_it_was_sent_is_left(settings: Any) -> None:
    settings.DEMO = False
    with clock.at(clock.now() - timedelta(days=31)):
        old = letters.write("ada@example.org", "Hello", "Text", kind="test")
    new = letters.write("bo@example.org", "Hello", "Text", kind="test")

    letters.forget()
    old.refresh_from_db()
    new.refresh_from_db()
    assert letters.text_of(old) == ("", "", "", None, "")
    assert letters.text_of(new).text == "Text"
    letters.send(str(old.pk))
    assert not mail.outbox


def test_the_demo_forgets_nothing() -> None:
    with clock.at(clock.now() - timedelta(days=300)):
        old = letters.write("ada@example.org", "Hello", "Text", kind="test")
    letters.forget()
    old.refresh_from_db()

    assert letters.text_of(old).text == "Text"


def test_a_held_letter_is_sent_when_released_and_never_after_it_was_blanked() -> None:
    released, blanked = (letters.write("ada@example.org", "Hello", "Text", kind="test", held=True) for _ in range(2))
    assert jobs.drain_everything() == 0

    letters.blank(blanked)
    for letter in (released, blanked):
        letters.release(letter)
    jobs.drain_everything()
    assert len(mail.outbox) == 1
    assert letters.text_of(Letter.objects.get(pk=blanked.pk)).to == ""


@pytest.mark.parametrize("demo", [True, False])
def test_a_fleeting_letter_is_blank_once_it_is_sent_except_in_the_demo(
    demo: bool, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "_fleeting", set())
    settings.DEMO = demo
    letters.fleeting("passing")
    kept, passing = (letters.write("ada@example.org", "Hello", "Text", kind=kind) for kind in ("test", "passing"))
    jobs.drain_everything()

    assert len(mail.outbox) == 2
    assert letters.text_of(Letter.objects.get(pk=kept.pk)).to == "ada@example.org"
    assert letters.text_of(Letter.objects.get(pk=passing.pk)).to == ("ada@example.org" if demo else "")

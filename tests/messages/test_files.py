"""Files in threads: for the two people alone, handed out and never shown, and no way around a rule."""

import io
import json
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.models import Member
from foundation import clock, rotation, sealing
from foundation.refusals import Refusal
from network.contacts import answers, blocks, quiet
from network.messages import erasing, files, keeping, threads
from network.messages.files import FileElsewhere, FileInQuietPeriod, FileNotTaken, FilesSpent, FileTooSoon, Given
from network.messages.models import Enclosed, File, Message
from network.moderation import reports
from network.moderation.models import Report
from tests.cast import DAY, asks, befriend, key
from tests.frontend.pages import read, signed_in

NOTE = Given("../canary plan.html", b"The canary sings at eleven.")


@pytest.fixture
def friends(ada: Member, bo: Member) -> None:
    """Both have written."""
    befriend(ada, bo)
    threads.write(ada, bo, text="Hello", key=key())
    threads.write(bo, ada, text="Hello", key=key())


def sends(writer: Member, other: Member, given: Given = NOTE) -> File:
    return threads.write(writer, other, text="Look", key=key(), file=given).file


def test_the_two_fetch_it_and_nobody_shows_it(ada: Member, bo: Member, friends: None) -> None:
    sends(ada, bo)
    found = File.objects.get()
    path = f"/messages/files/{found.public_id}/"
    for side in (ada, bo):
        assert path in read(side, f"/messages/{found.message.thread.public_id}/")
        answer = signed_in(side).get(path)
        assert answer.content == NOTE.content
        assert answer["Content-Disposition"] == 'attachment; filename="canary plan.txt"'
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "script-src" not in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] == "no-store"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_it_is_unknown_to_everybody_else(ada: Member, bo: Member, cleo: Member, mo: Member, friends: None) -> None:
    found = sends(ada, bo)
    path = f"/messages/files/{found.public_id}/"
    for stranger in (cleo, mo):
        assert signed_in(stranger).get(path).status_code == 404
    assert signed_in(cleo).get("/messages/files/00000000-0000-0000-0000-000000000000/").status_code == 404
    keeping.put_away(found.message, by=bo)
    assert signed_in(bo).get(path).status_code == 404
    assert signed_in(ada).get(path).status_code == 200


def test_it_lies_sealed_and_swapped_seals_do_not_open(ada: Member, bo: Member, friends: None) -> None:
    one, other = sends(ada, bo), sends(ada, bo, Given("b.txt", b"Another canary"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT f::text FROM threads_file f UNION ALL SELECT e::text FROM threads_enclosed e")
        assert "sings" not in str(cursor.fetchall())
    assert "threads_file.sealed_key" in rotation.keys_in_use()
    Enclosed.objects.filter(file=one).update(sealed=Enclosed.objects.get(file=other).sealed)
    with pytest.raises(sealing.Broken):
        files.content_of(one)


def test_no_file_in_the_quiet_period_though_both_wrote(ada: Member, bo: Member, at_acme: object) -> None:
    answers.accept(asks(ada, bo), by=bo)
    threads.write(ada, bo, text="Hello", key=key())
    threads.write(bo, ada, text="Hello", key=key())
    with pytest.raises(FileInQuietPeriod):
        sends(ada, bo)
    assert sends(bo, ada).pk  # the side that was asked is not bound
    assert "you send no files here" in read(ada, f"/messages/{Message.objects.all()[0].thread.public_id}/")


def test_no_file_before_both_have_written(ada: Member, bo: Member) -> None:
    befriend(ada, bo)
    with pytest.raises(FileTooSoon):
        sends(bo, ada)
    threads.write(ada, bo, text="Hello", key=key())
    with pytest.raises(FileTooSoon):
        sends(bo, ada)
    assert Message.objects.count() == 1


def test_no_file_goes_after_the_contact_has_ended(ada: Member, bo: Member, friends: None) -> None:
    blocks.block(bo, ada)
    with pytest.raises(threads.NotInContact):
        sends(ada, bo)
    assert not File.objects.exists()


def test_none_goes_to_another_server(ada: Member, bo: Member, friends: None) -> None:
    Member.objects.filter(pk=bo.pk).update(host="two.example", handle="bob2")
    bo.refresh_from_db()
    contact = quiet.between(ada, bo)
    assert contact is not None
    assert isinstance(files.may_not(ada, bo, contact, both_wrote=True), FileElsewhere)


@pytest.mark.parametrize("limit", [{"FILES_A_DAY": 1}, {"FILES_KEPT_BYTES": 40}])
def test_there_is_so_much_room_and_no_more(
    limit: dict[str, int], ada: Member, bo: Member, friends: None, settings: Any
) -> None:
    for name, value in limit.items():
        setattr(settings, name, value)
    sends(ada, bo)
    with pytest.raises(FilesSpent):
        sends(ada, bo)
    assert Message.objects.count() == 3  # the message that was refused is not there either
    assert sends(bo, ada).pk  # another's room is another's
    if "FILES_A_DAY" in limit:
        with clock.at(clock.now() + DAY):
            sends(ada, bo)


def test_what_is_not_taken_leaves_no_message_and_loses_no_word(ada: Member, bo: Member, friends: None) -> None:
    path = f"/messages/{Message.objects.all()[0].thread.public_id}/"
    form = {"key": key(), "text": "See the page", "file": SimpleUploadedFile("x.png", b"<svg onload=alert(1)>")}
    answer = signed_in(ada).post(path, form)
    assert answer.status_code == FileNotTaken.status
    assert "See the page" in answer.content.decode()
    assert Message.objects.count() == 2


def test_the_form_sends_it_once(ada: Member, bo: Member, friends: None) -> None:
    path, form = f"/messages/{Message.objects.all()[0].thread.public_id}/", key()
    for _ in range(2):
        file = SimpleUploadedFile("plan.txt", NOTE.content)
        assert signed_in(ada).post(path, {"key": form, "text": "Look", "file": file}).status_code == 302
    assert File.objects.get().name == "plan.txt"


@pytest.mark.parametrize(("path", "size", "status"), [("/messages/with/bob/", 7 << 20, 413), ("/me/", 2 << 20, 413)])
def test_large_bodies_are_refused_unread(path: str, size: int, status: int, ada: Member) -> None:
    big = SimpleUploadedFile("x.txt", b"a" * size)
    assert signed_in(ada).post(path, {"key": key(), "text": "x", "file": big}).status_code == status


def test_nothing_of_an_upload_is_written_to_the_disk(settings: Any) -> None:
    assert settings.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE >= settings.FILE_MAX_BYTES


def test_a_thread_is_taken_along_with_its_files(ada: Member, bo: Member, friends: None) -> None:
    found = sends(ada, bo)
    answer = signed_in(bo).get(f"/messages/{found.message.thread.public_id}/take-along/")
    with ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as box:  # type: ignore[attr-defined]
        kept = json.loads(box.read("messages.json"))["messages"][-1]["file"]
        assert box.read(kept["path"]) == NOTE.content
        assert len(box.namelist()) == 2
    keeping.put_away(found.message, by=bo)
    answer = signed_in(bo).get(f"/messages/{found.message.thread.public_id}/take-along/")
    assert answer["Content-Type"] == "application/json"


def test_a_report_names_the_file(ada: Member, bo: Member, friends: None) -> None:
    found = sends(ada, bo)
    reports.report(bo, ada, words="Look.", key=key(), message=found.message)
    assert Report.objects.get().evidence["file"]["sha256"] == found.sha256


def test_it_goes_with_its_message_and_with_its_writer(ada: Member, bo: Member, friends: None) -> None:
    sends(ada, bo).message.delete()
    assert not Enclosed.objects.exists()
    sends(ada, bo)
    Member.objects.filter(pk=ada.pk).update(left_at=clock.now())
    erasing.erase(Member.objects.get(pk=ada.pk))
    assert not File.objects.exists()
    assert not Enclosed.objects.exists()


def test_every_refusal_has_words() -> None:
    for refusal in (FileElsewhere, FileTooSoon, FileNotTaken):
        assert issubclass(refusal, Refusal)
        assert str(refusal())

"""The contract between two members, kept by two programs: asked, answered, written, marked, ended."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import months
from accounts.models import Entry, Member, Organisation
from foundation import clock, jobs
from network.contacts import quiet
from network.contacts.models import Request, VouchQuestion
from network.contacts.requests import snapshot
from network.messages import editing, files, threads
from network.messages.models import Message
from tests.cast import asks, befriend, key, new_member, was_at
from tests.frontend.api.programs import Program, program_of

ACME = {"kind": "employment", "organisation": "Acme Werke", "starts": "2001-04", "ends": "2004", "matchable": True}


def test_an_entry_is_added_read_changed_and_removed(ada: Member) -> None:
    program = program_of(ada, "entries:read", "entries:write")
    made = program.post("entries", {**ACME, "visible_to": "members"})
    assert made.status == 201
    assert (made.said["starts"], made.said["ends"], made.said["visible_to"]) == ("2001-04", "2004", "members")
    path = f"entries/{made.said['id']}"
    assert program.get(path).said == made.said
    changed = program.ask("put", path, {**ACME, "ends": None, "title": "Fitter"}).said
    assert (changed["ends"], changed["title"], changed["visible_to"]) == (None, "Fitter", "me")
    assert program.get("entries").said == {"page": 1, "more": False, "rows": [changed]}
    assert program.ask("delete", path).status == 204
    assert program.get(path).code == "no-such-entry"


def test_the_same_key_makes_one_entry(ada: Member) -> None:
    said = {**ACME, "key": str(uuid.uuid4())}
    program = program_of(ada)
    assert program.post("entries", said).said == program.post("entries", said).said
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"starts": "2999-01"}, 400, "malformed"),
        ({"starts": "2199-01"}, 422, "entry-starts-in-the-future"),
        ({"starts": "2001-13"}, 400, "malformed"),
        ({"ends": "1999-01"}, 422, "entry-ends-before-it-starts"),
        ({"organisation": " "}, 422, "organisation-name"),
        ({"matchable": "yes"}, 400, "malformed"),
        ({"visible_to": 3}, 400, "malformed"),
        ({"counts_from": "2001-01-01T00:00:00Z"}, 400, "malformed"),
        ({"member": 7}, 400, "malformed"),
    ],
)
def test_an_entry_that_cannot_be_right_is_refused_as_on_the_page(
    ada: Member, wrong: dict[str, Any], status: int, code: str
) -> None:
    answer = program_of(ada).post("entries", {**ACME, **wrong})
    assert (answer.status, answer.code) == (status, code)
    assert not Entry.objects.exists()


def test_crossed_paths_are_turned_ten_pages_a_day_by_page_and_program_together(
    ada: Member, bo: Member, at_acme: Entry
) -> None:
    program = program_of(ada)
    found = program.get("crossings").said["rows"]
    assert [(one["person"]["handle"], one["between"]) for one in found] == [("bob", "nothing")]
    for _page in range(9):
        assert program.get("crossings?page=2").status == 200
    assert program.get("crossings").code == "crossings-enough"


def test_a_person_is_seen_as_on_their_page(ada: Member, bo: Member, at_acme: Entry) -> None:
    Member.objects.filter(pk=ada.pk).update(headline="Fits drives", headline_to=2, about="Secret", about_to=1)
    was_at(ada, "Hidden Works", "1990-01", "1991-01", visible_to=0, matchable=False)
    program = program_of(bo, "people:read")
    seen = program.get("people/ada")
    assert (seen.said["person"]["headline"], seen.said["person"]["about"]) == ("Fits drives", "")
    assert [one["organisation"] for one in seen.said["entries"]] == ["Acme Werke"]
    assert [one["place"] for one in seen.said["paths"]] == ["Acme Werke"]
    assert "Hidden Works" not in seen.raw.content.decode()
    assert seen.said["between"] == {"contact": None, "sent": None, "received": None, "blocked": False}
    assert [one["handle"] for one in program.get("people?q=ada").said["rows"]] == ["ada"]
    assert program.get("people?q=a").said == {"rows": []}
    assert program.get("people").code == "malformed"
    assert program.get("people/nobody").code == "no-such-member"


def ask(program: Program, to: str, entry: Entry | None, **more: Any) -> Any:
    named = {"entry": str(entry.public_id)} if entry else {}
    return program.post("requests/sent", {"to": to, "context": "entry", **named, **more})


def test_a_request_is_asked_asked_back_replied_to_and_accepted(ada: Member, bo: Member, at_acme: Entry) -> None:
    hers, his = program_of(ada), program_of(bo)
    sent = ask(hers, "bob", at_acme, note="Do you remember the crane?")
    assert (sent.status, sent.said["in_contact"], sent.said["sent"]["status"]) == (201, False, "sent")
    jobs.drain_everything()
    (letter,) = his.get("requests").said["rows"]
    assert (letter["person"]["shown_name"], letter["context"]["organisation"], letter["grade"]) == (
        "Ada Adler",
        "Acme Werke",
        "B",
    )
    received, sent_path = f"requests/{letter['id']}", f"requests/sent/{sent.said['sent']['id']}"
    assert his.post(f"{received}/ask-back").said["question"].startswith("Where do we know")
    assert hers.get(sent_path).said["question"].startswith("Where do we know")
    assert hers.post(f"{sent_path}/reply", {"text": "From hall four."}).status == 204
    assert his.get(received).said["reply"] == "From hall four."
    contact = his.post(f"{received}/accept", {"both_there": True}).said
    assert contact["person"]["handle"] == "ada"
    assert contact["their_quiet_until"]
    assert contact["my_quiet_until"] is None
    assert hers.get(sent_path).said["status"] == "accepted"
    assert his.post(f"{received}/accept").code == "request-answered"


def test_messages_are_written_read_and_marked_and_end_the_contact(ada: Member, bo: Member) -> None:
    befriend(ada, bo)
    hers, his = program_of(ada), program_of(bo)
    said = {"to": "bob", "text": "Good to see you.\nHow is the crane?", "key": str(uuid.uuid4())}
    first = hers.post("messages", said)
    assert first.status == 201
    assert hers.post("messages", said).said["id"] == first.said["id"]
    (thread,) = his.get("threads").said["rows"]
    assert (thread["unread"], thread["person"]["handle"]) == (1, "ada")
    path = f"threads/{thread['id']}"
    (line,) = his.get(f"{path}/messages").said["rows"]
    assert (line["text"], line["mine"]) == (said["text"], False)
    assert his.get("threads").said["rows"][0]["unread"] == 1  # reading by a program marks nothing
    assert his.post(f"{path}/read").status == 204
    assert his.get("threads").said["rows"][0]["unread"] == 0
    assert his.get(path).said["may_write"]
    (contact,) = his.get("contacts").said["rows"]
    assert his.ask("delete", f"contacts/{contact['id']}").status == 204
    assert hers.post("messages", {"to": "bob", "text": "Still there?"}).code == "not-in-contact"
    assert hers.get("contacts").said["rows"] == []


def test_a_pitch_in_the_quiet_period_is_marked_by_a_program_too(ada: Member, bo: Member, at_acme: Entry) -> None:
    hers, his = program_of(ada), program_of(bo)
    request = asks(ada, bo, at_acme)
    his.post(f"requests/{request.public_id}/accept")
    assert hers.post("messages", {"to": "bob", "text": "See https://buy.example"}).code == "quiet-period"
    pitch = hers.post("messages", {"to": "bob", "text": "I sell the best drives."}).said
    assert hers.post(f"messages/{pitch['id']}/pitch").code == "not-yours-to-mark"
    assert his.post(f"messages/{pitch['id']}/pitch").status == 204
    assert his.get("contacts").said["rows"] == []
    (line,) = hers.get(f"threads/{threads.between(ada, bo).public_id}/messages").said["rows"]  # type: ignore[union-attr]
    assert line["marked"]


def test_a_quiet_period_is_lifted_by_the_other_side_alone(ada: Member, bo: Member, at_acme: Entry) -> None:
    hers, his = program_of(ada), program_of(bo)
    contact = his.post(f"requests/{asks(ada, bo, at_acme).public_id}/accept").said
    path = f"contacts/{contact['id']}"
    assert hers.post(f"{path}/lift").code == "not-yours-to-lift"
    assert his.post(f"{path}/lift").status == 204
    assert hers.get(path).said["my_quiet_until"] is None


def test_what_reads_like_a_promotion_is_asked_about_once(ada: Member, bo: Member) -> None:
    befriend(ada, bo)
    text = "Book a call: 20 % off our new product, only 99 EUR, see https://shop.example/offer"
    program = program_of(ada)
    answer = program.post("messages", {"to": "bob", "text": text})
    assert (answer.status, answer.code) == (409, "reads-like")
    assert threads.between(ada, bo) is None
    assert program.post("messages", {"to": "bob", "text": text, "as_is": True}).status == 201


def test_a_vouch_is_asked_for_and_given(ada: Member, bo: Member, cleo: Member, at_acme: Entry) -> None:
    befriend(cleo, bo)
    befriend(cleo, ada)
    hers, his, cleos = program_of(ada), program_of(bo), program_of(cleo)
    assert ask(hers, "bob", at_acme, vouchers=["cleo"]).said["sent"]["asked"][0]["handle"] == "cleo"
    jobs.drain_everything()
    (question,) = cleos.get("questions").said["rows"]
    assert (question["asker"]["handle"], question["recipient"]["handle"]) == ("ada", "bob")
    path = f"questions/{question['id']}"
    assert cleos.post(f"{path}/answer", {"answer": "vouch"}).code == "note-empty"
    assert cleos.post(f"{path}/answer", {"answer": "vouch", "sentence": "She fixed the crane."}).status == 204
    jobs.drain_everything()
    (letter,) = his.get("requests").said["rows"]
    assert (letter["grade"], letter["vouches"]) == ("A", 1)
    assert his.get(f"requests/{letter['id']}").said["words"][0]["sentence"] == "She fixed the crane."
    sent = hers.get(f"requests/sent/{letter['id']}").raw.content.decode()
    assert "crane" not in sent
    assert cleos.get(path).said["open"] is False
    assert cleos.get("questions").said["rows"] == []


LISTS = ["entries", "requests", "requests/tray", "requests/sent", "contacts", "threads", "questions", "people?q=tom"]


def test_a_longer_list_asks_the_database_no_more_often(ada: Member, bo: Member) -> None:
    program = program_of(ada)
    for number in range(2):
        _rows(ada, bo, number)
    few = {path: _counted(program, path) for path in LISTS}
    for number in range(2, 5):
        _rows(ada, bo, number)
    assert {path: _counted(program, path) for path in LISTS} == few


def _rows(ada: Member, bo: Member, number: int) -> None:
    """One more of everything that is listed, with somebody who was not in the lists before."""
    tom = new_member(f"tom{number}", name="Tom Test")
    Member.objects.filter(pk=tom.pk).update(name_to=2)
    entry = Entry.objects.create(
        member=ada, kind="event", organisation=Organisation.objects.create(name="Fair"), starts=1
    )
    quiet.begin(asker=tom, recipient=ada)
    threads.write(tom, ada, text="Good day.", key=key())
    asked = {"context": "entry", "snapshot": snapshot(entry), "key": key(), "grade": "C"}
    Request.objects.create(asker=tom, recipient=ada, whereabouts="delivered", **asked)
    Request.objects.create(asker=tom, recipient=bo, **{**asked, "key": key()})
    Request.objects.create(asker=ada, recipient=tom, entry=entry, **asked)
    tray = Request.objects.create(asker=new_member(f"una{number}"), recipient=ada, whereabouts="tray", **asked)
    VouchQuestion.objects.create(request=tray, voucher=ada, passed_at=clock.now())


def _counted(program: Program, path: str) -> int:
    program.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = program.get(path)
    assert answer.status == 200
    assert answer.said["rows"]
    return len(seen)


def test_a_page_has_at_most_25_rows_and_says_whether_there_are_more(ada: Member) -> None:
    program = program_of(ada)
    fair = Organisation.objects.create(name="Fair")
    Entry.objects.bulk_create(Entry(member=ada, kind="event", organisation=fair, starts=n) for n in range(27))
    assert [len(program.get(f"entries?page={n}").said["rows"]) for n in (1, 2, 3)] == [25, 2, 0]
    assert [program.get(f"entries?page={n}").said["more"] for n in (1, 2)] == [True, False]
    assert {program.get(f"entries?page={n}").code for n in ("0", "-1", "1001", "x", "10" * 20)} == {"malformed"}


def test_a_program_is_told_that_a_message_was_edited_and_that_a_file_goes_with_it(ada: Member, bo: Member) -> None:
    befriend(ada, bo)
    plain = threads.write(ada, bo, text="Seen the plan?", key=key())
    files.enclose(threads.write(bo, ada, text="Here it is.", key=key()), files.Given("plan.txt", b"First this."))
    editing.edit(plain, by=ada, text="Have you seen the plan?")

    first, second = program_of(bo).get(f"threads/{plain.thread.public_id}/messages").said["rows"]
    assert (first["text"], first["edited"], first["file"]) == ("Have you seen the plan?", True, "")
    assert (second["text"], second["edited"], second["file"]) == ("Here it is.", False, "plan.txt")


def test_earlier_messages_are_asked_for_by_the_first_of_those_known(ada: Member, bo: Member) -> None:
    befriend(ada, bo)
    thread = threads.write(ada, bo, text="Line 0", key=key()).thread
    Message.objects.bulk_create(Message(thread=thread, writer=bo, text=f"Line {n}", key=key()) for n in range(1, 60))
    path = f"threads/{thread.public_id}/messages"
    program, seen = program_of(ada), list[str]()
    page = program.get(path).said
    while page["more"]:
        seen = [line["text"] for line in page["rows"]] + seen
        assert len(page["rows"]) <= 25
        page = program.get(f"{path}?before={page['rows'][0]['id']}").said
    seen = [line["text"] for line in page["rows"]] + seen
    assert seen == [f"Line {number}" for number in range(60)]


def test_months_are_said_as_they_were_given(ada: Member) -> None:
    entry = was_at(ada, "Acme", "2001", None)
    said = program_of(ada).get(f"entries/{entry.public_id}").said
    assert (said["starts"], said["ends"]) == ("2001", None)
    assert months.read(said["starts"], as_end=False).number == entry.starts

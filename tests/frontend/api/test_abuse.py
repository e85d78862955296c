"""Programs that try what they may not: others' things, hidden states, rules gone around."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts import people, ties
from accounts.models import Entry, Member
from foundation import clock, jobs
from network.contacts import answers
from network.contacts.models import Request, VouchQuestion, Whereabouts
from network.messages import keeping, threads
from tests.cast import DAY, asks, befriend, key, new_member, was_at
from tests.frontend.api.programs import program_of

NOBODY = "00000000-0000-4000-8000-000000000000"
WRITTEN = {"kind": "employment", "organisation": "Eve's", "starts": "2001"}


@pytest.fixture
def town(ada: Member, bo: Member, cleo: Member, at_acme: Entry) -> dict[str, str]:
    """Ids of what belongs to Ada and Bo: a request, a contact with a thread, a question to Cleo."""
    befriend(cleo, ada)
    befriend(cleo, bo)
    request = asks(ada, bo, at_acme, vouchers=[cleo])
    eve = new_member("evelyn")
    befriend(ada, eve)
    message = threads.write(ada, eve, text="For Evelyn alone.", key=key())
    contact = ties.live(ada, eve)
    assert contact is not None
    return {
        "entry": str(at_acme.public_id),
        "request": str(request.public_id),
        "contact": str(contact.contact.public_id),
        "thread": str(message.thread.public_id),
        "message": str(message.public_id),
        "question": str(VouchQuestion.objects.get().public_id),
    }


OTHERS: list[tuple[str, str, Any]] = [
    ("get", "entries/{entry}", None),
    ("put", "entries/{entry}", WRITTEN),
    ("delete", "entries/{entry}", None),
    ("get", "requests/{request}", None),
    ("get", "requests/sent/{request}", None),
    ("post", "requests/sent/{request}/withdraw", {}),
    ("post", "requests/sent/{request}/reply", {"text": "Me."}),
    ("post", "requests/{request}/accept", {}),
    ("post", "requests/{request}/decline", {"answer": "pitch"}),
    ("post", "requests/{request}/ask-back", {}),
    ("get", "contacts/{contact}", None),
    ("delete", "contacts/{contact}", None),
    ("post", "contacts/{contact}/lift", {}),
    ("get", "threads/{thread}", None),
    ("get", "threads/{thread}/messages", None),
    ("post", "threads/{thread}/read", {}),
    ("post", "messages/{message}/pitch", {}),
    ("get", "questions/{question}", None),
    ("post", "questions/{question}/answer", {"answer": "vouch", "sentence": "I know her."}),
]


@pytest.mark.parametrize(("method", "path", "said"), OTHERS, ids=[f"{m} {p}" for m, p, _said in OTHERS])
def test_things_of_others_are_as_unknown_as_none_at_all(
    method: str, path: str, said: Any, town: dict[str, str], mallory: Member
) -> None:
    program = program_of(mallory)
    theirs = program.ask(method, path.format(**town), said)
    never = program.ask(method, path.format(**dict.fromkeys(town, NOBODY)), said)
    assert theirs.status == never.status == 404
    assert theirs.raw.content == never.raw.content


SIDES = [
    ("ada", "get", "requests/{request}", None),
    ("ada", "post", "requests/{request}/accept", {}),
    ("bo", "get", "requests/sent/{request}", None),
    ("bo", "post", "requests/sent/{request}/withdraw", {}),
    ("ada", "get", "questions/{question}", None),
    ("bo", "post", "questions/{question}/answer", {"answer": "no"}),
]


@pytest.mark.parametrize(("who", "method", "path", "said"), SIDES, ids=[f"{w} {m} {p}" for w, m, p, _ in SIDES])
def test_each_side_has_its_own_doors(
    who: str, method: str, path: str, said: Any, town: dict[str, str], ada: Member, bo: Member
) -> None:
    program = program_of({"ada": ada, "bo": bo}[who])
    assert program.ask(method, path.format(**town), said).code == "not-there"


REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({"context": "entry"}, 422, "context-needed"),
    ({"context": "entry", "entry": NOBODY}, 422, "context-needed"),
    ({"context": "earlier"}, 422, "context-needed"),
    ({"context": "invitation"}, 422, "context-needed"),
    ({"context": "message"}, 400, "malformed"),
    ({"context": "same interests"}, 400, "malformed"),
    ({}, 400, "malformed"),
    ({"note": "call 0431 123456"}, 422, "note-carries"),
    ({"note": "www.example.org"}, 422, "note-carries"),
    ({"note": "x" * 201}, 422, "note-too-long"),
    ({"vouchers": ["cleo"]}, 422, "not-a-contact-of-yours"),
    ({"vouchers": ["nobody"]}, 422, "not-a-contact-of-yours"),
    ({"to": "ada"}, 422, "asking-oneself"),
    ({"to": "nobody"}, 404, "no-such-member"),
    ({"grade": "A"}, 400, "malformed"),
    ({"asker": "bob"}, 400, "malformed"),
    ({"loud": True}, 400, "malformed"),
]


@pytest.mark.parametrize(("more", "status", "code"), REFUSED)
def test_asking_is_refused_as_on_the_page(
    more: dict[str, Any], status: int, code: str, ada: Member, bo: Member, cleo: Member, at_acme: Entry
) -> None:
    said: dict[str, Any] = {"to": "bob", "context": "entry", "entry": str(at_acme.public_id)}
    if "context" in more or not more:
        said = {"to": "bob"}
    answer = program_of(ada).post("requests/sent", {**said, **more})
    assert (answer.status, answer.code) == (status, code)
    assert not Request.objects.exists()


def test_anothers_entry_is_no_context(ada: Member, bo: Member, at_acme: Entry) -> None:
    theirs = bo.entries.get()
    answer = program_of(ada).post("requests/sent", {"to": "bob", "context": "entry", "entry": str(theirs.public_id)})
    assert answer.code == "context-needed"


def test_an_allowance_that_is_spent_is_spent_for_programs_too(ada: Member, at_acme: Entry) -> None:
    program = program_of(ada)
    said = {"context": "entry", "entry": str(at_acme.public_id)}
    others = [new_member(f"one{number}").handle for number in range(3)]
    *first, late = [program.post("requests/sent", {"to": other, **said}) for other in others]
    assert [answer.status for answer in first] == [201, 201]
    assert (late.status, late.code) == (429, "requests-today")
    assert int(late.raw["Retry-After"]) >= 1


WHEREABOUTS = {
    "in the tray": Whereabouts.TRAY,
    "blocked": Whereabouts.NOWHERE,
    "asked lately": Whereabouts.NOWHERE,
}
STATES = ["waits", "declined", *WHEREABOUTS]


def test_what_became_of_a_request_is_not_to_be_read_from_any_door(
    ada: Member, at_acme: Entry, settings: Settings
) -> None:
    """The same bytes and as many queries, whether it waits, was declined, lies in the tray, or was swallowed."""
    settings.REQUESTS_OPEN = settings.REQUESTS_OPEN_MAX = settings.REQUESTS_NEW_A_DAY = 100
    program, seen = program_of(ada), {}
    for number, state in enumerate(STATES):
        other = new_member(f"other{number}", name="Sam Same")
        was_at(other, "Acme Werke", "2002-01", "2005-12")
        _prepare(state, ada, other, at_acme)
        said = {"to": other.handle, "context": "entry", "entry": str(at_acme.public_id)}
        with CaptureQueriesContext(connection) as asking:
            sent = program.post("requests/sent", said).said
        jobs.drain_everything()
        row = Request.objects.get(public_id=sent["sent"]["id"])
        assert row.whereabouts == WHEREABOUTS.get(state, Whereabouts.DELIVERED)
        if state == "declined":
            answers.decline(row, by=other, answer="not-true")
        with CaptureQueriesContext(connection) as reading:
            read = program.get(f"requests/sent/{row.public_id}").said
        person = program.get(f"people/{other.handle}").said["between"]
        seen[state] = (len(asking), len(reading), *(_leveled(one, other) for one in (sent, read, person)))
    assert {state: one for state, one in seen.items() if one != seen["waits"]} == {}


def _prepare(state: str, ada: Member, other: Member, entry: Entry) -> None:
    if state == "in the tray":
        people.set_door(other, "A")
    if state == "blocked":
        ties.block(other, ada)
    if state == "asked lately":
        with clock.at(clock.now() - 100 * DAY):
            asks(ada, other, entry)
        Request.objects.filter(recipient=other).update(ended_at=clock.now() - 40 * DAY)


def _leveled(said: Any, other: Member) -> str:
    """Without ids, days and the handle, which differ by themselves."""
    return re.sub(r"[0-9a-f-]{36}|\d{4}-\d\d-\d\dT[\d:.]+Z", "…", json.dumps(said)).replace(other.handle, "somebody")


def test_the_blocked_see_what_visitors_see_and_may_write_to_nobody(ada: Member, bo: Member, at_acme: Entry) -> None:
    Member.objects.filter(pk=bo.pk).update(headline="For members", headline_to=2)
    program = program_of(ada)
    assert program.get("people/bob").said["person"]["headline"] == "For members"
    ties.block(bo, ada)
    seen = program.get("people/bob").said
    assert (seen["person"]["headline"], seen["entries"], seen["paths"]) == ("", [], [])
    assert seen["between"]["blocked"] is False
    assert program.get("crossings").said["rows"] == []
    assert program.post("messages", {"to": "bob", "text": "Hello?"}).code == "not-in-contact"


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"text": " "}, 422, "message-empty"),
        ({"text": "x" * 10_001}, 422, "message-too-long"),
        ({"purpose": "offer"}, 403, "purpose-without-form"),
        ({"purpose": "promotion"}, 403, "purpose-without-form"),
        ({"purpose": "spam"}, 400, "malformed"),
        ({"to": "nobody"}, 404, "no-such-member"),
        ({"to": "cleo"}, 403, "not-in-contact"),
        ({"to": "ada"}, 403, "not-in-contact"),
        ({"to": ["bob", "cleo"]}, 400, "malformed"),
        ({"sent_at": "2001-01-01T00:00:00Z"}, 400, "malformed"),
    ],
)
def test_writing_is_refused_as_on_the_page(
    more: dict[str, Any], status: int, code: str, ada: Member, bo: Member, cleo: Member
) -> None:
    befriend(ada, bo)
    answer = program_of(ada).post("messages", {"to": "bob", "text": "Good day.", **more})
    assert (answer.status, answer.code) == (status, code)
    assert threads.between(ada, bo) is None


def test_one_writes_once_and_waits(ada: Member, bo: Member) -> None:
    befriend(ada, bo)
    program = program_of(ada)
    assert program.post("messages", {"to": "bob", "text": "One."}).status == 201
    assert program.post("messages", {"to": "bob", "text": "Two."}).code == "wait-for-reply"


def test_a_message_put_away_is_away_for_programs_too(ada: Member, bo: Member) -> None:
    befriend(ada, bo)
    message = threads.write(ada, bo, text="Put me away.", key=key())
    keeping.put_away(message, by=bo)
    program = program_of(bo)
    assert program.get(f"threads/{message.thread.public_id}/messages").said["rows"] == []
    assert program.post(f"messages/{message.public_id}/pitch").code == "no-such-thread"


def test_a_question_that_was_not_passed_on_does_not_exist(
    ada: Member, bo: Member, cleo: Member, at_acme: Entry
) -> None:
    befriend(cleo, ada)  # and does not know Bo
    asks(ada, bo, at_acme, vouchers=[cleo])
    question = VouchQuestion.objects.get()
    program = program_of(cleo)
    assert program.get("questions").said["rows"] == []
    assert program.get(f"questions/{question.public_id}").code == "not-there"


def test_no_answer_of_any_door_names_a_door_or_terms(town: dict[str, str], bo: Member, ada: Member) -> None:
    people.set_door(bo, "A")
    program = program_of(ada)
    paths = ["me", "people/bob", "people?q=bob", "requests/sent", f"requests/sent/{town['request']}", "contacts"]
    for path in paths:
        text = program.get(path).raw.content.decode()
        assert not [
            word for word in ("lowest", "door", "terms", "whereabouts", "tray", "settled", "declin") if word in text
        ]

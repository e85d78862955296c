"""The contract, 1, 3, 5 and 6: asking, and what the asker can and cannot tell."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import people
from accounts.models import Entry, Member
from foundation import clock, jobs
from foundation.letters import all_letters
from foundation.models import Job, Letter
from foundation.refusals import Refusal
from network.contacts import answers, blocks, notes, places, requests
from network.contacts.models import Answer, Request, Status, Whereabouts
from network.contacts.tasks import write_tray_letters
from tests.cast import DAY, asks, befriend, key, new_member, was_at
from vetting import allowance


def test_a_context_both_list_is_grade_b_and_knocks(at_acme: Entry, ada: Member, bo: Member) -> None:
    request = asks(ada, bo, at_acme)

    assert (request.grade, request.whereabouts) == ("B", Whereabouts.DELIVERED)
    assert list(requests.at_the_door(bo)) == [request]
    assert Letter.objects.filter(kind="request").count() == 1


def test_only_the_askers_word_is_grade_c_and_waits_in_the_tray(ada: Member, bo: Member) -> None:
    request = asks(ada, bo, was_at(ada, "Acme Werke"))

    assert (request.grade, request.whereabouts) == ("C", Whereabouts.TRAY)
    assert not requests.at_the_door(bo).exists()
    assert list(requests.in_the_tray(bo)) == [request]
    assert not Letter.objects.filter(kind="request").exists()


def test_the_door_set_to_c_lets_grade_c_knock(ada: Member, bo: Member) -> None:
    people.set_door(bo, "C")

    assert asks(ada, bo, was_at(ada, "Acme Werke")).whereabouts == Whereabouts.DELIVERED


def test_the_door_known_opens_for_confirmed_people_only(at_acme: Entry, ada: Member, bo: Member, cleo: Member) -> None:
    befriend(cleo, bo)
    blocks.block(bo, cleo)
    blocks.unblock(bo, cleo)
    people.set_door(bo, "K")

    assert asks(ada, bo, at_acme).whereabouts == Whereabouts.TRAY
    assert asks(cleo, bo, context="earlier").whereabouts == Whereabouts.DELIVERED


def test_asking_needs_an_entry_of_ones_own(at_acme: Entry, ada: Member, bo: Member, mallory: Member) -> None:
    for entry in (None, at_acme):
        with pytest.raises(requests.ContextNeeded):
            requests.ask(mallory, bo, context="entry", entry=entry, key=key())
    for pretext in ("interests", "group", "mutual", "earlier", "invitation", ""):
        with pytest.raises(requests.ContextNeeded):
            requests.ask(ada, bo, context=pretext, entry=at_acme, key=key())
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    ("note", "refusal"),
    [
        ("x" * 201, notes.NoteTooLong),
        ("look at https://evil.example", notes.NoteCarries),
        ("schau auf evil.com vorbei", notes.NoteCarries),
        ("write to bo@evil.example", notes.NoteCarries),
        ("ruf an: 0171 234567", notes.NoteCarries),
        ("null eins sieben eins zwei drei vier", notes.NoteCarries),
        ("oh one seven one two three four", notes.NoteCarries),
    ],
)
def test_a_note_holds_words_only(note: str, refusal: type[Refusal], at_acme: Entry, ada: Member, bo: Member) -> None:
    with pytest.raises(refusal):
        requests.ask(ada, bo, context="entry", entry=at_acme, note=note, key=key())
    assert not Request.objects.exists()


def test_a_note_of_200_characters_with_a_year_is_fine(at_acme: Entry, ada: Member, bo: Member) -> None:
    note = "Acme 2001, hall 4: " + "x" * 181

    assert asks(ada, bo, at_acme, note=note).note == note


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_request(at_acme: Entry, ada: Member, bo: Member) -> None:
    def ask(number: int) -> str:
        try:
            return str(requests.ask(ada, bo, context="entry", entry=at_acme, key=f"k{number}").public_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    assert Request.objects.count() == 1


def test_the_same_form_twice_is_one_request(at_acme: Entry, ada: Member, bo: Member) -> None:
    first = requests.ask(ada, bo, context="entry", entry=at_acme, key="once")

    assert requests.ask(ada, bo, context="entry", entry=at_acme, key="once") == first


def _states(ada: Member, bo: Member, entry: Entry) -> dict[str, Request]:
    """Ada's requests to five people in the five states that she must not be able to tell apart."""
    made: dict[str, Request] = {}
    for state in ("again", "ignored", "declined", "tray", "blocked"):
        other = new_member(f"other_{state}")
        was_at(other, "Acme Werke", "2002-01", "2005-12")
        if state == "tray":
            people.set_door(other, "A")
        if state == "blocked":
            blocks.block(other, ada)
        if state == "again":
            with clock.at(clock.now() - 100 * DAY):
                requests.withdraw(asks(ada, other, entry), by=ada)
        with clock.at(clock.now() + 20 * DAY * len(made)):
            made[state] = asks(ada, other, entry)
        if state == "declined":
            answers.decline(made[state], by=other, answer="unknown")
    return made


def test_the_asker_sees_sent_whatever_became_of_it(at_acme: Entry, ada: Member, bo: Member) -> None:
    with clock.at(clock.now() + 90 * DAY):
        made = _states(ada, bo, at_acme)
        whereabouts = {state: Request.objects.get(pk=request.pk).whereabouts for state, request in made.items()}

        assert whereabouts == {
            "ignored": "delivered", "declined": "delivered", "tray": "tray", "blocked": "nowhere", "again": "nowhere",
        }  # fmt: skip
        for request in made.values():
            request.refresh_from_db()
            assert request.grade == "B"
            assert request.ended_at is None
    with clock.at(min(request.asked_at for request in made.values()) + 59 * DAY):
        assert {request.status for request in made.values()} == {Status.SENT}
    with clock.at(max(request.asked_at for request in made.values()) + 60 * DAY):
        assert {request.status for request in made.values()} == {Status.ENDED}


def test_the_web_request_writes_the_same_rows_for_every_door(at_acme: Entry, ada: Member, bo: Member) -> None:
    """Statements and rows of `ask` are equal whether Bo is open, closed or has blocked Ada."""
    seen: list[tuple[object, ...]] = []
    for state in ("open", "closed", "blocked"):
        if state == "closed":
            people.set_door(bo, "K")
        if state == "blocked":
            blocks.block(bo, ada)
        Request.objects.all().delete()
        Job.objects.all().delete()
        with CaptureQueriesContext(connection) as captured, clock.at(clock.now() + len(seen) * DAY):
            requests.ask(ada, bo, context="entry", entry=at_acme, key=key())
        shapes = [re.sub(r"\d+|'[^']*'|s_x\w+|\"s\S+", "", query["sql"]) for query in captured]
        row = Request.objects.values("grade", "whereabouts", "answer", "ended_at", "settled_at").get()
        seen.append((shapes, row, Job.objects.filter(kind="request-settle").count()))
    assert seen[0] == seen[1] == seen[2]


def test_an_open_place_is_freed_after_14_days_and_not_by_a_decline(ada: Member, bo: Member) -> None:
    entry = was_at(ada, "Acme Werke")
    others = [new_member(f"person{number}") for number in range(4)]
    start = clock.now()
    for day, other in enumerate(others[:3]):
        with clock.at(start + day * DAY):
            declined = asks(ada, other, entry)
            answers.decline(declined, by=other, answer="unknown")
    with clock.at(start + 3 * DAY), pytest.raises(places.EnoughOpen) as refusal:
        asks(ada, others[3], entry)
    assert refusal.value.again_at == start + 14 * DAY
    with clock.at(start + 14 * DAY + timedelta(minutes=1)):
        assert asks(ada, others[3], entry).status == Status.SENT


def test_acceptance_frees_the_place_at_once(at_acme: Entry, ada: Member, bo: Member) -> None:
    request = asks(ada, bo, at_acme)
    assert places.left(ada).open == 1

    answers.accept(request, by=bo)

    assert places.left(ada).open == 0


def test_two_new_requests_a_day_and_a_gentle_word_at_half(
    ada: Member, bo: Member, cleo: Member, mallory: Member
) -> None:
    entry = was_at(ada, "Acme Werke")
    assert not places.left(ada).half_used
    asks(ada, bo, entry)
    assert places.left(ada).half_used
    asks(ada, cleo, entry)

    with pytest.raises(allowance.EnoughToday):
        asks(ada, mallory, entry)


def test_asking_back_somebody_whose_request_waits_accepts_it(at_acme: Entry, ada: Member, bo: Member) -> None:
    waiting = asks(ada, bo, at_acme)

    again = asks(bo, ada, bo.entries.get())

    assert again.pk == waiting.pk
    assert again.answer == Answer.ACCEPTED


def test_a_request_in_contact_is_refused(ada: Member, bo: Member) -> None:
    befriend(ada, bo)

    with pytest.raises(requests.AlreadyInContact):
        asks(bo, ada, was_at(bo, "Acme Werke"))


def test_a_frozen_member_asks_nobody(at_acme: Entry, ada: Member, bo: Member) -> None:
    ada.frozen_at = clock.now()

    with pytest.raises(people.Frozen):
        requests.ask(ada, bo, context="entry", entry=at_acme, key=key())


def test_a_request_keeps_the_entry_as_it_was(at_acme: Entry, ada: Member, bo: Member) -> None:
    request = asks(ada, bo, at_acme)
    at_acme.delete()
    request.refresh_from_db()

    assert request.snapshot["organisation"] == "Acme Werke"
    assert request.entry is None


def test_a_withdrawn_request_is_gone_for_its_recipient(at_acme: Entry, ada: Member, bo: Member) -> None:
    request = asks(ada, bo, at_acme)
    with pytest.raises(requests.NotYourRequest):
        requests.withdraw(request, by=bo)

    requests.withdraw(request, by=ada)

    assert requests.for_recipient(bo, request.public_id) is None
    assert not requests.waiting_for(bo).exists()


def test_facts_that_change_regrade_an_open_request(ada: Member, bo: Member) -> None:
    request = asks(ada, bo, was_at(ada, "Acme Werke"))
    assert request.whereabouts == Whereabouts.TRAY
    befriend(ada, new_member("dora"))  # something else changes: nothing happens
    request.refresh_from_db()
    assert request.grade == "C"

    with clock.at(clock.now() - 50 * DAY):  # Bo's entry must be older than the request
        was_at(bo, "Acme Werke", age=0 * DAY)
    jobs.drain_everything()
    request.refresh_from_db()

    assert (request.grade, request.whereabouts) == ("B", Whereabouts.DELIVERED)


def test_the_tray_is_summed_up_in_one_letter_a_week(ada: Member, bo: Member, cleo: Member, mallory: Member) -> None:
    people.set_door(cleo, "K")
    for asker in (ada, mallory):
        asks(asker, bo, was_at(asker, "Acme Werke"))
    asks(ada, cleo, ada.entries.get())

    write_tray_letters()
    jobs.drain_everything()

    texts = [text for letter, text in all_letters() if letter.kind == "tray"]
    assert [text.to for text in texts] == ["bob@example.org"]
    assert "tray: 2." in texts[0].text
    assert "/requests/tray/" in texts[0].text

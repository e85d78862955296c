"""Open calls: who sees which, how long, and that nobody can read them all."""

import pytest
from django.db import DatabaseError, transaction

from accounts import people
from accounts.models import Member
from foundation import clock
from network.contacts import notes
from network.messages import calls
from network.messages.models import Call
from tests.cast import DAY
from tests.messages.markets import WORDS, in_days, opens, sees

# ── opening and ending ───────────────────────────────────────────────────────


def test_a_call_is_dated_and_stands_as_it_was_opened(ada: Member) -> None:
    call = opens(ada, region=" de-nw-koeln ")

    assert (call.region, call.words, call.ends_on, call.closed_at) == ("DE-NW-KOELN", WORDS, in_days(30), None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "horoscopes"},
        {"kind": "sale"},
        {"region": "Cologne"},
        {"region": ""},
        {"ends_on": in_days(-1)},
        {"ends_on": in_days(182)},
    ],
)
def test_a_call_needs_topic_region_and_end(ada: Member, wrong: dict[str, object]) -> None:
    with pytest.raises(calls.CallWrong):
        opens(ada, **wrong)
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("Write to ada@example.org", notes.NoteCarries),
        ("See https://example.org", notes.NoteCarries),
        ("0171 234567", notes.NoteCarries),
        ("  ", notes.NoteEmpty),
        ("x" * 201, notes.NoteTooLong),
    ],
)
def test_a_call_carries_no_way_out_of_the_house(ada: Member, words: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        opens(ada, words=words)


def test_five_calls_are_open_at_once_and_closing_makes_room(ada: Member) -> None:
    first, *_others = [opens(ada) for _number in range(5)]
    with pytest.raises(calls.EnoughCalls):
        opens(ada)
    calls.close(first, by=ada)

    assert opens(ada).is_open


def test_the_same_form_twice_is_one_call(ada: Member) -> None:
    values = {"kind": "service", "topic": "tax", "region": "DE", "words": WORDS, "ends_on": in_days(3), "key": "once"}

    assert calls.open_(ada, **values) == calls.open_(ada, **values)  # type: ignore[arg-type]
    assert Call.objects.count() == 1


def test_a_call_is_over_after_its_last_day(ada: Member, bo: Member) -> None:
    calls.speak_to(bo, [("tax", "DE")])
    call = opens(ada, ends_on=in_days(2))

    with clock.at(clock.now() + 2 * DAY):
        assert sees(bo, call)
    with clock.at(clock.now() + 3 * DAY):
        assert not sees(bo, call)


def test_a_closed_call_is_gone_at_once_and_only_its_member_closes_it(ada: Member, bo: Member) -> None:
    calls.speak_to(bo, [("tax", "DE")])
    call = opens(ada)
    with pytest.raises(calls.NoSuchCall):
        calls.close(call, by=bo)
    assert sees(bo, call)

    calls.close(call, by=ada)
    assert not sees(bo, call)


def test_whoever_is_frozen_opens_nothing_but_may_close(ada: Member, bo: Member) -> None:
    calls.speak_to(bo, [("tax", "DE")])
    call = opens(ada)
    Member.objects.filter(pk=ada.pk).update(frozen_at=clock.now())
    frozen = Member.objects.get(pk=ada.pk)

    assert not sees(bo, call)
    with pytest.raises(people.Frozen):
        opens(frozen)
    calls.close(call, by=frozen)
    assert not Call.objects.filter(closed_at=None).exists()


@pytest.mark.parametrize("change", [{"words": "Anything at all."}, {"topic": "it"}, {"ends_on": in_days(90)}])
def test_not_even_the_database_changes_what_was_asked_for(ada: Member, change: dict[str, object]) -> None:
    opens(ada)
    with pytest.raises(DatabaseError, match="stays as it was written"), transaction.atomic():
        Call.objects.update(**change)

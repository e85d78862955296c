"""Who sees which open call, by which rule, and that nobody can read them all."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext as CaptureQueries
from hypothesis import given
from hypothesis import strategies as st

from accounts import ties
from accounts.models import Entry, Member
from foundation import clock, regions
from network.messages import calls
from network.messages.models import Call, CallKind, Topic, Trade
from tests.cast import DAY, befriend, key, new_member, settled_monday, was_at
from tests.messages.markets import WORDS, in_days, opens, sees
from vetting import contexts
from vetting.models import ConfirmationKind

# ── who sees it ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("trades", "seen"),
    [
        ([("tax", "DE")], True),
        ([("tax", "DE-NW-KOELN")], True),
        ([("tax", "DE-NW-KOELN-DEUTZ")], True),
        ([("tax", "DE-NW-KOELNER")], False),
        ([("tax", "DE-BY")], False),
        ([("tax", "AT")], False),
        ([("law", "DE")], False),
        ([("law", "DE"), ("tax", "DE-NW")], True),
        ([], False),
    ],
)
def test_topic_and_region_open_a_call(ada: Member, bo: Member, trades: list[tuple[str, str]], seen: bool) -> None:
    call = opens(ada)
    calls.speak_to(bo, trades)

    assert sees(bo, call) is seen


CODES = st.lists(st.sampled_from(["DE", "NW", "BY", "K", "KK", "1"]), max_size=3).map(
    lambda parts: "-".join(["DE", *parts])
)


@given(one=CODES, other=CODES)
def test_the_database_and_the_rule_agree_on_regions(one: str, other: str) -> None:
    query = one in regions.broader(other) or one.startswith(f"{other}-")

    assert query == regions.meet(one, other)


def test_a_confirmed_context_opens_every_call_of_the_other(ada: Member, cleo: Member, bo: Member) -> None:
    befriend(cleo, ada, confirmed=True)
    befriend(bo, ada, confirmed=False)
    call = opens(ada)

    assert sees(cleo, call)
    assert not sees(bo, call)


Change = Callable[[Member, Member], None]


def _at(one: Member, other: Member, **more: object) -> None:
    was_at(one, "Acme Werke", "2001-01", "2003-12", age=100 * DAY)
    was_at(other, "Acme Werke", **{"starts": "2003-01", "ends": "2006-12", "age": 100 * DAY, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("theirs", "seen"),
    [
        ({}, True),
        ({"starts": "2003-10"}, True),
        ({"starts": "2003-11"}, False),
        ({"age": 29 * DAY}, False),
        ({"matchable": False}, False),
        ({"kind": "event"}, False),
    ],
)
def test_grade_b_opens_a_call_and_less_does_not(ada: Member, bo: Member, theirs: dict[str, object], seen: bool) -> None:
    """Months, age and kind of the viewer's entry count as they would in a request of theirs."""
    _at(ada, bo, **theirs)
    call = opens(ada)

    assert sees(bo, call) is seen


def test_a_doubted_entry_opens_nothing_until_it_is_confirmed(ada: Member, bo: Member) -> None:
    _at(ada, bo)
    call, entry = opens(ada), Entry.objects.get(member=bo)
    for number in range(3):
        contexts.doubt(entry, by=new_member(f"doubter{number}"))

    with clock.at(settled_monday(weeks=1)):
        assert contexts.doubted(entry)
        assert not sees(bo, call)
        contexts.confirm(bo, new_member("friend"), kind=ConfirmationKind.WORKED, source=uuid.uuid4(), entry=entry)
        assert sees(bo, call)


def test_at_a_large_place_the_unit_has_to_agree(ada: Member, bo: Member, cleo: Member) -> None:
    for member, unit in ((ada, "Lab"), (bo, "Lab"), (cleo, "")):
        was_at(member, "Huge Inc", unit=unit)
    call = opens(ada)
    Entry.objects.get(member=ada).organisation.__class__.objects.update(needs_unit=True)

    assert sees(bo, call)
    assert not sees(cleo, call)


def test_a_block_hides_calls_both_ways(ada: Member, bo: Member) -> None:
    for member in (ada, bo):
        calls.speak_to(member, [("tax", "DE")])
    of_ada, of_bo = opens(ada), opens(bo)
    assert sees(bo, of_ada)
    ties.block(ada, bo)

    assert not sees(bo, of_ada)
    assert not sees(ada, of_bo)


def test_nobody_answers_their_own_call(ada: Member) -> None:
    calls.speak_to(ada, [("tax", "DE")])

    assert not sees(ada, opens(ada))


def test_one_s_own_call_is_found_by_oneself_alone(ada: Member, bo: Member) -> None:
    call = opens(ada)

    assert calls.own(ada, call.public_id) == call
    for member, public_id in ((bo, call.public_id), (ada, uuid.uuid4())):
        with pytest.raises(calls.NoSuchCall):
            calls.own(member, public_id)


# ── no list to harvest ───────────────────────────────────────────────────────


def crowd(count: int) -> list[Member]:
    """Members with a call each, made at once."""
    members = Member.objects.bulk_create(
        Member(handle=f"crowd{number}", host="crowd.example", name="C", confirmed_at=clock.now(), data_key="x")
        for number in range(count)
    )
    Call.objects.bulk_create(
        Call(
            member=one, kind=CallKind.SERVICE, topic=Topic.TAX, region="DE", words=WORDS, key=key(), ends_on=in_days(9)
        )
        for one in members
    )
    return members


def test_there_is_one_page_and_no_second(bo: Member) -> None:
    crowd(calls.SHOWN_MAX + 5)
    calls.speak_to(bo, [("tax", "DE")])

    assert len(calls.seen_by(bo)) == calls.SHOWN_MAX


def test_older_calls_are_found_behind_those_of_others(ada: Member, bo: Member) -> None:
    """What the viewer may not see takes no place on the page."""
    with clock.at(clock.now() - DAY):
        call = opens(ada, topic="law", ends_on=in_days(20))
    crowd(60)
    calls.speak_to(bo, [("law", "DE")])

    assert sees(bo, call)


def test_topics_cannot_be_walked_through(bo: Member) -> None:
    """Five at once, eight new ones in 30 days; what was kept costs nothing."""
    topics = list(Topic.values)
    calls.speak_to(bo, [(topic, "DE") for topic in topics[:5]])
    calls.speak_to(bo, [(topic, "DE") for topic in topics[2:8]][:5])
    calls.speak_to(bo, [(topic, "DE") for topic in topics[2:8]][:5])
    with pytest.raises(calls.EnoughTrades) as refusal:
        calls.speak_to(bo, [(topic, "DE") for topic in topics[8:12]])

    assert refusal.value.again_at
    assert {trade.topic for trade in bo.trades.all()} == set(topics[2:7])


@pytest.mark.parametrize("trades", [[("tax", "")], [("", "DE")], [("tax", f"DE-{n}") for n in range(6)]])
def test_topics_that_are_none_are_refused(bo: Member, trades: list[tuple[str, str]]) -> None:
    with pytest.raises(calls.TradeWrong):
        calls.speak_to(bo, trades)
    assert not Trade.objects.exists()


@pytest.mark.parametrize("count", [1, 40])
def test_the_page_asks_a_fixed_number_of_times(bo: Member, count: int) -> None:
    """However many calls there are, and however many of their members were where the viewer was."""
    members = crowd(count)
    mine = was_at(bo, "Acme Werke")
    Entry.objects.bulk_create(
        Entry(
            member=one,
            organisation=mine.organisation,
            kind="employment",
            starts=mine.starts,
            ends=mine.ends,
            matchable=True,
        )
        for one in members
    )
    calls.speak_to(bo, [("tax", "DE")])
    with CaptureQueries(connection) as asked:
        list(calls.seen_by(bo))

    assert len(asked) <= 7

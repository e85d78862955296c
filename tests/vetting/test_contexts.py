"""The grade is a function of evidence (product.md, the contract, 2): a table, and properties."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import months
from accounts.models import Entry, Member
from foundation import clock
from tests.cast import DAY, new_member, settled_monday
from vetting import contexts, evidence
from vetting.contexts import Listed, grade
from vetting.models import ConfirmationKind, Evidence

ASKED = datetime(2026, 5, 1, 12, tzinfo=UTC)


def month(text: str) -> int:
    return months.read(text, as_end=False).number


NAMED = Listed(
    kind="employment",
    organisation=1,
    unit=None,
    starts=month("2001-04"),
    ends=month("2004-06"),
    counts_from=ASKED - 30 * DAY,
)
THEIRS = replace(NAMED, starts=month("2004-04"), ends=month("2008-01"), counts_from=ASKED - timedelta(seconds=1))


def graded(named: Listed = NAMED, theirs: Listed | None = THEIRS, **more: bool) -> tuple[str, str]:
    facts = {"confirmed": False, "vouched": False, **more}
    found = grade(named, [theirs] if theirs else [], asked_at=ASKED, **facts)  # type: ignore[arg-type]
    return found.grade, found.reasons[0]


def test_the_table_of_grades() -> None:
    assert graded() == ("B", "overlap")
    assert graded(theirs=None) == ("C", "only-asker")
    assert graded(theirs=replace(THEIRS, organisation=2)) == ("C", "only-asker")
    assert graded(theirs=replace(THEIRS, counts_from=ASKED + DAY)) == ("C", "only-asker")
    assert graded(theirs=replace(THEIRS, starts=month("2004-05"))) == ("C", "too-short")
    assert graded(replace(NAMED, counts_from=ASKED - 29 * DAY)) == ("C", "too-young")
    assert graded(replace(NAMED, kind="event")) == ("C", "event")
    assert graded(doubted=True) == ("C", "doubted")
    assert graded(confirmed=True) == ("A", "confirmed")
    assert graded(theirs=None, vouched=True) == ("A", "vouched")
    assert graded(replace(NAMED, kind="event"), confirmed=True) == ("A", "confirmed")


def test_units_agree_where_needed_and_contradict_everywhere() -> None:
    one, other = replace(NAMED, unit=7), replace(THEIRS, unit=8)
    assert graded(one, replace(THEIRS, unit=7), needs_unit=True) == ("B", "overlap")
    assert graded(one, THEIRS, needs_unit=True) == ("C", "unit-differs")
    assert graded(NAMED, THEIRS, needs_unit=True) == ("C", "unit-differs")
    assert graded(one, other) == ("C", "unit-differs")
    assert graded(one, THEIRS) == ("B", "overlap")


def test_an_open_end_counts_until_the_month_of_the_request() -> None:
    since = replace(NAMED, ends=None)
    assert graded(since, replace(THEIRS, starts=month("2026-03"), ends=None)) == ("B", "overlap")
    assert graded(since, replace(THEIRS, starts=month("2026-04"), ends=None)) == ("C", "too-short")


def test_a_bare_year_is_read_narrowly() -> None:
    start, end = months.read("2001", as_end=False), months.read("2001", as_end=True)
    assert (start.number, end.number) == (month("2001-12"), month("2001-01"))
    whole_year = replace(NAMED, starts=start.number, ends=end.number)
    assert graded(whole_year, replace(THEIRS, starts=month("2000-01"))) == ("C", "too-short")


def test_grade_c_says_what_would_raise_it() -> None:
    young = replace(NAMED, counts_from=ASKED)
    found = grade(young, [THEIRS], asked_at=ASKED, confirmed=False, vouched=False)
    assert found.raises == ("wait", "vouch")


spans = st.tuples(st.integers(24000, 24300), st.none() | st.integers(24000, 24300))


@given(spans, spans, st.booleans(), st.booleans())
def test_the_grade_is_symmetric_in_months_and_evidence_only_raises(
    one: tuple[int, int | None], other: tuple[int, int | None], confirmed: bool, vouched: bool
) -> None:
    named, theirs = replace(NAMED, starts=one[0], ends=one[1]), replace(THEIRS, starts=other[0], ends=other[1])
    there = replace(NAMED, starts=other[0], ends=other[1]), replace(THEIRS, starts=one[0], ends=one[1])
    plain = graded(named, theirs)[0]

    assert plain == graded(there[0], there[1])[0]
    assert graded(named, theirs, confirmed=confirmed, vouched=vouched)[0] <= plain
    assert (graded(named, theirs, confirmed=confirmed, vouched=vouched)[0] == "A") == (confirmed or vouched)


def test_three_people_who_say_not_true_count_on_the_next_monday(at_acme: Entry, ada: Member) -> None:
    with clock.at(settled_monday() + DAY):
        for number in range(3):
            contexts.doubt(at_acme, by=new_member(f"doubter{number}"))
        contexts.doubt(at_acme, by=new_member("again"))
        assert not contexts.doubted(at_acme)
    with clock.at(settled_monday(1)):
        assert contexts.doubted(at_acme)


def test_two_people_however_often_do_not_make_an_entry_doubted(at_acme: Entry, bo: Member, cleo: Member) -> None:
    with clock.at(settled_monday() - DAY):
        for by in (bo, cleo, bo, cleo):
            contexts.doubt(at_acme, by=by)
    assert not contexts.doubted(at_acme)


def test_a_confirmation_of_the_entry_ends_the_doubt(at_acme: Entry, ada: Member, bo: Member) -> None:
    with clock.at(settled_monday() - DAY):
        for number in range(3):
            contexts.doubt(at_acme, by=new_member(f"doubter{number}"))
    assert contexts.doubted(at_acme)

    contexts.confirm(ada, bo, kind=ConfirmationKind.WORKED, source=at_acme.public_id, entry=at_acme)

    assert not contexts.doubted(at_acme)


def test_a_confirmation_is_good_evidence_for_both_once(ada: Member, bo: Member) -> None:
    source = ada.public_id
    for _ in range(2):
        contexts.confirm(ada, bo, kind=ConfirmationKind.WORKED, source=source)
        contexts.confirm(bo, ada, kind=ConfirmationKind.WORKED, source=source)

    found = Evidence.objects.filter(kind=evidence.WORKED)
    assert {(row.about, row.by) for row in found} == {(ada.ledger_id, bo.ledger_id), (bo.ledger_id, ada.ledger_id)}


@pytest.mark.parametrize("reason", [*contexts.REASONS])
def test_every_reason_has_words(reason: str) -> None:
    assert str(contexts.REASONS[reason])

"""Crossed paths: who was where I was, by the rules of product.md; and that the statement never reads everything."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection

from accounts import crossings, organisations, ties
from accounts.models import Entry, Member, Organisation
from benchmarks import _crowd
from benchmarks.crossings import reads_all
from foundation import clock, jobs
from foundation.refusals import TooOften
from tests.cast import DAY, new_member, was_at


def found(member: Member, *, page: int = 1) -> list[str]:
    """Handles on one page, in order; and what the page says of a person agrees with their own page."""
    rows, _more = crossings.find(member, page=page)
    for row in rows:
        assert [row.mine, row.theirs] in [
            [path.mine, path.theirs] for path in crossings.with_person(member, row.person.member)
        ]
    return [row.person.called for row in rows]


def together(one: Member, other: Member) -> bool:
    """Whether their paths cross; both ways and both verbs must agree."""
    answers = {
        other.called in found(one),
        one.called in found(other),
        bool(crossings.with_person(one, other)),
        bool(crossings.with_person(other, one)),
    }
    assert len(answers) == 1
    return answers.pop()


def counted() -> None:
    jobs.drain_everything()


def test_who_was_at_the_same_place_at_the_same_time_is_found(ada: Member, bo: Member, at_acme: Entry) -> None:
    (path,), more = crossings.find(ada)

    assert (path.person.member, path.mine, more) == (bo, at_acme, False)
    assert path.theirs.member == bo
    assert path.months == "January 2002 – June 2004"


def test_one_shared_month_is_enough_and_none_is_not(ada: Member, bo: Member, cleo: Member) -> None:
    was_at(ada, "Acme Werke", "2001-04", "2004-06")
    was_at(bo, "Acme Werke", "2004-06", "2007-01")
    was_at(cleo, "Acme Werke", "2004-07", "2007-01")

    assert together(ada, bo)
    assert not together(ada, cleo)
    assert crossings.find(ada)[0][0].months == "June 2004"


def test_two_open_ends_meet_today(ada: Member, bo: Member) -> None:
    was_at(ada, "Acme Werke", "2019-04", None)
    was_at(bo, "Acme Werke", "2020-01", None)

    assert together(ada, bo)
    assert crossings.find(ada)[0][0].last == clock.today().year * 12 + clock.today().month - 1


def test_an_open_end_meets_who_came_later_and_left(ada: Member, bo: Member) -> None:
    was_at(ada, "Acme Werke", "2001-04", None)
    was_at(bo, "Acme Werke", "2010-01", "2011-01")

    assert together(ada, bo)


@pytest.mark.parametrize(("starts", "ends"), [("2004", "2006"), ("1998", "2001"), ("2003", "2003")])
def test_a_bare_year_proves_no_more_than_it_must(ada: Member, bo: Member, starts: str, ends: str) -> None:
    """Read narrowly: from December of its year, to January; inside one year it proves nothing at all."""
    was_at(ada, "Acme Werke", "2001-04", "2004-06")
    was_at(bo, "Acme Werke", starts, ends)

    assert not together(ada, bo)


def test_bare_years_around_a_stay_cross_it(ada: Member, bo: Member) -> None:
    was_at(ada, "Acme Werke", "2001-04", "2004-06")
    was_at(bo, "Acme Werke", "2000", "2005")

    assert together(ada, bo)


def test_another_place_does_not_count(ada: Member, bo: Member) -> None:
    was_at(ada, "Acme Werke")
    was_at(bo, "Bolt & Sons")

    assert not together(ada, bo)


@pytest.mark.parametrize(
    ("mine", "theirs", "crosses"),
    [("Plant 1", "Plant 1", True), ("Plant 1", "Plant 2", False), ("Plant 1", "", True), ("", "", True)],
)
def test_at_a_small_place_two_units_differ_but_an_unnamed_one_agrees(
    ada: Member, bo: Member, mo: Member, mine: str, theirs: str, crosses: bool
) -> None:
    was_at(ada, "Acme Werke", unit=mine)
    was_at(bo, "Acme Werke", unit=theirs)

    assert together(ada, bo) is crosses


@pytest.mark.parametrize(
    ("mine", "theirs", "crosses"),
    [("Plant 1", "Plant 1", True), ("Plant 1", "Plant 2", False), ("Plant 1", "", False), ("", "", False)],
)
def test_where_a_unit_is_needed_both_name_the_same(
    ada: Member, bo: Member, mo: Member, mine: str, theirs: str, crosses: bool
) -> None:
    was_at(ada, "Acme Werke", unit=mine)
    was_at(bo, "Acme Werke", unit=theirs)
    organisations.set_needs_unit(Organisation.objects.get(name="Acme Werke"), True, by=mo)

    assert together(ada, bo) is crosses


def test_from_200_matchable_entries_a_place_needs_a_unit_by_itself(
    ada: Member, bo: Member, settings: pytest.FixtureRequest
) -> None:
    settings.NEEDS_UNIT_FROM_ENTRIES = 2  # type: ignore[attr-defined]
    was_at(ada, "Acme Werke")
    was_at(bo, "Acme Werke")
    assert together(ada, bo)

    counted()

    assert not together(ada, bo)


@pytest.mark.parametrize("whose", ["ada", "bob"])
def test_an_entry_that_is_not_matchable_finds_nobody_and_is_not_found(ada: Member, bo: Member, whose: str) -> None:
    for member in (ada, bo):
        was_at(member, "Acme Werke", matchable=member.called != whose)

    assert not together(ada, bo)


@pytest.mark.parametrize("by_ada", [True, False])
def test_a_block_hides_both_from_each_other(ada: Member, bo: Member, at_acme: Entry, by_ada: bool) -> None:
    ties.block(*((ada, bo) if by_ada else (bo, ada)))

    assert not together(ada, bo)


@pytest.mark.parametrize("values", [{"confirmed_at": None}, {"frozen_at": clock.now()}])
def test_the_unconfirmed_and_the_frozen_are_not_shown(
    ada: Member, bo: Member, at_acme: Entry, values: dict[str, object]
) -> None:
    Member.objects.filter(pk=bo.pk).update(**values)
    bo.refresh_from_db()

    assert found(ada) == []
    assert crossings.with_person(ada, bo) == []


def test_own_entries_are_never_found(ada: Member) -> None:
    was_at(ada, "Acme Werke", "2001-04", "2004-06")
    was_at(ada, "Acme Werke", "2002-01", "2003-06")

    assert found(ada) == []
    assert crossings.with_person(ada, ada) == []


def test_the_rarest_place_comes_first_then_the_longest_time(ada: Member) -> None:
    was_at(ada, "Big Fair", "1998-01", "2010-12")
    was_at(ada, "Small Workshop", "2001-04", "2001-06")
    for handle, ends in (("long_one", "2005-01"), ("short_one", "2001-01"), ("longer_one", "2006-01")):
        was_at(new_member(handle), "Big Fair", "1999-01", ends)
    was_at(new_member("workmate"), "Small Workshop", "2001-05", "2001-05")
    counted()

    assert found(ada) == ["workmate", "longer_one", "long_one", "short_one"]


def test_everybody_is_named_once_with_the_best_reason(ada: Member, bo: Member) -> None:
    was_at(new_member("third"), "Big Fair", "1999-01", "1999-03")
    for member in (ada, bo):
        was_at(member, "Big Fair", "1998-01", "2010-12")
        was_at(member, "Small Workshop", "2001-04", "2001-06")
    counted()

    (path, _third), _more = crossings.find(ada)
    assert (path.person.member, path.theirs.organisation.name) == (bo, "Small Workshop")
    assert [path.mine.organisation.name for path in crossings.with_person(ada, bo)] == ["Small Workshop", "Big Fair"]


def test_fame_does_not_order(ada: Member, bo: Member, cleo: Member) -> None:
    """What is equal is ordered by random ids: neither the longest here nor the best connected come first."""
    for member in (ada, bo, cleo):
        was_at(member, "Acme Werke")
    ids = {bo: uuid.UUID(int=2), cleo: uuid.UUID(int=1)}
    for member, public_id in ids.items():
        Member.objects.filter(pk=member.pk).update(public_id=public_id)

    assert found(ada) == ["cleo", "bob"]


def test_ten_a_page_and_nobody_twice(ada: Member) -> None:
    was_at(ada, "Acme Werke")
    for number in range(12):
        was_at(new_member(f"mate_{number}"), "Acme Werke")

    first, more = crossings.find(ada, page=1)
    rest, no_more = crossings.find(ada, page=2)
    assert (len(first), more, len(rest), no_more) == (10, True, 2, False)
    assert len({path.person.called for path in [*first, *rest]}) == 12


def test_the_eleventh_page_of_a_day_is_refused_and_tomorrow_is_another_day(ada: Member) -> None:
    for page in range(1, 11):
        crossings.browse(ada, page=page)

    with pytest.raises(crossings.EnoughForToday) as refused:
        crossings.browse(ada, page=1)
    assert isinstance(refused.value, TooOften)
    assert refused.value.again_at == (clock.now() + DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    with clock.at(clock.now() + timedelta(days=1)):
        crossings.browse(ada, page=1)


@pytest.mark.parametrize("page", [0, -5, 11, 10**9])
def test_a_forged_page_number_shows_a_page_that_there_is(ada: Member, bo: Member, at_acme: Entry, page: int) -> None:
    rows, _more = crossings.browse(ada, page=page)

    assert len(rows) <= 10


def test_the_plan_reads_by_index_for_everybody(db: None) -> None:
    """Among 3,000 members with 12,000 entries no plan reads all entries; shown a plan that does, the check sees it."""
    _crowd.fill(3_000, seed=7)
    members = list(Member.objects.order_by("pk")[:60])
    plans = [_plan(crossings.STATEMENT, crossings.asked_of(member, page=1)) for member in members]

    assert not any(reads_all(plan) for plan in plans)
    assert any(crossings.find(member)[0] for member in members)
    assert reads_all(_plan("SELECT max(title) FROM accounts_entry", {}))


def _plan(statement: str, asked: dict[str, int]) -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", asked)
        plan: dict[str, object] = cursor.fetchone()[0][0]["Plan"]
        return plan

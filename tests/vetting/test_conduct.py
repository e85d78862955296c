"""The arithmetic of conduct: pure, order-free, blind to two accusers, and awake on Mondays only."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetting import conduct, evidence
from vetting.conduct import FOREVER, Bad, Fact
from vetting.evidence import BAD_FAITH, DECIDED, LIABLE, NOT_TRUE, PITCH, REPORTED, RETRACTED, STRIKE

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)  # a Wednesday
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
moments = st.integers(0, 900 * 24).map(lambda hours: NOW - timedelta(hours=hours))

facts = st.lists(
    st.builds(
        Fact,
        kind=st.sampled_from([*evidence.CONDUCT, RETRACTED, DECIDED, "request-vouch"]),
        by=st.sampled_from("abcdefgh"),
        source=st.integers(0, 30).map(str),
        at=moments,
        word=st.sampled_from([0, 0.5, 1]),
    ),
    max_size=40,
)


def accusations(people: str, *, at: datetime = NOW - WEEK, kind: str = NOT_TRUE, each: int = 1) -> list[Fact]:
    return [Fact(kind, by, f"{by}{number}", at) for by in people for number in range(each)]


def whispered(said: list[Fact], now: datetime = NOW) -> float:
    return conduct.bad(said, now).whispered


@given(facts, moments)
def test_every_row_is_bounded_below_and_but_for_strikes_and_bad_faith_above(known: list[Fact], now: datetime) -> None:
    bad = conduct.bad(known, now)

    assert min(bad.whispered, bad.strikes, bad.liability, bad.bad_faith) >= 0
    assert bad.whispered <= evidence.ACCUSATIONS_MAX + evidence.REPORTS_MAX
    assert bad.liability <= evidence.LIABILITY_MAX
    assert bad.total == pytest.approx(bad.whispered + bad.strikes + bad.liability + bad.bad_faith)


@given(st.integers(-20_000_000, 20_000_000).map(lambda minutes: NOW + timedelta(minutes=minutes)))
def test_the_monday_of_a_moment_is_its_weeks_first_midnight(moment: datetime) -> None:
    monday = conduct.monday(moment)

    assert monday <= moment < monday + WEEK
    assert (monday.weekday(), monday.time()) == (0, time())
    assert conduct.monday(monday) == monday


# ── whispers ──


@pytest.mark.parametrize("kind", sorted(evidence.WHISPERED))
def test_two_people_weigh_nothing_however_often_they_speak(kind: str) -> None:
    assert whispered(accusations("ab", kind=kind, each=9)) == 0
    assert whispered(accusations("abc", kind=kind)) > 0


@pytest.mark.parametrize("third", sorted(evidence.WHISPERED))
def test_reports_and_accusations_together_make_three(third: str) -> None:
    said = accusations("a") + accusations("b", kind=PITCH) + accusations("c", kind=third)

    assert whispered(said) > 0


@given(st.integers(0, 7 * 24 * 60 - 1), st.integers(0, 6))
def test_nothing_enters_before_monday_and_everything_does_then(minute: int, days: int) -> None:
    said = accusations("abc", at=MONDAY + timedelta(minutes=minute))

    assert whispered(said, MONDAY + timedelta(minutes=minute) + timedelta()) == 0
    assert whispered(said, MONDAY + WEEK - timedelta(microseconds=1)) == 0
    assert whispered(said, MONDAY + WEEK) == 9
    assert whispered(said, MONDAY + WEEK + days * DAY) == pytest.approx(9 * 2 ** (-days / 90))


def test_a_third_voice_of_this_week_does_not_open_the_row_before_monday() -> None:
    two, third = accusations("ab", at=NOW - 3 * WEEK), accusations("c", at=NOW)

    assert whispered(two + third, NOW) == 0
    assert whispered(two + third, MONDAY + WEEK) > 6


@given(st.permutations("abcdef"), st.integers(3, 6), st.sampled_from([0.5, 1.0]))
def test_whoever_they_are_the_row_is_the_same(order: list[str], count: int, word: float) -> None:
    def row(people: list[str]) -> float:
        return whispered([Fact(NOT_TRUE, by, by, NOW - WEEK, word) for by in people])

    assert row(order[:count]) == row(list("abcdef")[:count])


def test_a_voice_without_weight_is_not_one_of_the_three() -> None:
    dust = [Fact(NOT_TRUE, by, by, NOW - WEEK, 0.0) for by in "cdefgh"]

    assert whispered(accusations("ab") + dust) == 0
    assert whispered(accusations("abi") + dust) == whispered(accusations("abi"))


@given(st.floats(0, 1))
def test_a_word_is_kept_in_halves(word: float) -> None:
    assert conduct.whisper(word) in (0, 0.5, 1)
    assert abs(conduct.whisper(word) - word) <= 0.25


def test_accusations_stop_at_twelve_and_reports_at_four() -> None:
    assert whispered(accusations("abcdefgh", at=MONDAY - DAY, each=3), MONDAY) == 12
    assert whispered(accusations("abcdefgh", at=MONDAY - DAY, kind=REPORTED), MONDAY) == 4
    both = accusations("abcdefgh", at=MONDAY - DAY) + accusations("abcdefgh", at=MONDAY - DAY, kind=REPORTED)
    assert whispered(both, MONDAY) == 16


def test_a_report_weighs_until_it_is_decided_and_does_not_fade() -> None:
    said = accusations("abc", kind=REPORTED, at=NOW - 500 * DAY)
    assert whispered(said) == 3

    assert whispered([*said, Fact(DECIDED, "mo", "c0", NOW)]) == 0, "two are left"
    four = said + accusations("d", kind=REPORTED)
    assert whispered([*four, Fact(DECIDED, "mo", "d0", NOW)]) == 3


# ── what moderators uphold ──


def test_a_strike_counts_at_once_and_halves_in_90_days() -> None:
    strike = [Fact(STRIKE, "mo", "case:1", NOW)]

    assert conduct.bad(strike, NOW) == Bad(strikes=10)
    assert conduct.bad(strike, NOW + 90 * DAY).strikes == pytest.approx(5)
    assert conduct.bad(strike * 3, NOW) == Bad(strikes=10)


@pytest.mark.parametrize("kind", [STRIKE, LIABLE, BAD_FAITH])
def test_what_is_retracted_never_was(kind: str) -> None:
    said = [Fact(kind, "mo", "case:1", NOW - DAY, 0.3), Fact(kind, "mo", "case:2", NOW - DAY, 0.2)]

    assert conduct.bad([*said, Fact(RETRACTED, "mo", "case:1", NOW)], NOW) == conduct.bad(said[1:], NOW)


def test_a_retraction_is_of_its_own_case_alone() -> None:
    said = accusations("abc")

    assert conduct.bad([*said, Fact(RETRACTED, "mo", "c0", NOW)], NOW).whispered == 0
    assert conduct.bad([*said, Fact(RETRACTED, "mo", "x0", NOW)], NOW) == conduct.bad(said, NOW)


def test_liability_is_a_share_and_stops_at_six() -> None:
    assert conduct.bad([Fact(LIABLE, "bo", "case:1", NOW, 0.25)], NOW).liability == 2.5
    many = [Fact(LIABLE, "bo", f"case:{number}", NOW) for number in range(20)]
    assert conduct.bad(many, NOW).liability == 6


def test_a_report_in_bad_faith_costs_two() -> None:
    assert conduct.bad([Fact(BAD_FAITH, "mo", "report:1", NOW)], NOW).bad_faith == 2


# ── rest ──


@pytest.mark.parametrize(
    ("days", "until"),
    [([], None), ([0], NOW + 14 * DAY), ([0, 1], NOW + 61 * DAY), ([0, 100], NOW + 160 * DAY), ([0, 1, 2], FOREVER)],
)
def test_promotions_rest_for_two_weeks_two_months_and_then_for_good(days: list[int], until: datetime | None) -> None:
    strikes = [Fact(STRIKE, "mo", f"case:{day}", NOW + day * DAY) for day in days]

    assert conduct.rests_until(strikes) == conduct.rests_until(strikes[::-1] + strikes) == until


def test_only_a_retraction_ends_the_rest_for_good() -> None:
    strikes = [Fact(STRIKE, "mo", f"case:{day}", NOW + day * DAY) for day in range(3)]

    assert conduct.rests_until([*strikes, Fact(DECIDED, "mo", "case:0", NOW)]) == FOREVER
    assert conduct.rests_until([*strikes, Fact(RETRACTED, "mo", "case:0", NOW)]) == NOW + 62 * DAY


@given(facts)
def test_nothing_but_strikes_makes_anybody_rest(known: list[Fact]) -> None:
    assert conduct.rests_until([fact for fact in known if fact.kind != STRIKE]) is None

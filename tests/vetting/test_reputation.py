"""The arithmetic of conduct: pure, order-free, and blind to two accusers."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetting.reputation import CONFIRMED, NOT_TRUE, PITCH, RETRACTED, STRIKE, Fact, monday, score

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)  # a Wednesday
WEEK = timedelta(days=7)

facts = st.lists(
    st.builds(
        Fact,
        kind=st.sampled_from([CONFIRMED, NOT_TRUE, PITCH, STRIKE, RETRACTED, "request-vouch"]),
        by=st.sampled_from("abcdefgh"),
        source=st.integers(0, 30).map(str),
        at=st.integers(0, 900).map(lambda days: NOW - timedelta(days=days)),
    ),
    max_size=40,
)


def conduct(*known: Fact, now: datetime = NOW) -> float:
    return score(known, now=now, confirmed_address=True).conduct


@given(facts, st.randoms())
def test_the_order_of_facts_does_not_matter(known: list[Fact], chance: random.Random) -> None:
    shuffled = known[:]
    chance.shuffle(shuffled)

    assert score(known, now=NOW, confirmed_address=True).conduct == pytest.approx(
        score(shuffled, now=NOW, confirmed_address=True).conduct
    )


@given(facts)
def test_conduct_is_a_share_and_accusations_leave_at_least_a_quarter(known: list[Fact]) -> None:
    no_strikes = [fact for fact in known if fact.kind != STRIKE]

    assert 0 < conduct(*known) <= 1
    assert conduct(*no_strikes) >= 4 / 16


def test_the_monday_of_a_moment_is_its_weeks_first_midnight() -> None:
    assert monday(NOW) == datetime(2026, 11, 23, tzinfo=UTC)
    assert monday(datetime(2026, 11, 23, tzinfo=UTC)) == datetime(2026, 11, 23, tzinfo=UTC)


def test_two_accusers_weigh_nothing_and_three_weigh_on_monday() -> None:
    two = [Fact(PITCH, by, f"{by}{n}", NOW - WEEK) for by in "ab" for n in range(5)]
    third_today = Fact(NOT_TRUE, "c", "c", NOW)

    assert conduct(*two) == 1
    assert conduct(*two, third_today) == 1
    assert conduct(*two, third_today, now=NOW + WEEK) < 0.5


def test_what_was_retracted_does_not_count() -> None:
    said = [Fact(PITCH, by, by, NOW - WEEK) for by in "abc"]

    assert conduct(*said) == pytest.approx(4 / (4 + 9 * 2 ** (-7 / 90)))
    assert conduct(*said, Fact(RETRACTED, "mo", "c", NOW)) == 1


def test_a_strike_halves_in_90_days() -> None:
    strike = Fact(STRIKE, "mo", "case:1", NOW)

    assert conduct(strike) == pytest.approx(4 / 14)
    assert conduct(strike, now=NOW + timedelta(days=90)) == pytest.approx(4 / 9)


def test_the_word_of_an_unconfirmed_address_weighs_nothing() -> None:
    assert score([], now=NOW, confirmed_address=False).weight == 0
    assert score([], now=NOW, confirmed_address=True).weight == 1

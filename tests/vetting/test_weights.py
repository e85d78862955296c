"""What words weigh as they age, what 100 points are, and that dust moves neither."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetting import evidence, reputation

ages = st.floats(0, 4000)


def weight(age_d: float, *, w0: float = 1, half_life_d: float = 365) -> float:
    return float(reputation.weigh(np.array(w0), np.array(half_life_d), np.array(age_d)))


@given(ages, st.sampled_from(sorted(evidence.LENDS)))
def test_a_word_weighs_as_its_two_half_lives_say(age_d: float, kind: str) -> None:
    lends = evidence.LENDS[kind]
    expected = lends.w0 * (1 - 2 ** (-age_d / 7)) * 2 ** (-age_d / lends.half_life_d)

    found = weight(age_d, w0=lends.w0, half_life_d=lends.half_life_d)

    assert found == pytest.approx(expected, rel=1e-6, abs=1e-9)
    assert 0 <= found <= lends.w0


def test_a_new_word_is_nothing_half_after_a_week_and_fades_by_half_in_its_time() -> None:
    assert weight(0) == weight(-3) == 0
    assert weight(7, half_life_d=1e9) == pytest.approx(0.5)
    assert weight(30) > 0.89
    assert weight(365) == pytest.approx(0.5, rel=1e-3)
    assert weight(2 * 365) == pytest.approx(0.25, rel=1e-3)


@given(st.lists(st.floats(0, 1e-4), max_size=2000))
def test_dust_accounts_hardly_move_the_unit(dust: list[float]) -> None:
    """Half of all standing is held by members with less; two thousand accounts of a hundredth hold almost none."""
    honest = np.linspace(0.02, 1.5, 400)

    moved = reputation.mass_median(np.concatenate([honest, np.array(dust)]))

    assert moved == pytest.approx(reputation.mass_median(honest), rel=0.02)


def test_a_median_by_head_would_be_moved() -> None:
    honest, dust = np.linspace(0.02, 1.5, 400), np.full(20_000, 1e-4)
    both = np.concatenate([honest, dust])

    assert np.median(both) < 0.001 * np.median(honest)
    assert reputation.mass_median(both) == pytest.approx(reputation.mass_median(honest), rel=0.02)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60))
def test_half_of_all_standing_is_held_by_members_with_less(held: list[float]) -> None:
    x = np.array(held)
    median = reputation.mass_median(x)

    assert x[x < median].sum() <= x.sum() / 2 + 1e-9
    assert x[x <= median].sum() >= x.sum() / 2 - 1e-9


def test_of_nothing_there_is_no_median() -> None:
    assert reputation.mass_median(np.empty(0)) == reputation.mass_median(np.zeros(5)) == 0


@given(st.lists(st.floats(0, 5), max_size=90))
def test_the_unit_is_the_mean_of_thirty_nights_and_never_below_its_least(medians: list[float]) -> None:
    unit = reputation.unit(medians)

    assert unit >= reputation.UNIT_MIN == 0.06
    lately = medians[-30:]
    assert unit == pytest.approx(max(0.06, float(np.mean(lately)) if lately else 0))


@given(st.floats(0, 12), st.floats(0, 1000))
def test_conduct_is_a_share_that_good_raises_and_bad_lowers(good: float, bad: float) -> None:
    def conduct(good: float, bad: float) -> float:
        return float(reputation.conduct(np.array([good]), np.array([bad]))[0])

    assert 0 < conduct(good, bad) <= 1
    assert conduct(good, 0) == 1
    assert conduct(good, bad + 1) < conduct(good, bad)
    assert conduct(good + 1, bad) >= conduct(good, bad)
    assert conduct(6, bad) == conduct(60, bad)


@pytest.mark.parametrize(("points", "word"), [(-5, 0), (0, 0), (100, 1), (4000, 1)])
def test_a_word_counts_at_most_once_and_that_of_sybils_nothing(points: float, word: float) -> None:
    assert reputation.word(points) == word


@given(st.floats(0, 100), st.integers(2, 50))
def test_standing_split_among_puppets_weighs_no_more_than_whole(points: float, puppets: int) -> None:
    assert puppets * reputation.word(points / puppets) <= reputation.word(points) + 1e-9

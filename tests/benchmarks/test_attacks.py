"""The attacks, played small: the gates hold for the shipped arithmetic, and each planted fault makes its gate fail."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import _attacks_newcomers as joining
from benchmarks import _attacks_otc as otc
from benchmarks import _attacks_rivals as rivals
from benchmarks import _attacks_town as town
from benchmarks import _attacks_trials as trials
from benchmarks._attacks_variants import CAUGHT, PLANTS, VARIANTS
from vetting import allowance

ATTACK_OF = {
    "farm_per_edge": "farm",
    "ring_gain": "ring",
    "sold_vouch_per_day": "sold",
    "slander_kept": "slander",
    "newcomers_with_allowance": "newcomers",
    "burner_over_promoter": "burners",
}


def small(*attacks: str, systems: tuple[str, ...] = ("ours",)) -> trials.Setup:
    return trials.Setup(members=3000, members_of_burners=1000, seeds=1, attacks=attacks, systems=systems)


@pytest.fixture(scope="module")
def shipped() -> trials.Table:
    return trials.measure(small())


def test_no_attack_passes_its_gate(shipped: trials.Table) -> None:
    assert trials.values(shipped).keys() == ATTACK_OF.keys()
    assert trials.failures(shipped) == []


def test_newcomers_starve_with_the_bucket_of_the_specification() -> None:
    with VARIANTS["specification"].made():
        assert set(trials.failures(trials.measure(small("newcomers")))) == {"newcomers_with_allowance"}


@pytest.mark.parametrize("share", [0.001, 1 / 150, 0.05, 0.2, 1.0])
def test_the_bucket_that_is_played_is_the_one_that_is_shipped(share: float) -> None:
    a_day, holds = allowance.bucket(allowance.Kind.PROMOTION, share)

    assert joining.SHIPPED.holds(np.array([share]))[0] == pytest.approx(holds)
    assert joining.SHIPPED.a_day * share == pytest.approx(a_day)
    assert not joining.SHIPPED.begins_full


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_fault_makes_its_gates_fail(plant: str) -> None:
    expected = set(CAUGHT[plant])
    with PLANTS[plant].made():
        table = trials.measure(small(*(ATTACK_OF[figure] for figure in expected)))

    assert set(trials.failures(table)) == expected


def test_every_gate_is_shown_to_fail_by_some_plant() -> None:
    assert {gate.figure for gate in trials.GATES} == {figure for caught in CAUGHT.values() for figure in caught}


def test_the_same_seed_gives_the_same_numbers(shipped: trials.Table) -> None:
    again = trials.measure(small("farm", "sold"))
    assert again == {row: shipped[row] for row in again}


def test_all_systems_give_honest_members_the_same_in_sum() -> None:
    net = town.build(2000, np.random.default_rng(1))
    for score in rivals.SYSTEMS.values():
        mean = rivals.FULL_A_DAY * rivals.shares(score(net), net.members).mean()
        assert mean == pytest.approx(rivals.HONEST_MEAN, rel=1e-6)


def test_a_hostile_server_shares_sixty_points_whatever_its_accounts(shipped: trials.Table) -> None:
    assert shipped["server: 1000 accounts"]["ours"].worst <= 0.65 * rivals.FULL_A_DAY


def test_a_bucket_of_one_lets_nobody_send_more_in_the_long_run() -> None:
    bucket = joining.Bucket(least=1.0, begins_full=False)
    share, level, sent = np.array([0.01]), np.zeros(1), 0.0
    for _day in range(400):
        level = bucket.fill(level, share)
        sent += float(np.floor(level)[0])
        level -= np.floor(level)

    assert 400 * 5 * 0.01 - 1 <= sent <= 400 * 5 * 0.01


def test_the_second_figure_of_the_ratings_knows_nothing_from_which_labels_were_made() -> None:
    label = np.array([1, -1, 0])
    ratings = otc.Ratings(np.array([0, 2, 0, 1]), np.array([1, 1, 2, 0]), np.array([-10.0, 5.0, 3.0, 1.0]), label)

    fewer = ratings.without_the_labels_sources()

    assert list(zip(fewer.rater.tolist(), fewer.rated.tolist(), strict=True)) == [(2, 1), (0, 2), (1, 0)]


def test_missing_ratings_are_said_to_be_missing(tmp_path: Path) -> None:
    assert otc.read(tmp_path) is None

"""What a standing permits: linear to nothing, never overdrawn, at rest after a strike; requests are never shut."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Member
from foundation import clock, jobs, quotas
from foundation.models import Bucket
from foundation.refusals import TooOften
from tests.cast import DAY, new_member
from tests.vetting import town
from vetting import allowance, conduct, liability, standing
from vetting.allowance import Kind
from vetting.models import Standing

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BUCKETS = [Kind.OFFER, Kind.PROMOTION]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


def has(member: Member, points: float, **more: Any) -> None:
    Standing.objects.update_or_create(member=member, defaults={"points": points, **more})


def spends(member: Member, kind: Kind, most: int = 40) -> int:
    """How many go through, one after the other."""
    for done in range(most):
        try:
            allowance.spend(member, kind)
        except TooOften:
            return done
    return most


@pytest.mark.django_db(transaction=True)
def test_a_thousand_at_once_send_the_one_that_is_left() -> None:
    ada = new_member("ada")
    has(ada, allowance.first_points() + 0.001)

    def try_to_send(_number: int) -> bool:
        try:
            with clock.at(NOON), transaction.atomic():
                allowance.spend(ada, Kind.PROMOTION)
        except TooOften:
            return False
        return True

    def many(numbers: range) -> int:
        try:
            return sum(map(try_to_send, numbers))
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(many, [range(start, 1000, 16) for start in range(16)])) == 1
    assert Bucket.objects.get().level == pytest.approx(0, abs=0.001)


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_not_stored_is_not_spent(kind: Kind, ada: Member) -> None:
    has(ada, 50)
    before = allowance.left(ada, kind)

    with transaction.atomic():
        allowance.spend(ada, kind)
        assert allowance.left(ada, kind) == before - 1
        transaction.set_rollback(True)

    assert allowance.left(ada, kind) == before


@pytest.mark.parametrize("points", [-3, 0, 0.3, 0.66])
def test_below_the_first_points_no_promotion_is_ever_sent(points: float, ada: Member) -> None:
    assert points < allowance.first_points() == pytest.approx(100 / 150)
    has(ada, points)

    for years in (0, 1, 50):
        with clock.at(NOON + years * 365 * DAY):
            with pytest.raises(allowance.NoAllowance):
                allowance.spend(ada, Kind.PROMOTION)
            assert allowance.left(ada, Kind.PROMOTION) < 1


def test_a_new_account_begins_with_an_empty_bucket(db: None) -> None:
    """Full at first sight, each made-up account would have one for free."""
    fresh = new_member("fresh", joined=0 * DAY)
    has(fresh, 100)

    assert allowance.left(fresh, Kind.PROMOTION) == 0
    with clock.at(NOON + DAY):
        assert spends(fresh, Kind.PROMOTION) == 5


def test_what_is_split_among_puppets_is_not_multiplied(mallory: Member) -> None:
    """Linear to zero: eight accounts that share one standing send in two months no more than one that has it all."""
    has(mallory, 100)
    puppets = [new_member(f"puppet_{letter}", joined=0 * DAY) for letter in town.LETTERS[:8]]
    for puppet in puppets:
        has(puppet, 100 / len(puppets))
    alone = together = 0
    for day in range(0, 60, 3):
        with clock.at(NOON + day * DAY):
            alone += spends(mallory, Kind.PROMOTION)
            together += sum(spends(puppet, Kind.PROMOTION) for puppet in puppets)

    assert 0 < together <= alone


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points=st.floats(0, 300), days=st.lists(st.floats(0, 9), max_size=5))
def test_a_bucket_is_never_overdrawn_and_refills_evenly(points: float, days: list[float], ada: Member) -> None:
    share = min(1, points / 100)
    with transaction.atomic():
        has(ada, points)
        Bucket.objects.all().delete()
        now, sent = NOON, 0
        for passed in [0.0, *days]:
            now += passed * DAY
            with clock.at(now):
                sent += spends(ada, Kind.PROMOTION)
                assert 0 <= allowance.left(ada, Kind.PROMOTION) < 1
        assert sent <= max(15 * share, min(1, 150 * share)) + 5 * share * sum(days) + 1e-6
        transaction.set_rollback(True)


def test_the_refusal_says_when_the_next_one_is_free_and_it_is(ada: Member) -> None:
    has(ada, 50)
    assert spends(ada, Kind.PROMOTION) == 7  # 7.5 fit in three days

    with pytest.raises(allowance.AllowanceSpent) as refusal:
        allowance.spend(ada, Kind.PROMOTION)
    again_at = refusal.value.again_at
    assert again_at == NOON + timedelta(days=0.5 / 2.5)

    with clock.at(again_at - timedelta(minutes=1)), pytest.raises(allowance.AllowanceSpent):
        allowance.spend(ada, Kind.PROMOTION)
    with clock.at(again_at + timedelta(seconds=1)):
        assert spends(ada, Kind.PROMOTION) == 1


@pytest.mark.parametrize(("points", "most"), [(100, 10), (1000, 10), (50, 5), (10, 1), (9.9, 0), (0, 0)])
def test_offers_are_ten_a_month_at_full_standing(points: float, most: int, ada: Member) -> None:
    has(ada, points)

    assert spends(ada, Kind.OFFER) == most
    with clock.at(NOON + 30.01 * DAY):
        assert spends(ada, Kind.OFFER) == most


@pytest.mark.parametrize("kind", BUCKETS)
def test_a_strike_empties_at_once_and_rests_for_two_weeks(kind: Kind, ada: Member, mo: Member) -> None:
    has(ada, 100)
    liability.strike(ada, by=mo, source="case:1", offence_at=NOON)
    with pytest.raises(allowance.AllowanceSpent):  # before any worker was there
        allowance.spend(ada, kind)

    jobs.drain_everything(strict=True)
    has(ada, 100)
    for days in (0, 1, 13.99):
        with clock.at(NOON + days * DAY):
            with pytest.raises(allowance.Resting) as refusal:
                allowance.spend(ada, kind)
            assert refusal.value.again_at == NOON + 14 * DAY
            assert allowance.left(ada, kind) == 0
    with clock.at(NOON + 14 * DAY):
        assert spends(ada, kind) > 0


def test_a_third_strike_rests_until_a_person_decides(ada: Member, mo: Member) -> None:
    for days, rests in ((0, 14), (1, 60)):
        with clock.at(NOON + days * DAY):
            liability.strike(ada, by=mo, source=f"case:{days}", offence_at=NOON)
            assert standing.recompute(ada).rests_until == NOON + (days + rests) * DAY
    with clock.at(NOON + 2 * DAY):
        liability.strike(ada, by=mo, source="case:2", offence_at=NOON)
        assert standing.recompute(ada).rests_until == conduct.FOREVER
    has(ada, 100)

    with clock.at(NOON + 4000 * DAY), pytest.raises(allowance.RestsForGood):
        allowance.spend(ada, Kind.PROMOTION)


def test_a_strike_leaves_the_buckets_of_others_and_all_requests_alone(ada: Member, bo: Member, mo: Member) -> None:
    for member in (ada, bo):
        has(member, 100)

    liability.strike(ada, by=mo, source="case:1", offence_at=NOON)
    standing.recompute(ada)

    assert spends(bo, Kind.PROMOTION) == 15
    assert spends(ada, Kind.REQUEST) >= 1


@pytest.mark.parametrize(
    ("points", "behaved", "new"),
    [(0, 1, 2), (100, 1, 5), (500, 1, 5), (50, 1, 3), (100, 0.5, 2), (0, 0.5, 1), (0, 0.01, 1), (-5, 1, 2)],
)
def test_requests_are_shaped_by_conduct_and_never_shut(points: float, behaved: float, new: int, ada: Member) -> None:
    has(ada, points, conduct=behaved)

    assert allowance.new_requests_a_day(ada) == spends(ada, Kind.REQUEST) == new
    with pytest.raises(allowance.EnoughToday) as refusal:
        allowance.spend(ada, Kind.REQUEST)
    assert refusal.value.again_at == datetime(2026, 11, 25, tzinfo=UTC)
    with clock.at(NOON + DAY):
        assert spends(ada, Kind.REQUEST) == new


@pytest.mark.parametrize(("points", "most"), [(-1, 3), (0, 3), (50, 6), (100, 10), (1e6, 10)])
def test_three_to_ten_requests_may_be_open(points: float, most: int, ada: Member) -> None:
    has(ada, points)

    assert allowance.open_requests(ada) == most


@pytest.mark.parametrize("kind", list(Kind))
def test_one_kind_never_pays_for_another(kind: Kind, ada: Member) -> None:
    has(ada, 100)
    others = {other: allowance.left(ada, other) for other in Kind if other != kind}

    assert spends(ada, kind) > 0

    assert {other: allowance.left(ada, other) for other in others} == others


def test_what_is_spent_is_counted_in_the_bucket_of_that_member(ada: Member, bo: Member) -> None:
    for member in (ada, bo):
        has(member, 20)
    assert spends(ada, Kind.PROMOTION) == 3

    assert quotas.in_bucket(Kind.PROMOTION, str(ada.pk), a_day=1, holds=3, since=ada.joined_at, now=NOON) == 0
    assert allowance.left(bo, Kind.PROMOTION) == 3


def test_losing_standing_takes_what_was_saved_up(ada: Member) -> None:
    has(ada, 100)
    assert allowance.left(ada, Kind.PROMOTION) == 15

    has(ada, 20)

    assert spends(ada, Kind.PROMOTION) == 3

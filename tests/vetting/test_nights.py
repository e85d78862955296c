"""The night solves everything anew: what it takes in, what it leaves, what it keeps, and that it is true."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.db import connection

from accounts.models import Member
from foundation import clock, jobs, redis_door
from foundation.models import Job
from tests.cast import DAY, new_member, settled_monday
from tests.vetting import town
from vetting import allowance, census, conduct, evidence, ledger, nights, proofs, reputation, standing
from vetting.models import Edge, Evidence, Night, ProofKind, Standing


@pytest.mark.django_db
def test_a_house_without_members_has_a_night_too() -> None:
    night = town.night()

    assert (night.members, night.edges, night.with_allowance, night.unit) == (0, 0, 0, reputation.UNIT_MIN)


def test_the_night_finds_the_one_solution(mo: Member, ada: Member, bo: Member, cleo: Member) -> None:
    for member in (ada, bo):
        town.vouched(mo, member)
    town.confirmed(ada, bo, ago=20 * DAY)
    town.confirmed(bo, cleo, ago=200 * DAY)
    proofs.enter(cleo, ProofKind.CHECKED_IN, by=mo, actor="test")
    ledger.record(bo, by=mo, kind=evidence.STRIKE, source="case:1")

    night = town.night()

    found = town.equation()
    assert found.x == pytest.approx(found.solution, rel=1e-5)
    assert dict(zip(found.ids, found.conduct.tolist(), strict=True))[bo.pk] < 0.4
    assert night.members == Standing.objects.count() == 4
    assert night.anchors == 1.5
    assert night.with_allowance == Standing.objects.filter(points__gte=allowance.first_points()).count() > 0
    assert night.heaviest[0][0] == mo.pk
    assert [row.points for row in Standing.objects.order_by("member")] == pytest.approx(
        (100 * found.x / night.unit).tolist()
    )


def test_words_enter_and_leave_with_the_night(mo: Member, ada: Member, bo: Member) -> None:
    town.vouched(mo, ada)
    town.vouched(mo, bo, source="public-vouch:1")
    ledger.record(bo, by=mo, kind=evidence.WITHDRAWN, source="public-vouch:1")
    assert not Edge.objects.filter(counted=True).exists()

    town.night()
    assert [edge.member_id for edge in Edge.objects.filter(counted=True)] == [ada.pk]
    assert town.points(bo) == 0

    ledger.record(ada, by=mo, kind=evidence.SEVERED, source="block:1")
    town.night()
    assert not Edge.objects.filter(counted=True).exists()
    assert town.points(ada) == 0


def test_a_second_night_at_once_changes_nothing(mo: Member, ada: Member, bo: Member) -> None:
    town.vouched(mo, ada)
    town.confirmed(ada, bo)
    first = town.night()
    written = list(Standing.objects.order_by("member").values())

    second = town.night()

    assert list(Standing.objects.order_by("member").values()) == written
    assert second.unit == first.unit


def test_weeks_grow_once_a_monday(mo: Member, ada: Member) -> None:
    monday = settled_monday(1)
    with clock.at(monday - 10 * DAY):
        town.vouched(mo, ada)
    grown = []
    for day in range(-2, 9):
        for hour in (0, 7):
            with clock.at(monday + timedelta(days=day, hours=hour)):
                town.night()
                grown.append(len(standing.of(ada).weeks))

    assert grown == [0] * 4 + [1] * 14 + [2] * 4
    assert standing.of(ada).weeks == pytest.approx([87.6, 86.5], abs=0.1)


def test_weeks_are_kept_for_two_years_and_no_longer(mo: Member, ada: Member) -> None:
    with clock.at(settled_monday(-1)):
        town.night()
    Standing.objects.filter(member=ada).update(weeks=list(range(nights.WEEKS_KEPT)), points=7)

    with clock.at(settled_monday(0)):
        town.night()

    assert standing.of(ada).weeks == [*range(1, nights.WEEKS_KEPT), 7]


def test_what_was_whispered_enters_on_monday_with_the_night(mo: Member, ada: Member) -> None:
    accusers = town.people(3)
    for accuser in accusers:
        town.vouched(mo, accuser)
    town.vouched(mo, ada)
    monday = settled_monday(1)
    with clock.at(monday - 4 * DAY):
        town.night()
        for accuser in accusers:
            ledger.record(ada, by=accuser, kind=evidence.NOT_TRUE, source=f"request:{accuser.pk}")

    with clock.at(monday - timedelta(hours=1)):
        town.night()
        assert (standing.of(ada).conduct, standing.of(ada).blame) == (1, {})
    with clock.at(monday):
        town.night()
    assert standing.of(ada).conduct == pytest.approx(4 / 13, rel=0.01)
    assert list(standing.of(ada).blame) == ["whispered"]


def test_nobody_who_joins_during_a_night_takes_anothers_place(
    mo: Member, ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes after the members were read has to wait for the next night, anchors and accused among them."""
    town.vouched(mo, ada)
    real = census.members

    def then_somebody_joins(now: datetime) -> census.Town:
        read = real(now)
        late = new_member("latecomer")
        proofs.enter(late, ProofKind.MET, by=mo, actor="test")
        ledger.record(late, by=mo, kind=evidence.STRIKE, source="case:late")
        return read

    with monkeypatch.context() as patched:
        patched.setattr(census, "members", then_somebody_joins)
        town.night()

    assert standing.of(mo).anchor == 1
    assert standing.of(ada).anchor == 0
    assert standing.of(ada).conduct == 1
    town.night()
    assert standing.of(Member.objects.get(handle="latecomer")).anchor == 1


def test_a_proof_that_ran_out_makes_no_anchor(mo: Member, ada: Member) -> None:
    with clock.at(clock.now() - 731 * DAY):
        proofs.enter(ada, ProofKind.CHECKED_IN, by=mo, actor="test")

    assert town.night().anchors == 1
    assert standing.of(ada).anchor == 0


def test_redis_flushed_between_the_fact_and_the_night_changes_nothing(mo: Member, ada: Member) -> None:
    town.vouched(mo, ada)
    jobs.add("standing-night", {})
    redis_door.client().flushdb()
    jobs.drain_everything(strict=True)
    redis_door.client().flushdb()

    assert town.points(ada) == pytest.approx(89, abs=1)
    assert not Job.objects.filter(done_at=None).exists()


def test_a_member_who_is_gone_lends_nothing_and_stops_no_night(mo: Member, ada: Member, bo: Member) -> None:
    town.vouched(mo, ada)
    town.vouched(ada, bo)
    ledger.record(ada, by=mo, kind=evidence.STRIKE, source="case:1")
    town.night()
    assert town.points(bo) > 0

    account = ada.account
    assert account is not None
    account.delete()
    town.night()

    assert town.points(bo) == 0
    assert Evidence.objects.filter(kind=evidence.STRIKE).exists()


def test_a_night_reads_in_batches_what_it_reads_at_once(
    mo: Member, ada: Member, bo: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    for member in (ada, bo):
        town.vouched(mo, member)
    town.confirmed(ada, bo)
    town.night()
    whole = list(Standing.objects.order_by("member").values_list("x", "points", "outflow"))
    Standing.objects.update(x=0, points=0, outflow=0)

    monkeypatch.setattr(census, "PAGES", 1)
    town.night()

    assert np.array(list(Standing.objects.order_by("member").values_list("x", "points", "outflow"))) == pytest.approx(
        np.array(whole), rel=1e-4
    )
    assert connection.is_usable()
    assert Night.objects.count() == 2


def test_a_third_strike_rests_for_good_however_long_ago_the_first_was(mo: Member, ada: Member) -> None:
    for days in (2000, 1000, 100):
        with clock.at(clock.now() - days * DAY):
            ledger.record(ada, by=mo, kind=evidence.STRIKE, source=f"case:{days}")
    standing.recompute(ada)
    assert standing.of(ada).rests_until == conduct.FOREVER

    town.night()

    assert standing.of(ada).rests_until == conduct.FOREVER


@pytest.mark.django_db
def test_the_unit_of_a_day_stands_still_and_a_night_counts_once() -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    with clock.at(noon):
        mo, ada, bo = town.founder(), new_member("ada"), new_member("bob")
        proofs.enter(ada, ProofKind.MET, by=mo, actor="test")
        for voucher in (mo, ada):
            town.vouched(voucher, bo, source=f"v:{voucher.pk}")
    with clock.at(noon):
        first = town.night()
    assert first.unit > reputation.UNIT_MIN
    ledger.record(bo, by=mo, kind=evidence.STRIKE, source="case:1")

    with clock.at(noon + timedelta(hours=3)):  # the bound was passed
        again = town.night()
    assert again.unit == first.unit

    with clock.at(noon + DAY):
        next_day = town.night()
    assert next_day.unit == pytest.approx(max(reputation.UNIT_MIN, (first.median + next_day.median) / 2))

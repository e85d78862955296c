"""One event moves what it concerns, within a bound that is kept as a number; one writer at a time."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest
from django.db import OperationalError, connection, transaction
from django.forms import model_to_dict

from accounts.models import Member
from foundation import clock, jobs, registry
from foundation.models import Job
from tests.cast import DAY, new_member
from tests.foundation.conftest import AtOnce, be_due
from tests.vetting import town
from vetting import contexts, evidence, ledger, proofs, reputation, standing, why
from vetting.models import Edge, Night, Proof, ProofKind, Standing

SLACK = 1e-5
"""In units of x: float32, and what the night did not write. A sixtieth of a point."""


def strike(member: Member, by: Member, *, source: str = "case:1") -> None:
    ledger.record(member, by=by, kind=evidence.STRIKE, source=source)


def kept() -> list[dict[str, object]]:
    """Every standing but when it was computed, to twelve digits."""
    rows = [model_to_dict(row, exclude=["computed_at"]) for row in Standing.objects.order_by("member")]
    return [{name: round(v, 12) if isinstance(v, float) else v for name, v in row.items()} for row in rows]


@pytest.fixture
def noon() -> Iterator[None]:
    """The clock stands still."""
    with clock.at(clock.now()):
        yield


def test_nobody_has_standing_before_the_worker_has_been_there(ada: Member) -> None:
    found = standing.of(ada)

    assert (found.points, found.conduct, found.weeks) == (0, 1, [])
    assert not Standing.objects.filter(member=ada).exists()


@pytest.mark.usefixtures("noon")
def test_recomputing_twice_changes_nothing(mo: Member, ada: Member, bo: Member) -> None:
    town.vouched(mo, ada)
    town.confirmed(ada, bo)
    town.night()
    strike(ada, mo)
    standing.recompute(ada)
    once, bound = kept(), Night.objects.get().residual

    for member in (ada, bo, mo, ada):
        standing.recompute(member)

    assert kept() == once
    assert Night.objects.get().residual == pytest.approx(bound, abs=1e-12)


def test_a_strike_takes_from_the_struck_and_from_whoever_they_lend_to(mo: Member, ada: Member, bo: Member) -> None:
    town.vouched(mo, ada)
    town.confirmed(ada, bo)
    town.night()
    before = town.points(ada), town.points(bo)

    strike(ada, mo)
    town.work_standings()

    assert town.points(ada) == pytest.approx(before[0] * 4 / 14, rel=0.01)
    assert town.points(bo) < before[1] / 2


def test_many_events_about_one_member_are_one_job(mo: Member, ada: Member) -> None:
    town.work_standings()
    for number in range(20):
        strike(ada, mo, source=f"case:{number}")

    assert Job.objects.filter(kind="standing", payload__member=ada.pk, done_at=None).count() == 1


def random_town(dice: random.Random, mo: Member) -> list[Member]:
    """Nine people, words of all kinds and ages, one anchor and a half."""
    citizens = town.people(8)
    proofs.enter(citizens[0], ProofKind.CHECKED_IN, by=mo, actor="test")
    everybody = [mo, *citizens]
    for _word in range(30):
        voucher, member = dice.sample(everybody, 2)
        with clock.at(clock.now() - dice.randrange(1, 400) * DAY):
            kind = dice.choice([*evidence.LENDS, evidence.VOUCH])
            ledger.record(member, by=voucher, kind=kind, source=f"word:{dice.random()}")
    for citizen in dice.sample(citizens, 3):
        town.vouched(mo, citizen, source=f"start:{citizen.pk}")
    town.night()
    return citizens


def something_happens(dice: random.Random, mo: Member, citizens: list[Member]) -> None:
    one, other = dice.sample(citizens, 2)
    vouch = Edge.objects.filter(kind=evidence.LENDS[evidence.VOUCH].code, ended_at=None).order_by("?").first()

    def withdraw() -> None:
        if vouch:
            source = vouch.evidence.source
            ledger.record(vouch.member, by=vouch.voucher, kind=evidence.WITHDRAWN, source=source)

    def prove() -> None:
        proofs.enter(one, ProofKind.MET, by=mo, actor="test")

    def disprove() -> None:
        for proof in Proof.objects.filter(ended_at=None).exclude(member=mo)[:1]:
            proofs.revoke(proof, by=mo)

    events: list[Callable[[], object]] = [
        lambda: strike(one, mo, source=f"case:{dice.random()}"),
        lambda: contexts.severed(one, other),
        lambda: ledger.record(one, by=other, kind=evidence.PARTED, source=f"tie:{dice.random()}"),
        lambda: ledger.record(one, by=other, kind=evidence.PROMOTION_HEARD, source=f"heard:{dice.random()}"),
        withdraw,
        prove,
        disprove,
    ]
    dice.choice(events)()


@pytest.mark.parametrize("seed", range(6))
def test_what_was_pushed_is_within_the_bound_of_a_whole_solution(seed: int, mo: Member) -> None:
    dice = random.Random(seed)
    citizens = random_town(dice, mo)
    for _event in range(12):
        something_happens(dice, mo, citizens)
        town.work_standings()

    found, night = town.equation(), Night.objects.get()
    assert np.abs(found.true_residual - found.residual).sum() <= SLACK
    assert np.abs(found.residual).sum() <= night.residual + 1e-9
    assert np.abs(found.x - found.solution).sum() <= reputation.error_bound(night.residual) + SLACK
    for citizen in citizens:
        assert why.explain(citizen).points == pytest.approx(town.points(citizen), abs=0.02), "the rows add up"
    points = np.array([row.points for row in Standing.objects.order_by("member")])
    touched = found.residual != 0
    assert points[touched] == pytest.approx((100 * (found.x + found.residual) / night.unit)[touched])


@pytest.mark.parametrize("seed", range(2))
def test_what_was_pushed_is_what_the_next_night_finds(seed: int, mo: Member) -> None:
    dice = random.Random(100 + seed)
    citizens = random_town(dice, mo)
    for _event in range(6):
        something_happens(dice, mo, citizens)
        town.work_standings()
    pushed, bound = town.equation(), Night.objects.get()

    town.night()

    error = np.abs(town.equation().x - pushed.x).sum()
    assert error <= reputation.error_bound(bound.residual) + 1e-4 * (1 + pushed.x.sum())  # moments have passed


def test_a_bound_that_is_passed_asks_for_a_night_and_one_that_holds_does_not(mo: Member, ada: Member) -> None:
    town.vouched(mo, ada)
    town.night()
    strike(new_member("nobody_yet"), mo)
    town.work_standings()
    assert not Job.objects.filter(kind="standing-night", done_at=None).exists()

    night = Night.objects.get()
    Night.objects.update(residual=0.03 * night.unit)  # what many small events leave
    strike(ada, mo)
    town.work_standings()

    assert Job.objects.filter(kind="standing-night", done_at=None).count() == 1
    jobs.drain_everything(strict=True)
    assert standing.error_points(Night.objects.latest("as_of").residual, night.unit) < 0.03


def test_an_anchor_lends_by_vouch_alone_from_the_moment_they_are_one(mo: Member, ada: Member, bo: Member) -> None:
    town.vouched(mo, ada)
    town.confirmed(ada, bo)
    town.vouched(ada, bo)
    town.night()

    proofs.enter(ada, ProofKind.MET, by=mo, actor="test")
    town.work_standings()

    found = town.equation()
    assert found.x + found.residual == pytest.approx(found.solution, abs=1e-4)
    vouch = (1 - 2 ** (-60 / 7)) * 2 ** (-60 / 365)
    assert town.points(bo) == pytest.approx(100 * vouch * standing.of(ada).x, rel=1e-3)


@pytest.mark.django_db(transaction=True)
def test_writers_wait_for_each_other_and_lose_nothing(at_once: AtOnce) -> None:
    mo = town.founder()
    dice = random.Random(7)
    citizens = random_town(dice, mo)
    for citizen in citizens:
        ledger.record(citizen, by=mo, kind=evidence.STRIKE, source="case:all")

    at_once(8, lambda number: standing.recompute(citizens[number]))

    found = town.equation()
    assert np.abs(found.true_residual - found.residual).sum() <= SLACK
    assert np.abs(found.x - found.solution).sum() <= reputation.error_bound(Night.objects.get().residual) + SLACK


@pytest.mark.django_db(transaction=True)
def test_an_event_that_finds_the_lock_taken_comes_back_later_and_keeps_no_notice_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lanes = {registry.handler_of(kind).lane for kind in ("standing", "standing-night", "liability")}
    assert not lanes & {registry.handler_of(kind).lane for kind in ("request-settle", "letter", "tray-letter")}
    monkeypatch.setattr(standing, "PATIENCE", "100ms")
    ada, mo = new_member("ada_again"), town.founder()
    jobs.drain_everything(strict=True)
    ledger.record(ada, by=mo, kind=evidence.STRIKE, source="case:1")
    jobs.add("request-settle", {"request": 0})
    held, done = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            standing.one_writer()
            held.set()
            done.wait(20)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert held.wait(10)
        with pytest.raises(OperationalError):
            standing.recompute(ada)
        assert jobs.drain("quick") >= 1
        assert not Job.objects.filter(kind="request-settle", done_at=None).exists()
        assert jobs.drain("standing") == 0
        assert standing.of(ada).conduct == 1
        done.set()
        holding.result(10)

    be_due()
    jobs.drain_everything(strict=True)
    assert standing.of(ada).conduct == pytest.approx(4 / 14, rel=1e-3)

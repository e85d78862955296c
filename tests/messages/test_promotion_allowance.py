"""How many promotions a standing lets through, exactly, and what is good evidence afterwards."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.models import Member
from foundation import clock, jobs
from foundation.refusals import Refusal
from network.messages import calls, promotions
from network.messages.models import Call, Promotion
from tests.cast import DAY, new_member
from tests.messages.markets import can_answer, opens, promotes, stands
from vetting import allowance, evidence, liability
from vetting.models import Evidence

PROMOTION = allowance.Kind.PROMOTION


@pytest.fixture
def call(bo: Member) -> Call:
    return opens(bo)


@pytest.fixture
def seller(ada: Member) -> Member:
    return can_answer(ada)


def spent(member: Member) -> float:
    return round(15 - allowance.left(member, PROMOTION), 3)


# ── the allowance ────────────────────────────────────────────────────────────


def test_no_standing_no_promotion_and_the_refusal_says_what_helps(ada: Member, call: Call) -> None:
    can_answer(ada, points=allowance.first_points() - 0.1)
    with pytest.raises(allowance.NoAllowance) as refusal:
        promotes(ada, call)

    assert "vouches" in str(refusal.value)
    assert promotions.refusal(ada, call).code == "no-allowance"  # type: ignore[union-attr]


def test_the_form_foresees_each_refusal_and_spends_nothing(seller: Member, bo: Member, call: Call) -> None:
    assert promotions.refusal(seller, call) is None
    assert spent(seller) == 0

    sent = promotes(seller, call)
    assert isinstance(promotions.refusal(seller, call), promotions.PromotedLately)
    promotions.opt_out(sent, by=bo)
    assert isinstance(promotions.refusal(seller, call), promotions.OptedOut)


def test_after_a_strike_promotions_rest(seller: Member, mo: Member, call: Call) -> None:
    liability.strike(seller, by=mo, source="case:1", offence_at=clock.now())
    with pytest.raises(allowance.AllowanceSpent):
        promotes(seller, call)
    jobs.drain_everything()
    stands(seller, 100)
    with pytest.raises(allowance.Resting):
        promotes(seller, call)


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(600)
def test_a_thousand_at_once_against_an_allowance_of_one() -> None:
    """Exactly one passes, to whichever of forty open calls; the others are refused and leave nothing behind."""
    seller = can_answer(new_member("seller"), points=allowance.first_points() + 0.1)
    doors = [opens(one) for one in _many(40)]

    def send(number: int) -> str:
        try:
            promotes(seller, doors[number % len(doors)], f"Number {number}")
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "sent"

    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(send, range(1000)))

    assert told.count("sent") == 1
    assert set(told) <= {"sent", "allowance-spent", "promotion-lately"}
    assert Promotion.objects.count() == 1
    assert allowance.left(seller, PROMOTION) < 0.1


def _many(count: int) -> list[Member]:
    return [_elsewhere(number) for number in range(count)]


def _elsewhere(number: int) -> Member:
    values = {"handle": f"reader{number}", "host": "elsewhere.example", "data_key": "x", "confirmed_at": clock.now()}
    return Member.objects.create(**values)


def test_a_rollback_gives_it_back(ada: Member, call: Call) -> None:
    seller = can_answer(ada, points=allowance.first_points() + 0.1)
    with transaction.atomic():
        promotes(seller, call)
        transaction.set_rollback(True)

    assert not Promotion.objects.exists()
    assert promotes(seller, call).pk


@pytest.mark.django_db(transaction=True)
def test_closing_and_sending_at_once_leave_nothing_after_the_end(ada: Member, bo: Member) -> None:
    """Whatever was sent was sent before the call was closed."""
    can_answer(ada)
    for _round in range(5):
        call = opens(bo)
        with ThreadPoolExecutor(2) as pool:
            pool.submit(_then_close, lambda call=call: promotes(ada, call))  # type: ignore[misc]
            pool.submit(_then_close, lambda call=call: calls.close(call, by=bo))  # type: ignore[misc]
        closed = Call.objects.get(pk=call.pk).closed_at
        assert closed
        assert all(sent.sent_at <= closed for sent in Promotion.objects.filter(call=call))
        Promotion.objects.all().delete()


def _then_close(act: Callable[[], object]) -> None:
    try:
        act()
    except Refusal:
        pass
    finally:
        connection.close()


# ── heard without objection ──────────────────────────────────────────────────


def heard(member: Member) -> int:
    return Evidence.objects.filter(about=member.ledger_id, kind=evidence.PROMOTION_HEARD).count()


def test_two_quiet_weeks_are_a_little_good_evidence_once(seller: Member, call: Call) -> None:
    promotes(seller, call)
    for days, expected in ((13, 0), (15, 1), (16, 1)):
        with clock.at(clock.now() + days * DAY):
            promotions.count_as_heard()
            assert heard(seller) == expected


def test_what_was_objected_to_is_none(seller: Member, bo: Member, call: Call) -> None:
    promotions.opt_out(promotes(seller, call), by=bo)
    with clock.at(clock.now() + 15 * DAY):
        promotions.count_as_heard()

    assert heard(seller) == 0

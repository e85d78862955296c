"""Promotions: only into an open call, labelled, within the allowance, with the consent kept and an opt-out."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import people, ties
from accounts.models import Member
from foundation import clock, jobs, wakes
from foundation.models import Job, Letter
from foundation.refusals import Refusal
from network.messages import calls, promotions, threads
from network.messages.models import Call, Promotion
from tests.cast import DAY, key, new_member
from tests.messages.markets import WORDS, can_answer, opens, promotes, stands
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


def test_a_promotion_lies_in_the_folder_with_its_consent(seller: Member, bo: Member, call: Call) -> None:
    sent = promotes(seller, call)

    assert list(promotions.folder_of(bo)) == [sent]
    assert list(promotions.sent_by(seller)) == [sent]
    assert sent.consent["words"] == WORDS
    assert (sent.consent["topic"], sent.consent["region"], sent.consent["call"]) == (
        "tax",
        call.region,
        str(call.public_id),
    )
    assert spent(seller) == 1


def test_the_consent_outlives_the_call(seller: Member, bo: Member, call: Call) -> None:
    promotes(seller, call)
    calls.close(call, by=bo)
    Call.objects.all().delete()

    assert Promotion.objects.get().consent["words"] == WORDS


def test_it_rings_nowhere(seller: Member, bo: Member, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """No letter, no job, no wake, no unread count, no thread, no truth line."""
    rung: list[object] = []
    monkeypatch.setattr(wakes, "look_again", lambda *channels: rung.append(channels))
    before = Job.objects.count()

    promotes(seller, call)

    assert rung == []
    assert Job.objects.count() == before
    assert not Letter.objects.filter(kind="promotion").exists()
    assert threads.unread(bo) == 0
    assert threads.between(seller, bo) is None
    assert ties.last_met(seller, bo) is None


def test_the_same_form_twice_is_one_promotion(seller: Member, call: Call) -> None:
    first = promotions.send(seller, call, text="Hello", key="once")

    assert promotions.send(seller, call, text="Hello", key="once") == first
    assert spent(seller) == 1


@pytest.mark.parametrize("text", ["", " \n\u200b", "x" * 10_001])
def test_an_empty_or_endless_promotion_is_refused(seller: Member, call: Call, text: str) -> None:
    with pytest.raises(promotions.PromotionEmpty):
        promotes(seller, call, text)
    assert spent(seller) == 0


# ── the forbidden ways ───────────────────────────────────────────────────────


def _closed(call: Call, seller: Member) -> None:
    calls.close(call, by=call.member)


def _hidden(call: Call, seller: Member) -> None:
    calls.speak_to(seller, [("law", "DE")])


def _blocked(call: Call, seller: Member) -> None:
    ties.block(call.member, seller)


def _frozen_member(call: Call, seller: Member) -> None:
    Member.objects.filter(pk=call.member_id).update(frozen_at=clock.now())


def _never_was(call: Call, seller: Member) -> None:
    call.public_id = uuid.uuid4()


@pytest.mark.parametrize("change", [_closed, _hidden, _blocked, _frozen_member, _never_was])
def test_without_an_open_call_there_is_one_answer(
    seller: Member, call: Call, change: Callable[[Call, Member], None]
) -> None:
    """Closed, hidden, blocked, frozen and unknown are the same refusal, and cost nothing."""
    change(call, seller)
    with pytest.raises(calls.NoSuchCall):
        promotes(seller, call)

    assert not Promotion.objects.exists()
    assert spent(seller) == 0


def test_an_expired_call_lets_nothing_in(seller: Member, call: Call) -> None:
    with clock.at(clock.now() + 31 * DAY), pytest.raises(calls.NoSuchCall):
        promotes(seller, call)


def test_one_s_own_call_is_none(seller: Member) -> None:
    with pytest.raises(calls.NoSuchCall):
        promotes(seller, opens(seller))


def test_a_promotion_is_no_message(seller: Member, bo: Member, call: Call) -> None:
    """An open call opens no thread, and no message is labelled past the form."""
    with pytest.raises(threads.NotInContact):
        threads.write(seller, bo, text="Hello", key=key(), purpose="promotion")


def test_the_frozen_send_nothing(seller: Member, call: Call) -> None:
    seller.frozen_at = clock.now()
    with pytest.raises(people.Frozen):
        promotes(seller, call)


def test_one_in_thirty_days_to_the_same_member(seller: Member, bo: Member, call: Call) -> None:
    promotes(seller, call)
    other = opens(bo, words="Another question.")
    with pytest.raises(promotions.PromotedLately):
        promotes(seller, call)
    with pytest.raises(promotions.PromotedLately) as refusal:
        promotes(seller, other)
    assert refusal.value.again_at

    with clock.at(refusal.value.again_at + timedelta(minutes=1)):
        assert promotes(seller, opens(bo)).pk
        assert spent(seller) < 2


def test_two_a_week_is_all_one_hears(call: Call, bo: Member) -> None:
    for number in range(2):
        promotes(can_answer(new_member(f"seller{number}")), call)
    late = can_answer(new_member("late"))
    with pytest.raises(promotions.HeardEnough) as refusal:
        promotes(late, call)

    assert "at most 2 promotions" in str(refusal.value)
    assert spent(late) == 0
    with clock.at(clock.now() + 7 * DAY):
        assert promotes(late, call).pk


def test_an_opt_out_is_one_click_and_for_good(seller: Member, bo: Member, call: Call) -> None:
    sent = promotes(seller, call)
    promotions.opt_out(sent, by=bo)
    promotions.opt_out(sent, by=bo)

    with clock.at(clock.now() + 200 * DAY):
        stands(seller, 100)
        anew = opens(bo)
        with pytest.raises(promotions.OptedOut):
            promotes(seller, anew)
        assert promotes(can_answer(new_member("other")), anew).pk


def test_only_the_recipient_opts_out_and_reads(seller: Member, bo: Member, call: Call, mallory: Member) -> None:
    sent = promotes(seller, call)

    assert promotions.for_recipient(bo, sent.public_id) == sent
    for nosy in (seller, mallory):
        with pytest.raises(promotions.NotYourPromotion):
            promotions.opt_out(sent, by=nosy)
        with pytest.raises(promotions.NotYourPromotion):
            promotions.for_recipient(nosy, sent.public_id)


@pytest.mark.parametrize("change", [{"text": "Other words"}, {"consent": {}}, {"sent_at": clock.now() - DAY}])
def test_nobody_edits_it_afterwards(seller: Member, call: Call, change: dict[str, object]) -> None:
    promotes(seller, call)
    with pytest.raises(DatabaseError, match="stays as it was written"), transaction.atomic():
        Promotion.objects.update(**change)


def test_the_same_text_to_many_is_said_to_the_third(seller: Member) -> None:
    text = "We have advised eleven foundations in the Rhineland and would gladly tell you how it went."
    flags = [
        promotes(seller, opens(new_member(f"reader{number}")), f"{text} Number {number}.").sent_to_many
        for number in range(4)
    ]

    assert flags == [False, False, True, True]


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

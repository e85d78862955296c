"""Promotions: only into an open call, labelled, within the allowance, with the consent kept and an opt-out."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts import people, ties
from accounts.models import Member
from foundation import clock, wakes
from foundation.models import Job, Letter
from network.messages import calls, promotions, threads
from network.messages.models import Call, Promotion
from network.notices.models import Notice
from tests.cast import DAY, key, new_member
from tests.messages.markets import WORDS, can_answer, opens, promotes, stands
from vetting import allowance

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
    assert not Notice.objects.filter(member=bo).exists()
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


def test_an_opt_out_is_one_click_and_lasts(seller: Member, bo: Member, call: Call) -> None:
    sent = promotes(seller, call)
    promotions.opt_out(sent, by=bo)
    promotions.opt_out(sent, by=bo)

    with clock.at(clock.now() + 200 * DAY):
        stands(seller, 100)
        anew = opens(bo)
        with pytest.raises(promotions.OptedOut):
            promotes(seller, anew)
        assert promotes(can_answer(new_member("other")), anew).pk


def test_an_opt_out_can_be_taken_back(seller: Member, bo: Member, call: Call) -> None:
    """The one that was not liked stays no good evidence; the next one passes, after the usual pause."""
    sent = promotes(seller, call)
    promotions.opt_out(sent, by=bo)
    promotions.take_opt_out_back(sent, by=bo)
    promotions.take_opt_out_back(sent, by=bo)

    with clock.at(clock.now() + 1 * DAY), pytest.raises(promotions.PromotedLately):
        promotes(seller, call)
    with clock.at(clock.now() + 31 * DAY):
        assert promotes(seller, opens(bo)).pk
    sent.refresh_from_db()
    assert sent.objected_at


def test_only_the_recipient_opts_out_and_reads(seller: Member, bo: Member, call: Call, mallory: Member) -> None:
    sent = promotes(seller, call)

    assert promotions.for_recipient(bo, sent.public_id) == sent
    for nosy in (seller, mallory):
        with pytest.raises(promotions.NotYourPromotion):
            promotions.opt_out(sent, by=nosy)
        with pytest.raises(promotions.NotYourPromotion):
            promotions.take_opt_out_back(sent, by=nosy)
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

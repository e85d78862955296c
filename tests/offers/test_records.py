"""Ranges kept: said by those who talked, told from five people on, on Mondays, under every name of the employer."""

from datetime import timedelta

import pytest

from accounts import organisations
from accounts.models import Entry, Member
from foundation import clock
from network.offers import answers, records
from network.offers.models import Offer
from network.offers.records import Record
from tests.cast import DAY, new_member, settled_monday
from tests.offers import stage


def talked(sender: Member, number: int, *, kept: bool, employer: str = "Nordlicht Optik") -> Offer:
    """Somebody was interested in this sender's offer, and says whether the range was kept."""
    recipient = new_member(f"person{number}")
    stage.listens(recipient)
    with clock.at(settled_monday() - 3 * DAY):
        offer = stage.sends(sender, recipient, employer=employer)
        answers.answer(offer, by=recipient, answer="interested")
        records.report_range(offer, by=recipient, kept=kept)
    return offer


def test_told_from_five_cases_on(hunter: Member) -> None:
    for number in range(4):
        talked(hunter, number, kept=True)
    assert records.record_of(sender=hunter) is None
    talked(hunter, 4, kept=False)

    assert records.record_of(sender=hunter) == Record(kept=4, cases=5)
    assert records.record_of(employer="Nordlicht Optik GmbH") == Record(kept=4, cases=5)
    assert records.record_of(employer="Elsewhere") is None
    assert records.record_of(employer="") is None


def test_seven_of_nine(hunter: Member) -> None:
    for number in range(9):
        talked(hunter, number, kept=number > 1)

    assert records.record_of(sender=hunter) == Record(kept=7, cases=9)


def test_baiting_with_false_ranges_is_told_of_the_employer_whoever_sends(mo: Member) -> None:
    """Three accounts, two names of one employer: the next ones offered a role there read it."""
    one, other = (organisations.find_or_make(name) for name in ("Bait Works", "Honest Name"))
    organisations.merge(other, one, by=mo)
    for number in range(6):
        sender = (
            stage.head_hunter(f"hunter{number % 3}") if number < 3 else Member.objects.get(handle=f"hunter{number % 3}")
        )
        talked(sender, number, kept=False, employer=("Bait Works", "Honest Name")[number % 2])

    assert records.record_of(employer="Honest Name") == Record(kept=0, cases=6)
    assert records.record_of(employer="bait works") == Record(kept=0, cases=6)


def test_words_of_this_week_wait_for_monday(hunter: Member) -> None:
    for number in range(5):
        talked(hunter, number, kept=True)
    late = Offer.objects.latest("pk")
    Offer.objects.filter(pk=late.pk).update(kept_at=settled_monday() + timedelta(minutes=5))

    assert records.record_of(sender=hunter) is None
    with clock.at(settled_monday(1)):
        assert records.record_of(sender=hunter) == Record(kept=5, cases=5)


def test_one_friend_is_one_case(hunter: Member, bo: Member) -> None:
    """A sender whose friend says "kept" again and again has one case, not five."""
    stage.listens(bo)
    for number in range(5):
        with clock.at(clock.now() - (40 + 31 * (5 - number)) * DAY):
            offer = stage.sends(hunter, bo, employer=f"Firm{number}", role=f"Role{number}")
            answers.answer(offer, by=bo, answer="interested")
            records.report_range(offer, by=bo, kept=True)

    assert Offer.objects.filter(kept=True).count() == 5
    assert records.record_of(sender=hunter) is None


@pytest.mark.parametrize("answer", [None, "not-now", "unread"])
def test_only_after_interest_is_there_anything_to_say(
    bo: Member, hunter: Member, listening: Entry, answer: str | None
) -> None:
    offer = stage.sends(hunter, bo)
    if answer:
        answers.answer(offer, by=bo, answer=answer)

    with pytest.raises(records.NothingToReport):
        records.report_range(offer, by=bo, kept=True)


def test_said_once_and_by_the_recipient_alone(bo: Member, ada: Member, hunter: Member, listening: Entry) -> None:
    offer = stage.sends(hunter, bo)
    answers.answer(offer, by=bo, answer="interested")
    for stranger in (ada, hunter):
        with pytest.raises(answers.NotYourOffer):
            records.report_range(offer, by=stranger, kept=True)
    records.report_range(offer, by=bo, kept=False)
    with pytest.raises(records.NothingToReport):
        records.report_range(offer, by=bo, kept=True)

    assert Offer.objects.get().kept is False

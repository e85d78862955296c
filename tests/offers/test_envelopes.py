"""Sending offers: one form, one price, one answer; what a form may not say, and who may not send."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import Settings

from accounts import people
from accounts.models import Entry, Member, Visibility
from foundation.models import Letter
from foundation.refusals import Refusal
from network.contacts import answers as contact_answers
from network.contacts import blocks, quiet
from network.contacts.notes import NoteCarries
from network.moderation import freezing
from network.offers import answers, envelopes, filling, settling, terms
from network.offers.matching import Pay
from network.offers.models import Offer, Status
from tests.cast import asks, key, new_member, was_at
from tests.offers import stage
from tests.offers.stage import FORM, arrives, left, posts, sends
from vetting import allowance


def test_an_offer_that_fits_arrives_and_one_that_does_not_reads_the_same(bo: Member, hunter: Member) -> None:
    floor = Pay(amount=90_000, currency="EUR", period="year")
    stage.listens(bo, pay=floor)
    low = sends(hunter, bo)
    high = sends(stage.head_hunter("harry"), bo, employer="Elsewhere", pay_low=90_000, pay_high=99_000)

    assert (low.arrived_at, low.status) == (None, Status.SENT)
    assert high.arrived_at is not None
    assert high.status == Status.SENT
    assert [offer.pk for offer in answers.arrived_for(bo)] == [high.pk]
    assert terms.met_by(high, by=bo) == ["pay", "employer"]


def test_without_terms_nothing_arrives(bo: Member, hunter: Member) -> None:
    was_at(bo, "Acme Werke")

    assert not arrives(hunter, bo)


def test_it_costs_one_whatever_becomes_of_it(bo: Member, ada: Member, hunter: Member, listening: Entry) -> None:
    was_at(ada, "Acme Werke")
    before = left(hunter)
    assert arrives(hunter, bo)
    assert left(hunter) == before - 1
    assert not arrives(hunter, ada)
    assert left(hunter) == before - 2


def test_the_month_has_an_end(bo: Member, hunter: Member) -> None:
    for number in range(settings.OFFERS_A_MONTH):
        other = new_member(f"other{number}")
        was_at(other, "Acme Werke")
        posts(hunter, other)
    was_at(bo, "Acme Werke")

    with pytest.raises(allowance.AllowanceSpent):
        posts(hunter, bo)
    assert Offer.objects.filter(recipient=bo).count() == 0


def test_without_standing_there_is_no_offer(bo: Member, ada: Member, listening: Entry) -> None:
    with pytest.raises(allowance.NoAllowance):
        posts(ada, bo)


def test_the_same_form_sent_twice_is_one_offer(bo: Member, hunter: Member, listening: Entry) -> None:
    again = key()
    one, two = (envelopes.send(hunter, bo, FORM, entry=listening, key=again) for _ in range(2))

    assert one == two
    assert left(hunter) == settings.OFFERS_A_MONTH - 1


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_offer(bo: Member, hunter: Member, listening: Entry) -> None:
    again = key()

    def once(_number: int) -> int:
        try:
            return envelopes.send(hunter, bo, FORM, entry=listening, key=again).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(once, range(8)))) == 1
    assert left(hunter) == settings.OFFERS_A_MONTH - 1


@pytest.mark.django_db(transaction=True)
def test_eight_forms_at_once_make_one_offer_of_a_role(bo: Member, hunter: Member, listening: Entry) -> None:
    def once(_number: int) -> bool:
        try:
            return posts(hunter, bo).pk > 0
        except Refusal:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(once, range(8))) == 1
    assert left(hunter) == settings.OFFERS_A_MONTH - 1


def test_no_offer_to_oneself(hunter: Member) -> None:
    was_at(hunter, "Acme Werke")
    with pytest.raises(envelopes.OfferToOneself):
        posts(hunter, hunter)


def test_the_frozen_send_none(bo: Member, hunter: Member, mo: Member, listening: Entry) -> None:
    freezing.freeze(hunter, by=mo, reason="bait")
    hunter.refresh_from_db()
    with pytest.raises(people.Frozen):
        posts(hunter, bo)


def test_what_a_frozen_sender_has_on_its_way_does_not_arrive(
    bo: Member, hunter: Member, mo: Member, listening: Entry
) -> None:
    sent = posts(hunter, bo)
    freezing.freeze(hunter, by=mo, reason="bait")
    settling.settle(sent.pk)
    sent.refresh_from_db()

    assert sent.arrived_at is None


def test_the_blocked_are_swallowed_silently(bo: Member, hunter: Member, listening: Entry) -> None:
    bo.entries.update(visible_to=Visibility.EVERYONE)
    blocks.block(bo, hunter)
    sent = sends(hunter, bo)

    assert (sent.arrived_at, sent.status) == (None, Status.SENT)
    assert left(hunter) == settings.OFFERS_A_MONTH - 1
    assert not Letter.objects.filter(kind="offer").exists()


@pytest.mark.parametrize("whose", ["hidden", "of somebody else", "own", "none"])
def test_the_entry_is_one_of_theirs_that_the_sender_sees(
    bo: Member, ada: Member, hunter: Member, listening: Entry, whose: str
) -> None:
    entries = {
        "hidden": was_at(bo, "Secret Society", visible_to=Visibility.CONTACTS),
        "of somebody else": was_at(ada, "Acme Werke"),
        "own": was_at(hunter, "Agency"),
        "none": None,
    }

    with pytest.raises(envelopes.NotTheirEntry):
        posts(hunter, bo, entry=entries[whose])
    assert left(hunter) == settings.OFFERS_A_MONTH


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"pay_low": 80_000, "pay_high": 104_001}, filling.RangeTooWide),
        ({"pay_low": 80_000, "pay_high": 79_999}, filling.RangeTooWide),
        ({"pay_low": 0, "pay_high": 0}, filling.OfferWrong),
        ({"pay_low": 10**400, "pay_high": 10**400}, filling.OfferWrong),
        ({"currency": "XXX"}, filling.OfferWrong),
        ({"period": "century"}, filling.OfferWrong),
        ({"level": "king"}, filling.OfferWrong),
        ({"kind": "slavery"}, filling.OfferWrong),
        ({"place": "Hamburg"}, filling.OfferWrong),
        ({"remote_percent": 101}, filling.OfferWrong),
        ({"staff": -1}, filling.OfferWrong),
        ({"budget": -1}, filling.OfferWrong),
        ({"role": ""}, Refusal),
        ({"mandate": " "}, Refusal),
        ({"why": ""}, Refusal),
        ({"mandate": "See https://example.org/job"}, NoteCarries),
        ({"why": "Call 0171 2345678"}, NoteCarries),
        ({"employer": "write to jobs@example.org"}, NoteCarries),
        ({"agency": "www.example.org"}, NoteCarries),
        ({"role": "Engineer, call 0171 2345678"}, NoteCarries),
    ],
)
def test_a_form_that_says_nothing_or_too_much_is_refused(
    bo: Member, hunter: Member, listening: Entry, wrong: dict[str, object], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        posts(hunter, bo, **wrong)
    assert not Offer.objects.exists()
    assert left(hunter) == settings.OFFERS_A_MONTH


def test_the_range_may_be_as_wide_as_the_operator_says(
    bo: Member, hunter: Member, listening: Entry, settings: Settings
) -> None:
    settings.OFFER_RANGE_PERCENT = 150

    assert posts(hunter, bo, pay_low=80_000, pay_high=120_000).form["pay_high"] == 120_000


def test_a_question_wants_an_answer(bo: Member, hunter: Member, listening: Entry) -> None:
    terms.change(bo, stage.OPEN, question="What did I build at Acme?")

    with pytest.raises(filling.QuestionUnanswered):
        posts(hunter, bo)
    assert sends(hunter, bo, answer="The spectrometer for the harbour.").arrived_at


def test_in_the_quiet_period_the_side_that_asked_makes_no_offer(bo: Member, hunter: Member, listening: Entry) -> None:
    contact_answers.accept(asks(hunter, bo, was_at(hunter, "Acme Werke")), by=bo)
    stage.trusted(hunter)
    with pytest.raises(envelopes.OfferStillQuiet):
        posts(hunter, bo)
    contact = quiet.between(hunter, bo)
    assert contact
    quiet.lift(contact, by=bo)

    assert arrives(hunter, bo)

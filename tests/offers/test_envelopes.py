"""Offers: sent as a form, settled by the worker, answered by the recipient; and every way around that is shut."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts import organisations, people, ties
from accounts.models import Entry, Member, Visibility
from foundation import clock, jobs, letters
from foundation.models import Job, Letter
from foundation.refusals import Refusal
from network.contacts import answers as contact_answers
from network.contacts import blocks, quiet
from network.contacts.notes import NoteCarries
from network.messages.models import Message, Purpose
from network.moderation import freezing
from network.offers import answers, envelopes, filling, settling, terms
from network.offers.matching import Floors, Pay
from network.offers.models import Answer, Offer, Status
from tests.cast import DAY, asks, befriend, key, new_member, was_at
from tests.offers import stage
from tests.offers.stage import FORM, arrives, sends
from vetting import allowance, evidence
from vetting.models import Evidence


def send(sender: Member, recipient: Member, **more: object) -> Offer:
    """As the page does: nothing is settled yet."""
    entry = more.pop("entry", recipient.entries.first())
    form = replace(FORM, **more)  # type: ignore[arg-type]
    return envelopes.send(sender, recipient, form, entry=entry, key=key())  # type: ignore[arg-type]


def left(member: Member) -> int:
    return round(allowance.left(member, allowance.Kind.OFFER))


# ── sending ──────────────────────────────────────────────────────────────────
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
        send(hunter, other)
    was_at(bo, "Acme Werke")

    with pytest.raises(allowance.AllowanceSpent):
        send(hunter, bo)
    assert Offer.objects.filter(recipient=bo).count() == 0


def test_without_standing_there_is_no_offer(bo: Member, ada: Member, listening: Entry) -> None:
    with pytest.raises(allowance.NoAllowance):
        send(ada, bo)


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
            return send(hunter, bo).pk > 0
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
        send(hunter, hunter)


def test_the_frozen_send_none(bo: Member, hunter: Member, mo: Member, listening: Entry) -> None:
    freezing.freeze(hunter, by=mo, reason="bait")
    hunter.refresh_from_db()
    with pytest.raises(people.Frozen):
        send(hunter, bo)


def test_what_a_frozen_sender_has_on_its_way_does_not_arrive(
    bo: Member, hunter: Member, mo: Member, listening: Entry
) -> None:
    sent = send(hunter, bo)
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
        send(hunter, bo, entry=entries[whose])
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
        send(hunter, bo, **wrong)
    assert not Offer.objects.exists()
    assert left(hunter) == settings.OFFERS_A_MONTH


def test_the_range_may_be_as_wide_as_the_operator_says(
    bo: Member, hunter: Member, listening: Entry, settings: Settings
) -> None:
    settings.OFFER_RANGE_PERCENT = 150

    assert send(hunter, bo, pay_low=80_000, pay_high=120_000).form["pay_high"] == 120_000


def test_a_question_wants_an_answer(bo: Member, hunter: Member, listening: Entry) -> None:
    terms.change(bo, stage.OPEN, question="What did I build at Acme?")

    with pytest.raises(filling.QuestionUnanswered):
        send(hunter, bo)
    assert sends(hunter, bo, answer="The spectrometer for the harbour.").arrived_at


def test_in_the_quiet_period_the_side_that_asked_makes_no_offer(bo: Member, hunter: Member, listening: Entry) -> None:
    contact_answers.accept(asks(hunter, bo, was_at(hunter, "Acme Werke")), by=bo)
    stage.trusted(hunter)
    with pytest.raises(envelopes.OfferStillQuiet):
        send(hunter, bo)
    contact = quiet.between(hunter, bo)
    assert contact
    quiet.lift(contact, by=bo)

    assert arrives(hunter, bo)


# ── one role, one person, one year ───────────────────────────────────────────
def test_one_sender_makes_one_person_one_offer_in_thirty_days(bo: Member, hunter: Member, listening: Entry) -> None:
    send(hunter, bo)
    with pytest.raises(envelopes.OfferedLately):
        send(hunter, bo, employer="Elsewhere", role="Head of sales")


@pytest.mark.parametrize(
    "renamed",
    [
        {},
        {"role": "Senior Optical Engineer (m/w/d)"},
        {"role": "Engineer for optical systems"},
        {"employer": ""},
        {"employer": "Nordlicht Optik Deutschland AG"},
        {"employer": "NORDLICHT  optik", "place": "DE"},
        {"pay_low": 90_000, "level": "lead", "kind": "freelance"},
    ],
)
def test_renaming_the_role_does_not_reset_the_year(
    bo: Member, hunter: Member, listening: Entry, renamed: dict[str, object]
) -> None:
    with clock.at(clock.now() - 40 * DAY):
        send(hunter, bo)
    with pytest.raises(envelopes.OfferedAlready):
        send(hunter, bo, **renamed)


def test_renaming_by_another_known_name_neither(bo: Member, hunter: Member, mo: Member, listening: Entry) -> None:
    one, other = (organisations.find_or_make(name) for name in ("Nordlicht Optik", "Aurora"))
    with clock.at(clock.now() - 40 * DAY):
        send(hunter, bo)
    organisations.merge(one, other, by=mo)

    with pytest.raises(envelopes.OfferedAlready):
        send(hunter, bo, employer="Aurora")


def test_after_a_year_the_role_may_be_offered_again(bo: Member, hunter: Member, listening: Entry) -> None:
    with clock.at(clock.now() - 366 * DAY):
        sends(hunter, bo)

    assert arrives(hunter, bo)


def test_an_agency_with_five_accounts_is_one(bo: Member, listening: Entry) -> None:
    agents = [stage.head_hunter(f"agent{number}") for number in range(5)]
    told = [sends(agent, bo, agency="Five Faces", role=f"Optical engineer {n}") for n, agent in enumerate(agents)]

    assert [offer.arrived_at is not None for offer in told] == [True, False, False, False, False]
    assert {offer.status for offer in told} == {Status.SENT}
    assert {left(agent) for agent in agents} == {settings.OFFERS_A_MONTH - 1}


def test_only_the_first_rung_of_a_ladder_is_weighed(bo: Member) -> None:
    """Five accounts, one role, rising pay: had the later ones arrived, the first to arrive would name the floor."""
    stage.listens(bo, pay=Pay(amount=85_000, currency="EUR", period="year"))
    agents = [stage.head_hunter(f"agent{number}") for number in range(5)]
    ladder = [sends(agent, bo, pay_low=80_000 + 2_000 * n, pay_high=96_000) for n, agent in enumerate(agents)]

    assert not any(offer.arrived_at for offer in ladder)


def test_a_confidential_employer_is_refused_by_most_terms(bo: Member, ada: Member, hunter: Member) -> None:
    stage.listens(bo)
    stage.listens(ada, confidential=True)

    assert not arrives(hunter, bo, employer="")
    assert arrives(hunter, ada, employer="")
    assert not arrives(stage.head_hunter("harry"), bo, employer=" -- ", role="Head of sales")


def test_not_within_months_of_a_change(bo: Member, hunter: Member) -> None:
    now = clock.now()
    was_at(bo, "New place", f"{now.year - 1}-{now.month:02}", None)
    stage.listens(bo, not_within_months=13)
    assert not arrives(hunter, bo)
    terms.change(bo, Floors(wanted=True, not_within_months=12))

    assert arrives(stage.head_hunter("harry"), bo, employer="Elsewhere")


# ── the worker ───────────────────────────────────────────────────────────────
def test_the_worker_looks_later_and_at_a_moment_that_depends_on_nothing(
    bo: Member, hunter: Member, listening: Entry, settings: Settings
) -> None:
    settings.OFFER_WAIT_MINUTES, settings.OFFER_JITTER_MINUTES = 60, 360
    send(hunter, bo)
    job = Job.objects.get(kind="offer-settle")
    wait = job.due_at - clock.now()

    assert set(job.payload) == {"offer"}
    assert 59 <= wait.total_seconds() / 60 <= 421
    assert jobs.drain_everything() >= 0
    assert Offer.objects.get().settled_at is None
    minutes = {envelopes.settle_later().total_seconds() / 60 for _ in range(2000)}
    assert min(minutes) >= 60
    assert max(minutes) <= 420
    assert len(minutes) > 300


def test_sending_reads_of_the_terms_the_question_alone(bo: Member, hunter: Member, listening: Entry) -> None:
    with CaptureQueriesContext(connection) as said:
        send(hunter, bo)
    read = [one["sql"] for one in said if '"offers_terms"' in one["sql"]]

    assert len(read) == 1
    assert "sealed" not in read[0]


def test_settled_twice_is_once(bo: Member, hunter: Member, listening: Entry) -> None:
    first = sends(hunter, bo)
    settling.settle(first.pk)
    first_again = Offer.objects.get()

    assert first_again.arrived_at == first.arrived_at
    assert Letter.objects.filter(kind="offer").count() == 1


def test_terms_of_that_hour_decide(bo: Member, hunter: Member, listening: Entry) -> None:
    sent = send(hunter, bo)
    terms.change(bo, Floors())
    settling.settle(sent.pk)
    sent.refresh_from_db()

    assert sent.arrived_at is None


def test_the_letter_holds_no_words_of_strangers(bo: Member, hunter: Member, listening: Entry) -> None:
    sends(hunter, bo)
    said = letters.text_of(Letter.objects.get(kind="offer"))

    assert said.to == "bob@example.org"
    assert not any(word in f"{said.subject}{said.text}" for word in ("Nordlicht", "Optical", "pump", "Hunter"))
    assert f"/offers/{Offer.objects.get().public_id}/" in said.text


# ── answers ──────────────────────────────────────────────────────────────────
def test_interested_opens_a_thread_with_the_offer_in_it(bo: Member, hunter: Member, listening: Entry) -> None:
    offer = sends(hunter, bo)
    contact = answers.answer(offer, by=bo, answer="interested")
    offer.refresh_from_db()
    said = Message.objects.get()

    assert contact
    assert contact.asker == hunter
    assert contact.is_quiet
    assert offer.status == Status.INTERESTED
    assert (said.writer, said.purpose) == (hunter, Purpose.OFFER)
    assert "Optical engineer" in said.text
    assert ties.in_contact(hunter, bo)
    assert Letter.objects.filter(kind="interested").count() == 1


def test_interested_among_contacts_keeps_the_contact(bo: Member, hunter: Member, listening: Entry) -> None:
    befriend(hunter, bo)
    before = quiet.between(hunter, bo)
    stage.trusted(hunter)
    answers.answer(sends(hunter, bo), by=bo, answer="interested")

    assert quiet.between(hunter, bo) == before


@pytest.mark.parametrize("answer", ["not-now", "not-for-me", "unread"])
def test_every_other_answer_is_silent(bo: Member, hunter: Member, listening: Entry, answer: str) -> None:
    offer = sends(hunter, bo)
    written = Letter.objects.count()
    assert answers.answer(offer, by=bo, answer=answer) is None
    offer.refresh_from_db()

    assert (offer.answer, offer.status) == (answer, Status.SENT)
    assert Letter.objects.count() == written
    assert not ties.in_contact(hunter, bo)
    assert Evidence.objects.filter(kind=evidence.PITCH).count() == (answer == "unread")


def test_only_the_recipient_answers_and_only_what_arrived(
    bo: Member, ada: Member, hunter: Member, listening: Entry
) -> None:
    offer = sends(hunter, bo)
    for stranger in (ada, hunter):
        with pytest.raises(answers.NotYourOffer):
            answers.answer(offer, by=stranger, answer="interested")
        with pytest.raises(answers.NotYourOffer):
            answers.for_recipient(stranger, offer.public_id)
    terms.change(bo, Floors())
    away = sends(stage.head_hunter("harry"), bo, employer="Elsewhere")
    with pytest.raises(answers.NotYourOffer):
        answers.answer(away, by=bo, answer="interested")


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_an_answer_is_one_of_four_and_given_once(bo: Member, hunter: Member, listening: Entry, answer: str) -> None:
    offer = sends(hunter, bo)
    with pytest.raises(answers.OfferAnswered):
        answers.answer(offer, by=bo, answer=answer)
    answers.answer(offer, by=bo, answer="not-now")
    with pytest.raises(answers.OfferAnswered):
        answers.answer(offer, by=bo, answer="interested")


def test_after_sixty_days_it_has_ended_for_both(bo: Member, hunter: Member, listening: Entry) -> None:
    with clock.at(clock.now() - 60 * DAY):
        offer = sends(hunter, bo)

    assert offer.status == Status.ENDED
    assert not answers.waiting_for(bo).exists()
    with pytest.raises(answers.OfferAnswered):
        answers.answer(offer, by=bo, answer="interested")


def test_whom_one_has_blocked_one_does_not_talk_to(bo: Member, hunter: Member, listening: Entry) -> None:
    offer = sends(hunter, bo)
    blocks.block(bo, hunter)

    with pytest.raises(answers.OfferFromBlocked):
        answers.answer(offer, by=bo, answer="interested")
    assert answers.answer(offer, by=bo, answer="unread") is None


def test_the_frozen_open_no_thread(bo: Member, hunter: Member, mo: Member, listening: Entry) -> None:
    offer = sends(hunter, bo)
    freezing.freeze(bo, by=mo, reason="a report")
    bo.refresh_from_db()

    with pytest.raises(people.Frozen):
        answers.answer(offer, by=bo, answer="interested")
    assert Offer.objects.get().answer == Answer.NONE


def test_answered_at_once_by_two_clicks_is_one_thread(bo: Member, hunter: Member, listening: Entry) -> None:
    offer = sends(hunter, bo)
    answers.answer(offer, by=bo, answer="interested")
    with pytest.raises(answers.OfferAnswered):
        answers.answer(offer, by=bo, answer="interested")

    assert Message.objects.count() == 1

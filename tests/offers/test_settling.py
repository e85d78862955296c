"""The worker's turn: one role, one person, one year; later, once, and without a word to the sender."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts import organisations
from accounts.models import Entry, Member
from foundation import clock, jobs, letters
from foundation.models import Job, Letter
from network.offers import envelopes, settling, terms
from network.offers.matching import Floors, Pay
from network.offers.models import Offer, Status
from tests.cast import DAY, was_at
from tests.offers import stage
from tests.offers.stage import arrives, left, posts, sends


def test_one_sender_makes_one_person_one_offer_in_thirty_days(bo: Member, hunter: Member, listening: Entry) -> None:
    posts(hunter, bo)
    with pytest.raises(envelopes.OfferedLately):
        posts(hunter, bo, employer="Elsewhere", role="Head of sales")


@pytest.mark.parametrize(
    "renamed",
    [
        {},
        {"role": "Senior Optical Engineer (m/w/d)"},
        {"role": "Engineer for optical systems"},
        {"employer": ""},
        {"employer": "Nordlicht Optik Deutschland AG"},
        {"employer": "NORDLICHT  optik", "place": "DE"},
        {"employer": "N\u043erdlicht \u041eptik GmbH"},  # a Cyrillic o
        {"role": "\u041ep\u0442ical \u0395ngineer"},  # and a Greek E
        {"pay_low": 90_000, "level": "lead", "kind": "freelance"},
    ],
)
def test_renaming_the_role_does_not_reset_the_year(
    bo: Member, hunter: Member, listening: Entry, renamed: dict[str, object]
) -> None:
    with clock.at(clock.now() - 40 * DAY):
        posts(hunter, bo)
    with pytest.raises(envelopes.OfferedAlready):
        posts(hunter, bo, **renamed)


def test_renaming_by_another_known_name_neither(bo: Member, hunter: Member, mo: Member, listening: Entry) -> None:
    one, other = (organisations.find_or_make(name) for name in ("Nordlicht Optik", "Aurora"))
    with clock.at(clock.now() - 40 * DAY):
        posts(hunter, bo)
    organisations.merge(one, other, by=mo)

    with pytest.raises(envelopes.OfferedAlready):
        posts(hunter, bo, employer="Aurora")


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
    posts(hunter, bo)
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
        posts(hunter, bo)
    read = [one["sql"] for one in said if '"offers_terms"' in one["sql"]]

    assert len(read) == 1
    assert "sealed" not in read[0]


def test_settled_twice_is_once(bo: Member, hunter: Member, listening: Entry) -> None:
    first = sends(hunter, bo)
    settling.settle(first.pk)
    first_again = Offer.objects.get()

    assert first_again.arrived_at == first.arrived_at
    jobs.drain_everything()
    assert Letter.objects.filter(kind="offer").count() == 1


def test_terms_of_that_hour_decide(bo: Member, hunter: Member, listening: Entry) -> None:
    sent = posts(hunter, bo)
    terms.change(bo, Floors())
    settling.settle(sent.pk)
    sent.refresh_from_db()

    assert sent.arrived_at is None


def test_the_letter_holds_no_words_of_strangers(bo: Member, hunter: Member, listening: Entry) -> None:
    sends(hunter, bo)
    jobs.drain_everything()
    said = letters.text_of(Letter.objects.get(kind="offer"))

    assert said.to == "bob@example.org"
    assert not any(word in f"{said.subject}{said.text}" for word in ("Nordlicht", "Optical", "pump", "Hunter"))
    assert f"/offers/{Offer.objects.get().public_id}/" in said.text

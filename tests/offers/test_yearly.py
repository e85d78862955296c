"""The locust report: counted from the member's own side, by the year, and nothing of it about anybody else."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext as CaptureQueries

from accounts.models import Entry, Member
from foundation import clock, jobs
from network.contacts import answers, blocks
from network.messages import pitches, promotions, threads
from network.moderation import appeals, decisions, labels
from network.offers import yearly
from network.offers.models import Offer
from tests.cast import DAY, asks, befriend, key, new_member, was_at
from tests.messages.markets import can_answer, opens, promotes

THIS = clock.today().year


def now(member: Member) -> yearly.Year:
    return yearly.report(member, clock.today().year)


def asked_at_acme(handle: str, recipient: Member) -> Member:
    asker = new_member(handle)
    asks(asker, recipient, was_at(asker, "Acme Werke", "2002-01", "2004-12"))
    return asker


def test_an_empty_year_is_all_zeros(ada: Member) -> None:
    assert set(dict(yearly.as_rows(now(ada))).values()) == {0, THIS}


def test_requests_are_counted_with_their_grades(bo: Member, ada: Member, at_acme: Entry) -> None:
    request = asks(ada, bo, at_acme)
    answers.accept(request, by=bo)
    stranger = new_member("stranger")
    asks(stranger, bo, was_at(stranger, "Elsewhere Ltd"))
    blocked = new_member("blocked")
    blocks.block(bo, blocked)
    asks(blocked, bo, was_at(blocked, "Acme Werke"))

    found = now(bo)
    assert (found.asked, found.accepted, found.kept_in_tray, found.kept_away) == (3, 1, 1, 1)
    assert found.asked_b == 2 - found.asked_a
    assert found.asked_c == 1


def test_who_pitched_counts_once_and_not_after_an_appeal(bo: Member, ada: Member, at_acme: Entry, mo: Member) -> None:
    """By the decline *this was a pitch*, by a mark, and by both: people, not clicks."""
    answers.decline(
        asks(new_member("first"), bo, was_at(Member.objects.get(handle="first"), "Acme Werke")), by=bo, answer="pitch"
    )
    answers.accept(asks(ada, bo, at_acme), by=bo)
    pitch = pitches.mark(threads.write(ada, bo, text="Buy", key=key()), by=bo)
    assert now(bo).pitched == 2

    pitches.appeal(pitch, by=ada, text="It was a joke.")
    jobs.drain_everything()
    decisions.uphold(appeals.open_for(pitch), by=mo, to_reporter="A joke.", to_subject="A joke.")
    assert now(bo).pitched == 1


def test_promotions_and_unlabelled_advertising(bo: Member, ada: Member, cleo: Member, mo: Member) -> None:
    sent = promotes(can_answer(ada), opens(bo))
    promotions.opt_out(sent, by=bo)
    befriend(cleo, bo)
    message = threads.write(cleo, bo, text="Our pumps are cheap.", key=key())
    decisions.uphold(labels.mark(message, by=bo, label="promotion").case, by=mo, to_reporter="Yes.", to_subject="No.")

    found = now(bo)
    assert (found.promotions, found.promotions_objected, found.unlabelled) == (1, 1, 1)
    assert now(cleo).unlabelled == 0
    assert now(ada).promotions == 0


def test_offers_are_counted_by_what_became_of_them(bo: Member, ada: Member) -> None:
    moments = [{}, {"settled_at": clock.now()}, {"settled_at": clock.now(), "arrived_at": clock.now()}]
    for one in moments:
        Offer.objects.create(sender=ada, recipient=bo, form={}, role=[], key=key(), **one)
    Offer.objects.filter(arrived_at__isnull=False).update(answer="unread", answered_at=clock.now())

    found = now(bo)
    assert (found.offers, found.offers_arrived, found.offers_kept_away, found.offers_unread) == (3, 1, 1, 1)


def test_a_year_begins_and_ends_at_midnight_utc(bo: Member, ada: Member) -> None:
    for moment in (datetime(2025, 12, 31, 23, 59, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)):
        Offer.objects.create(sender=ada, recipient=bo, form={}, role=[], key=key(), sent_at=moment)

    with clock.at(datetime(2027, 1, 1, tzinfo=UTC)):
        assert [yearly.report(bo, year).offers for year in (2025, 2026, 2027)] == [1, 1, 0]


def test_only_years_of_membership_have_a_report() -> None:
    young = None
    with clock.at(datetime(2025, 6, 1, tzinfo=UTC)):
        young = Member(joined_at=clock.now())
    with clock.at(datetime(2026, 6, 1, tzinfo=UTC)):
        assert yearly.years_of(young) == [2026, 2025]
        for year in (0, 1, 2024, 2027, 9999, 10**40):
            with pytest.raises(yearly.NoSuchYear):
                yearly.report(young, year)


def test_the_questions_do_not_grow_with_the_year(bo: Member) -> None:
    def asked() -> int:
        with CaptureQueries(connection) as queries:
            now(bo)
        return len(queries)

    few = asked()
    for number in range(5):
        asked_at_acme(f"asker{number}", bo)

    assert asked() == few <= 8


def test_what_befell_others_is_not_in_it(bo: Member, ada: Member, at_acme: Entry) -> None:
    with clock.at(clock.now() - 1 * DAY):
        before = now(ada)
    asks(ada, bo, at_acme)

    assert now(ada) == before

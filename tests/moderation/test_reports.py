"""Reporting: only what one received, kept as it was, one case a member, and nothing changes before a decision."""

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import DatabaseError

from accounts.models import Entry, Member
from foundation import audit, jobs
from network.contacts.models import Request
from network.messages import threads
from network.messages.models import Message
from network.moderation import notices, reports
from network.moderation.models import Case, Report, State
from tests.cast import asks, befriend, key, new_member
from vetting import ledger, standing


@pytest.fixture
def message(ada: Member, bo: Member) -> Message:
    befriend(ada, bo)
    return threads.write(ada, bo, text="Buy my <b>course</b>!", key=key())


def test_the_recipient_reports_and_the_text_is_kept(message: Message, ada: Member, bo: Member) -> None:
    made = reports.report(bo, ada, message=message, words="He sells.", key=key())

    assert made.evidence["text"] == "Buy my <b>course</b>!"
    assert made.evidence["who"] == "@ada"
    assert made.case.about == ada
    Message.objects.filter(pk=message.pk).delete()
    assert Report.objects.get().evidence["text"] == "Buy my <b>course</b>!"


def test_one_s_own_message_cannot_be_reported(message: Message, ada: Member, bo: Member) -> None:
    with pytest.raises(reports.ReportingOneself):
        reports.report(ada, ada, message=message, words="x", key=key())
    with pytest.raises(reports.NotYoursToReport):
        reports.report(ada, bo, message=message, words="x", key=key())


def test_others_messages_cannot_be_reported(message: Message, ada: Member, mallory: Member) -> None:
    with pytest.raises(reports.NotYoursToReport):
        reports.report(mallory, ada, message=message, words="x", key=key())
    assert not Case.objects.exists()


def test_a_request_is_reported_by_whom_it_reached(at_acme: Entry, ada: Member, bo: Member, cleo: Member) -> None:
    request = asks(ada, bo, at_acme, note="We were there, weren't we?")
    for nosy in (cleo, ada):
        with pytest.raises((reports.NotYoursToReport, reports.ReportingOneself)):
            reports.report(nosy, ada, request=request, words="x", key=key())

    made = reports.report(bo, ada, request=request, words="Never met.", key=key())
    assert made.evidence["text"] == "We were there, weren't we?"
    assert made.evidence["entry"]["organisation"].startswith("Acme")


def test_a_swallowed_request_cannot_be_reported(at_acme: Entry, ada: Member, bo: Member) -> None:
    request = asks(ada, bo, at_acme)
    Request.objects.filter(pk=request.pk).update(whereabouts="nowhere")

    with pytest.raises(reports.NotYoursToReport):
        reports.report(bo, ada, request=Request.objects.get(pk=request.pk), words="x", key=key())


def test_the_same_thing_twice_is_one_report(message: Message, ada: Member, bo: Member) -> None:
    first = reports.report(bo, ada, message=message, words="He sells.", key=key())
    again = reports.report(bo, ada, message=message, words="Again!", key=key())

    assert first == again
    assert Report.objects.count() == 1


def test_open_reports_about_one_member_are_one_case(ada: Member, bo: Member, cleo: Member) -> None:
    one = reports.report(bo, ada, words="Her name is not hers.", key=key())
    other = reports.report(cleo, ada, words="I agree.", key=key())

    assert one.case == other.case
    Case.objects.filter(pk=one.case_id).update(
        state=State.DISMISSED, decided_at=one.at, decided_by=cleo, to_reporter="a", to_subject="b"
    )
    assert reports.report(bo, ada, words="She did it again.", key=key()).case != one.case


@pytest.mark.parametrize("words", ["", "  ", "\u200b", "x" * 2001])
def test_a_report_needs_words(words: str, ada: Member, bo: Member) -> None:
    with pytest.raises(reports.ReportWordsNeeded):
        reports.report(bo, ada, words=words, key=key())


def test_ten_reports_a_day_are_enough(ada: Member) -> None:
    others = [new_member(f"other{number}") for number in range(settings.REPORTS_A_DAY + 1)]
    for other in others[:-1]:
        reports.report(ada, other, words="Spam.", key=key())

    with pytest.raises(reports.EnoughReports):
        reports.report(ada, others[-1], words="Spam.", key=key())


def test_reports_alone_change_nothing_for_the_reported(ada: Member) -> None:
    before = standing.recompute(ada).conduct
    for number in range(20):
        reports.report(new_member(f"slander{number}"), ada, words="Bad!", key=key())
    jobs.drain_everything()

    assert standing.recompute(ada).conduct == before
    assert not ledger.about(ada).filter(kind="strike").exists()
    assert ledger.about(ada).filter(kind="reported", word=0).count() == 20
    assert ada.frozen_at is None
    assert Case.objects.count() == 1


def test_the_reported_learns_nothing_before_the_decision(ada: Member, bo: Member) -> None:
    reports.report(bo, ada, words="Bad!", key=key())

    assert notices.notices_for(ada) == []
    assert reports.waiting_of(ada) == []
    assert len(reports.waiting_of(bo)) == 1


def test_a_page_is_kept_as_the_reporter_sees_it(ada: Member, bo: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(about="PRIVATE WORDS", about_to=0, headline="Seen by all", headline_to=3)
    ada.refresh_from_db()

    kept = str(reports.report(bo, ada, words="Bad!", key=key()).evidence)
    assert "Seen by all" in kept
    assert "PRIVATE WORDS" not in kept


@pytest.mark.parametrize("table", ["foundation_auditentry", "vetting_evidence"])
@pytest.mark.parametrize("sql", ["DELETE FROM {}", "UPDATE {} SET id = id", "TRUNCATE {} CASCADE"])
def test_nobody_edits_the_log_or_the_ledger(sql: str, table: str, ada: Member, bo: Member) -> None:
    audit.note("somebody", "did", "something")
    ledger.record(ada, by=bo, kind="pitch", source="request:x")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET leumund.may_truncate = 'off'")
        try:
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                cursor.execute(sql.format(table))
        finally:
            cursor.execute("SET leumund.may_truncate = 'on'")

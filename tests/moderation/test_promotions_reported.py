"""A promotion is reported with the consent beside it: a call opened as bait harms who opened it."""

import pytest

from accounts.models import Member
from foundation import jobs
from network.messages import calls, promotions, threads
from network.moderation import decisions, reports
from network.moderation.models import Report
from tests.cast import befriend, key
from tests.messages.markets import WORDS, can_answer, opens, promotes, stands
from vetting import evidence, standing
from vetting.models import Evidence

REASONS = {"to_reporter": "You were right.", "to_subject": "Advertising carries its label here."}


def strikes(member: Member) -> int:
    return Evidence.objects.filter(about=member.ledger_id, kind=evidence.STRIKE).count()


# ── promotions are reported, too ─────────────────────────────────────────────


def test_a_promotion_is_reported_with_the_consent_beside_it(ada: Member, bo: Member) -> None:
    sent = promotes(can_answer(ada), opens(bo))
    made = reports.report(bo, ada, words="It was rude.", key=key(), promotion=sent)

    assert made.evidence["consent"]["words"] == WORDS
    assert made.evidence["text"] == sent.text
    sent.refresh_from_db()
    assert sent.objected_at


def test_only_its_recipient_reports_a_promotion(ada: Member, bo: Member, mallory: Member) -> None:
    sent = promotes(can_answer(ada), opens(bo))
    for nosy, about in ((mallory, ada), (bo, mallory)):
        with pytest.raises(reports.NotYoursToReport):
            reports.report(nosy, about, words="x", key=key(), promotion=sent)
    with pytest.raises(reports.ReportingOneself):
        reports.report(ada, ada, words="x", key=key(), promotion=sent)


def test_a_call_opened_as_bait_harms_who_opened_it(ada: Member, bo: Member, mo: Member) -> None:
    """Bo asks for promotions, gets one of his competitor's, closes the call and reports it as unasked for: until a
    decision nothing changes for Ada, the moderator reads that he had asked, and it counts against him."""
    seller = can_answer(ada)
    stands(bo, 100)
    call = opens(bo)
    sent = promotes(seller, call)
    calls.close(call, by=bo)
    promotions.opt_out(sent, by=bo)
    made = reports.report(bo, ada, words="I never asked for this!", key=key(), promotion=sent)
    jobs.drain_everything()
    assert standing.recompute(ada).conduct == 1

    assert Report.objects.get().evidence["consent"]["opened_at"] == call.opened_at.isoformat()
    decisions.dismiss_bad_faith(made.case, by=mo, **REASONS)
    jobs.drain_everything()
    assert standing.of(bo).conduct < 1
    assert strikes(ada) == 0


def test_befriending_is_no_consent(ada: Member, bo: Member) -> None:
    """A contact without an open call gets no promotion either."""
    befriend(ada, bo)
    stands(ada, 100)
    with pytest.raises(threads.NoFormYet):
        threads.write(ada, bo, text="Our pumps", key=key(), purpose="promotion")

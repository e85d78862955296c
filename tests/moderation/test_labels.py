"""Relabelling: a reader's mark is a report; upheld it costs ten, is shown to both, and quiet starts anew."""

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Entry, Member
from foundation import clock, jobs, letters
from foundation.models import AuditEntry, Letter
from network.contacts import answers, quiet
from network.contacts.models import Contact
from network.messages.models import Message
from network.moderation import decisions, labels, notices, reports
from network.moderation.models import Report, State
from tests.cast import DAY, asks, key, new_member
from tests.messages.markets import can_answer, opens, promotes, stands
from tests.moderation.desk import REASONS, says, upheld
from vetting import allowance, conduct, evidence, standing
from vetting.models import Evidence

PROMOTION = allowance.Kind.PROMOTION


@pytest.fixture
def contact(ada: Member, bo: Member, at_acme: Entry) -> Contact:
    """Ada asked, Bo accepted; her quiet period is long over."""
    with clock.at(clock.now() - 60 * DAY):
        return answers.accept(asks(ada, bo, at_acme), by=bo)


def strikes(member: Member) -> int:
    return Evidence.objects.filter(about=member.ledger_id, kind=evidence.STRIKE).count()


# ── marking ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("label", ["promotion", "offer"])
def test_a_mark_is_a_report_with_the_evidence_kept(contact: Contact, ada: Member, bo: Member, label: str) -> None:
    message = says(ada, bo)
    made = labels.mark(message, by=bo, label=label)

    assert (made.label, made.words, made.case.about, made.case.state) == (label, "", ada, State.OPEN)
    assert made.evidence["text"] == message.text
    assert made.evidence["purpose"] == "personal"
    assert labels.marked_by(bo, [message]) == {str(message.public_id): label}
    assert labels.marked_by(ada, [message]) == {}


def test_before_a_decision_nothing_changes(contact: Contact, ada: Member, bo: Member) -> None:
    stands(ada, 100)
    message = says(ada, bo)
    labels.mark(message, by=bo, label="promotion")
    jobs.drain_everything()

    message.refresh_from_db()
    assert message.shown_as == "personal"
    assert quiet.keeps_quiet(ada, bo) is None
    assert conduct.bad(standing.facts(Evidence.objects.filter(about=ada.ledger_id)), clock.now()).total == 0
    assert notices.notices_for(ada) == []


def test_marks_are_merged_into_the_open_case(contact: Contact, ada: Member, bo: Member) -> None:
    """A promotion split over three messages: three marks, one case, one strike."""
    says(bo, ada, "Yes?")
    parts = [says(ada, bo, text) for text in ("We have new pumps.", "They are cheap.", "Look at our page.")]
    cases = {labels.mark(part, by=bo, label="promotion").case_id for part in parts}
    labels.mark(parts[0], by=bo, label="promotion")

    assert len(cases) == 1
    assert Report.objects.count() == 3


def test_what_was_reported_in_words_can_be_marked_too(contact: Contact, ada: Member, bo: Member) -> None:
    message = says(ada, bo)
    report = reports.report(bo, ada, words="She sells.", key=key(), message=message)

    assert labels.mark(message, by=bo, label="promotion") == report
    kept = Report.objects.get()
    assert (kept.words, kept.label) == ("She sells.", "promotion")


@pytest.mark.parametrize("label", ["", "personal", "spam"])
def test_only_two_labels_can_be_given(contact: Contact, ada: Member, bo: Member, label: str) -> None:
    with pytest.raises(labels.NoSuchLabel):
        labels.mark(says(ada, bo), by=bo, label=label)


def test_neither_writer_nor_stranger_marks(contact: Contact, ada: Member, bo: Member, mallory: Member) -> None:
    message = says(ada, bo)
    with pytest.raises(reports.ReportingOneself):
        labels.mark(message, by=ada, label="promotion")
    with pytest.raises(reports.NotYoursToReport):
        labels.mark(message, by=mallory, label="promotion")
    assert not Report.objects.exists()


def test_marks_are_counted_among_the_reports_of_a_day(
    contact: Contact, ada: Member, bo: Member, settings: pytest.FixtureRequest
) -> None:
    settings.REPORTS_A_DAY = 1  # type: ignore[attr-defined]
    says(bo, ada)
    one, two = says(ada, bo), says(ada, bo, "And more.")
    labels.mark(one, by=bo, label="promotion")
    with pytest.raises(reports.EnoughReports):
        labels.mark(two, by=bo, label="promotion")


# ── upheld ───────────────────────────────────────────────────────────────────


def test_both_see_the_new_label_and_the_text_as_it_was(contact: Contact, ada: Member, bo: Member, mo: Member) -> None:
    message = says(ada, bo)
    upheld(message, bo, mo)

    kept = Message.objects.get(pk=message.pk)
    assert (kept.shown_as, kept.purpose, kept.text) == ("promotion", "personal", message.text)
    assert AuditEntry.objects.filter(act="labelled-message", about=f"message:{message.pk}").count() == 1
    with pytest.raises(labels.LabelledAlready):
        labels.mark(kept, by=bo, label="offer")


def test_both_are_told(contact: Contact, ada: Member, bo: Member, mo: Member) -> None:
    upheld(says(ada, bo), bo, mo)

    told = {one.to: one.text for one in map(letters.text_of, Letter.objects.filter(kind="decision"))}
    assert len(told) == 2
    assert any("your quiet period starts anew" in text for text in told.values())
    assert "shown as what it was" in notices.notices_for(ada)[0].said
    assert "as what you said it is" in notices.notices_for(bo)[0].said


def test_after_the_contact_has_ended_the_label_is_all(contact: Contact, ada: Member, bo: Member, mo: Member) -> None:
    message = says(ada, bo)
    quiet.end(contact, by=bo)
    upheld(message, bo, mo)

    assert Message.objects.get().label == "promotion"
    assert quiet.between(ada, bo) is None


def test_unlabelled_costs_ten_and_labelled_nothing(contact: Contact, ada: Member, bo: Member, mo: Member) -> None:
    """The strike weighs 10; a labelled promotion into a call weighs nothing, and a little good after two weeks."""
    cleo = can_answer(new_member("cleo2"))
    for seller in (ada, cleo):
        stands(seller, 100)
    promotes(cleo, opens(bo))
    before = allowance.left(ada, PROMOTION)

    upheld(says(ada, bo), bo, mo)
    for seller in (ada, cleo):  # whose points in this test come from nowhere, so that the worker found none
        stands(seller, 100)

    bad = {
        one: conduct.bad(standing.facts(Evidence.objects.filter(about=one.ledger_id)), clock.now())
        for one in (ada, cleo)
    }
    assert round(bad[ada].strikes, 3) == 10
    assert bad[cleo].total == 0
    assert before == 15
    assert allowance.left(ada, PROMOTION) == 0  # the bucket was emptied, and rests
    assert allowance.left(cleo, PROMOTION) > 13.9


def test_three_marks_upheld_together_are_one_strike(contact: Contact, ada: Member, bo: Member, mo: Member) -> None:
    says(bo, ada, "Yes?")
    parts = [says(ada, bo, text) for text in ("We have new pumps.", "They are cheap.", "Look at our page.")]
    cases = [labels.mark(part, by=bo, label="promotion").case for part in parts]
    decisions.uphold(cases[0], by=mo, **REASONS)

    assert strikes(ada) == 1
    assert set(Message.objects.filter(writer=ada).values_list("label", flat=True)) == {"promotion"}


def test_taking_a_decision_back_takes_the_label_back(contact: Contact, ada: Member, bo: Member, mo: Member) -> None:
    case = upheld(says(ada, bo), bo, mo)
    labels.take_back(case, by=mo)

    assert Message.objects.get().shown_as == "personal"
    assert quiet.keeps_quiet(ada, bo) is None


# ── dismissed, and meant as harm ─────────────────────────────────────────────


def test_dismissed_nothing_changes(contact: Contact, ada: Member, bo: Member, mo: Member) -> None:
    message = says(ada, bo)
    decisions.dismiss(labels.mark(message, by=bo, label="promotion").case, by=mo, **REASONS)

    assert Message.objects.get().shown_as == "personal"
    assert quiet.keeps_quiet(ada, bo) is None
    assert strikes(ada) == 0
    assert not AuditEntry.objects.filter(act="labelled-message").exists()
    assert labels.marked_by(bo, [message]) == {}


def test_marks_made_in_revenge_lose_weight(contact: Contact, ada: Member, bo: Member, mo: Member) -> None:
    stands(bo, 100)
    case = labels.mark(says(ada, bo, "The pumps of 1998, do you remember?"), by=bo, label="promotion").case
    decisions.dismiss_bad_faith(case, by=mo, **REASONS)
    jobs.drain_everything()

    facts = standing.facts(Evidence.objects.filter(about=bo.ledger_id))
    assert conduct.bad(facts, clock.now()).bad_faith == pytest.approx(2, rel=1e-3)
    assert standing.of(bo).conduct < 1
    assert standing.of(ada).conduct == 1


def test_neither_text_nor_purpose_changes_after_sending(contact: Contact, ada: Member, bo: Member) -> None:
    """Not even by SQL: nobody labels a thing afterwards and says it always was."""
    says(ada, bo)
    for change in ({"text": "I never sold anything."}, {"purpose": "promotion"}, {"writer": bo}):
        with (
            pytest.raises(DatabaseError, match=r"stays as it was written|only when what it said is kept"),
            transaction.atomic(),
        ):
            Message.objects.update(**change)
    assert Message.objects.update(text="") == 1  # erasure

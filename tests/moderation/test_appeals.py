"""Appeals against decisions: once, within six months, answered by another moderator, with reasons for both sides."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import leaving as accounts_leaving
from accounts import powers
from accounts.models import Account, Member
from foundation import clock, jobs
from foundation.models import AuditEntry
from network.moderation import decisions, freezing, leaving, moderators, reports, review, rulings, wordings
from network.moderation.models import Appeal, AppealState, Case, Effect, Ground, Reversal, State
from tests.cast import befriend, key, new_member
from tests.moderation.conftest import WORDS
from tests.moderation.desk import REASONS, at, browser, letters_to
from vetting import ledger, standing


# ── who may appeal, against what, how long ──────────────────────────────────
def test_only_whom_it_weighs_on_can_appeal(struck: Case, ada: Member, bo: Member, cleo: Member, mo: Member) -> None:
    for nosy in (bo, cleo, mo):
        with pytest.raises(review.NothingToAppeal):
            review.ask_about_case(struck.public_id, by=nosy, words=WORDS)
        assert browser(nosy).get(reverse("appeal_case", args=[struck.public_id])).status_code == 404
        answer = browser(nosy).post(reverse("appeal_case", args=[struck.public_id]), {"words": WORDS})
        assert answer.status_code == 404
    with pytest.raises(review.NothingToAppeal):
        review.ask_about_case(uuid4(), by=ada, words=WORDS)
    freeze = freezing.freeze(ada, by=mo, reason="x")
    for nosy in (bo, mo):
        with pytest.raises(review.NothingToAppeal):
            review.ask_about_freeze(freeze.pk, by=nosy, words=WORDS)
        assert browser(nosy).post(reverse("appeal_freeze", args=[freeze.pk]), {"words": WORDS}).status_code == 404
    assert not Appeal.objects.exists()


def test_nothing_open_dismissed_for_the_reported_or_taken_back_can_be_appealed(
    case: Case, ada: Member, bo: Member, mo: Member
) -> None:
    for by in (ada, bo):
        assert not review.may_appeal(case, by)
    decisions.dismiss(case, by=mo, **REASONS)
    assert not review.may_appeal(case, ada)
    assert review.may_appeal(case, bo)
    other = decisions.uphold(reports.report(bo, ada, words="x", key=key()).case, by=mo, **REASONS)
    decisions.take_back(other, by=mo, **REASONS)
    assert not review.may_appeal(other, ada)


def test_six_months_and_not_a_day_longer(struck: Case, ada: Member) -> None:
    assert struck.decided_at is not None
    end = struck.decided_at + timedelta(days=184)
    with clock.at(end), pytest.raises(review.NothingToAppeal):
        review.ask_about_case(struck.public_id, by=ada, words=WORDS)
    with clock.at(end - timedelta(seconds=1)):
        assert review.ask_about_case(struck.public_id, by=ada, words=WORDS).first == struck.decided_by


@pytest.mark.parametrize("words", ["", " ", "\u200b", "x" * 2001])
def test_an_appeal_needs_words_and_is_made_once(words: str, struck: Case, ada: Member) -> None:
    with pytest.raises(review.AppealWordsNeeded):
        review.ask_about_case(struck.public_id, by=ada, words=words)
    review.ask_about_case(struck.public_id, by=ada, words=WORDS)
    with pytest.raises(review.NothingToAppeal):
        review.ask_about_case(struck.public_id, by=ada, words=WORDS)


def test_the_frozen_appeal_from_their_page(ada: Member, mo: Member, nina: Member) -> None:
    freeze = freezing.freeze(ada, by=mo, reason="A wave.")
    door = reverse("appeal_freeze", args=[freeze.pk])
    me = browser(ada)

    assert door in me.get(reverse("notices")).content.decode()
    assert "A wave." in me.get(door).content.decode()
    assert me.post(door, {"words": ""}).status_code == 400
    assert me.post(door, {"words": WORDS}).status_code == 302
    page = me.get(reverse("notices")).content.decode()
    assert WORDS in page
    assert door not in page
    rulings.grant(Appeal.objects.get(), by=nina, reason="We are sorry.")
    ada.refresh_from_db()
    assert ada.frozen_at is None
    assert "We are sorry." in me.get(reverse("notices")).content.decode()


# ── who answers ─────────────────────────────────────────────────────────────
def test_another_moderator_answers_and_nobody_near(
    appeal: Appeal, ada: Member, bo: Member, cleo: Member, mo: Member
) -> None:
    near = {name: new_member(name) for name in ("near_ada", "near_bo")}
    for member, friend in zip(near.values(), (ada, bo), strict=True):
        moderators.appoint(member)
        befriend(member, friend)
    Account.objects.filter(member=cleo).update(is_staff=True)
    not_theirs = [(mo, rulings.AnotherAnswers), *((one, rulings.AnotherAnswers) for one in near.values())]
    for who, refusal in [
        *not_theirs,
        (Member.objects.get(pk=cleo.pk), powers.NotAModerator),
        (None, powers.NotAModerator),
    ]:
        with pytest.raises(refusal):
            rulings.grant(appeal, by=who, reason="x", to_other="x")
        with pytest.raises(refusal):
            rulings.dismiss(appeal, by=who, reason="x")
    assert AuditEntry.objects.filter(act="was-refused-appeal", about=appeal.source).count() == 10
    for who, _refusal in not_theirs:
        for tool in ("grant", "dismiss"):
            assert browser(who).post(at("moderation_appeal_tool", appeal.pk, tool), {"reason": "x"}).status_code == 404
        assert browser(who).get(at("moderation_appeal_change", appeal.pk)).status_code == 404
    appeal.refresh_from_db()
    assert appeal.state == AppealState.OPEN


def test_the_database_itself_refuses_an_answer_by_whoever_decided_first(appeal: Appeal, mo: Member) -> None:
    with pytest.raises(IntegrityError, match="appeal_answered_by_another"), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(
            state=AppealState.DISMISSED, decided_by=mo, decided_at=clock.now(), reason="x"
        )


def test_a_dismissed_appeal_changes_nothing_but_says_why(appeal: Appeal, ada: Member, bo: Member, nina: Member) -> None:
    jobs.drain_everything()
    before = (list(ledger.about(ada).values_list("kind", "source")), letters_to(bo))
    rulings.dismiss(appeal, by=nina, reason="Three messages of the same kind.")
    jobs.drain_everything()

    assert (list(ledger.about(ada).values_list("kind", "source")), letters_to(bo)) == before
    assert "the decision stays" in letters_to(ada)
    assert "Three messages of the same kind." in browser(ada).get(reverse("notices")).content.decode()
    assert not Reversal.objects.exists()
    with pytest.raises(rulings.Answered):
        rulings.dismiss(appeal, by=nina, reason="x")
    with pytest.raises(rulings.Answered):
        rulings.grant(appeal, by=nina, reason="x", to_other="x")


def test_a_granted_one_is_told_to_both_without_names(appeal: Appeal, ada: Member, bo: Member, nina: Member) -> None:
    for slip in (f"@{bo.handle} was wrong", bo.name):
        with pytest.raises(wordings.ReporterNamed):
            rulings.grant(appeal, by=nina, reason=slip, to_other="x")
    with pytest.raises(wordings.ReasonNeeded):
        rulings.grant(appeal, by=nina, reason="We were wrong.", to_other="")
    appeal.refresh_from_db()
    assert appeal.state == AppealState.OPEN

    rulings.grant(appeal, by=nina, reason="We were wrong.", to_other="It was no advertising.")
    assert "We were wrong." in letters_to(ada)
    assert "It was no advertising." in letters_to(bo)
    assert "It was no advertising." not in letters_to(ada)
    assert bo.handle not in letters_to(ada)
    assert {line.act for line in AuditEntry.objects.filter(actor=f"member:{nina.pk}")} >= {
        "granted-appeal",
        "took-back-case",
    }


# ── whoever reported ────────────────────────────────────────────────────────
def test_a_report_dismissed_too_lightly_is_upheld_by_another(
    case: Case, ada: Member, bo: Member, mo: Member, nina: Member
) -> None:
    decisions.dismiss(case, by=mo, **REASONS)
    appeal = review.ask_about_case(case.public_id, by=bo, words=WORDS)
    with pytest.raises(wordings.GroundNeeded):
        rulings.grant(appeal, by=nina, reason="x", to_other="x", ground="")

    rulings.grant(appeal, by=nina, reason="You were right.", to_other="This is advertising.", ground=Ground.PITCHED)
    jobs.drain_everything()

    case.refresh_from_db()
    appeal.refresh_from_db()
    assert (case.state, case.effect, case.ground, case.decided_by) == (State.UPHELD, Effect.STRIKE, "pitched", nina)
    assert appeal.before["to_subject"] == REASONS["to_subject"]
    assert standing.recompute(ada).conduct < 1
    assert bo.handle not in letters_to(ada)
    theirs = review.ask_about_case(case.public_id, by=ada, words="And I say no.")
    with pytest.raises(rulings.AnotherAnswers):
        rulings.grant(theirs, by=nina, reason="x", to_other="x")
    rulings.grant(theirs, by=mo, reason="Fine.", to_other="No, after all.")
    jobs.drain_everything()
    assert standing.recompute(ada).conduct == 1
    assert not review.may_appeal(Case.objects.get(pk=case.pk), bo)


def test_bad_faith_is_lifted_for_all_who_were_blamed(
    case: Case, ada: Member, bo: Member, cleo: Member, mo: Member, nina: Member
) -> None:
    reports.report(cleo, ada, words="Me too.", key=key())
    decisions.dismiss_bad_faith(case, by=mo, **REASONS)
    appeals = [review.ask_about_case(case.public_id, by=one, words=WORDS) for one in (bo, cleo)]

    rulings.grant(appeals[0], by=nina, reason="You meant well.", to_other="Nothing changes.")
    jobs.drain_everything()

    assert [standing.recompute(one).conduct for one in (bo, cleo)] == [1, 1]
    assert [one.state for one in Appeal.objects.order_by("pk")] == ["granted", "settled"]
    assert "no longer as made in bad faith" in letters_to(cleo)
    assert "nothing changes for you" in letters_to(ada)


def test_an_appeal_of_whoever_reported_is_in_no_log_and_on_no_page_of_the_reported(
    case: Case, ada: Member, bo: Member, mo: Member, nina: Member
) -> None:
    """Also where the reported moderates: the audit log is read by all moderators."""
    decisions.dismiss(case, by=mo, **REASONS)
    moderators.appoint(ada)
    appeal = review.ask_about_case(case.public_id, by=bo, words="CANARY words")
    me = browser(Member.objects.get(pk=ada.pk))
    seen = [
        me.get(path).content.decode()
        for path in (
            at("foundation_auditentry_changelist"),
            at("moderation_appeal_changelist"),
            at("moderation_case_changelist"),
            reverse("notices"),
        )
    ]
    assert [text for text in seen if "CANARY" in text or f"@{bo.handle}" in text] == []
    assert me.get(at("moderation_appeal_change", appeal.pk)).status_code == 404


def test_words_of_somebody_who_has_left_go_once_the_appeal_is_answered(
    struck: Case, appeal: Appeal, ada: Member, nina: Member
) -> None:
    accounts_leaving.leave(ada)
    jobs.drain_everything()
    appeal.refresh_from_db()
    assert appeal.words == WORDS
    assert struck.reports.get().evidence
    rulings.dismiss(appeal, by=nina, reason="It was.")
    leaving.erase()

    appeal.refresh_from_db()
    assert appeal.words == ""
    assert struck.reports.get().evidence == {}


# ── the panel ───────────────────────────────────────────────────────────────
def test_the_panel_grants_and_dismisses_by_post_alone(appeal: Appeal, ada: Member, nina: Member) -> None:
    desk, door = browser(nina), at("moderation_appeal_tool", appeal.pk, "grant")
    shown = desk.get(at("moderation_appeal_change", appeal.pk)).content.decode()
    assert WORDS in shown
    assert REASONS["to_subject"] in shown
    assert "@ada" in desk.get(at("moderation_appeal_changelist")).content.decode()
    values = {"reason": "We were wrong.", "to_other": "Not so.", "ground": "", "law": ""}
    assert desk.get(door, values).status_code == 200
    assert not Reversal.objects.exists()
    assert browser(ada).post(door, values).status_code == 404
    assert desk.post(door, values).status_code == 302
    assert Reversal.objects.get().to_reporter == "Not so."
    assert desk.post(door, values).status_code == 409
    assert desk.post(at("moderation_appeal_tool", appeal.pk, "dismiss"), {"reason": "x"}).status_code == 409

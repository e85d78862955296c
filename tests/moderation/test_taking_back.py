"""Decisions taken back, reports in bad faith, the weight of reporters, and moderators who moderate no more."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import powers
from accounts.models import Account, Member
from foundation import clock, jobs, letters
from foundation.models import AuditEntry, Letter
from network.contacts import answers
from network.messages import pitches, threads
from network.moderation import decisions, moderators, notices, queue, reports, wordings
from network.moderation.models import Case, Effect, Reversal, State
from tests.cast import asks, befriend, key, new_member, was_at
from tests.moderation.desk import at, browser
from tests.vetting.town import confirmed, founder, night, vouched
from vetting import conduct, evidence, ledger, liability, proofs, reputation, standing
from vetting.models import Evidence, ProofKind, Standing

REASONS = {"to_reporter": "Thank you.", "to_subject": "This was advertising."}
BACK = {"to_reporter": "We looked again.", "to_subject": "It was none. We are sorry."}
BAD_FAITH = {"to_reporter": "You made this up.", "to_subject": "Nothing was wrong."}


@pytest.fixture
def case(ada: Member, bo: Member) -> Case:
    return reports.report(bo, ada, words="She sells.", key=key()).case


@pytest.fixture
def lenders(ada: Member, cleo: Member) -> list[Member]:
    """An anchor who vouches for Ada, and Cleo, a contact who has standing of her own."""
    anchor = founder()
    vouched(anchor, ada)
    vouched(anchor, cleo)
    confirmed(ada, cleo)
    night()
    jobs.drain_everything()
    return [anchor, cleo]


def kept(*members: Member) -> list[tuple[object, ...]]:
    """Conduct, what is taken and until when promotions rest, as the worker writes them."""
    return [(one.conduct, one.blame, one.rests_until) for one in map(standing.recompute, members)]


def letters_to(member: Member) -> str:
    assert member.account is not None
    jobs.drain_everything()
    said = [letters.text_of(letter) for letter in Letter.objects.filter(kind="decision")]
    return "\n".join(one.text for one in said if member.account.email in one.to)


# ── taking back ─────────────────────────────────────────────────────────────
def test_conduct_and_rest_are_as_before_for_offender_and_lenders(
    ada: Member, mo: Member, case: Case, lenders: list[Member]
) -> None:
    with clock.at(clock.now()):
        before, points = kept(ada, *lenders), standing.of(ada).points
        decisions.uphold(case, by=mo, **REASONS)
        jobs.drain_everything()
        struck = kept(ada, *lenders)
        assert standing.of(ada).rests_until is not None
        assert all(after[0] < was[0] for after, was in zip(struck, before, strict=True))  # type: ignore[operator]

        decisions.take_back(case, by=mo, **BACK)
        jobs.drain_everything()
        assert kept(ada, *lenders) == before
        assert standing.of(ada).points == pytest.approx(points, abs=standing.THETA_POINTS)

    night()
    assert standing.of(ada).rests_until is None
    assert {standing.of(member).conduct for member in (ada, *lenders)} == {1.0}
    assert list(ledger.breaks()) == []


def test_a_second_strike_stays_when_the_first_is_taken_back(ada: Member, bo: Member, mo: Member, case: Case) -> None:
    decisions.uphold(case, by=mo, **REASONS)
    with clock.at(clock.now() + timedelta(days=1)):
        second = decisions.uphold(reports.report(bo, ada, words="Again.", key=key()).case, by=mo, **REASONS)
        decisions.take_back(case, by=mo, **BACK)
        jobs.drain_everything()

    assert second.decided_at is not None
    assert standing.recompute(ada).rests_until == second.decided_at + conduct.RESTS[0]


@pytest.mark.parametrize("before_the_job", [True, False])
def test_liability_that_was_not_spread_yet_is_spread_no_more(
    before_the_job: bool, ada: Member, mo: Member, case: Case, lenders: list[Member]
) -> None:
    decisions.uphold(case, by=mo, **REASONS)
    if not before_the_job:
        jobs.drain_everything()
    decisions.take_back(case, by=mo, **BACK)
    jobs.drain_everything()
    liability.spread(Evidence.objects.get(kind=evidence.STRIKE).pk)

    assert [standing.recompute(member).conduct for member in lenders] == [1.0, 1.0]


def test_a_moderator_who_lent_is_freed_as_the_others_are(
    ada: Member, case: Case, lenders: list[Member], mo: Member
) -> None:
    decisions.uphold(case, by=mo, **REASONS)
    jobs.drain_everything()
    decisions.take_back(case, by=lenders[0], **BACK)  # vouched, and is no contact now
    jobs.drain_everything()

    assert standing.recompute(lenders[0]).conduct == 1.0
    freed = Evidence.objects.get(kind=evidence.RETRACTED, about=lenders[0].ledger_id)
    assert freed.by == ada.ledger_id


def test_both_sides_read_that_it_was_taken_back(ada: Member, bo: Member, mo: Member, case: Case) -> None:
    decisions.uphold(case, by=mo, **REASONS)
    decisions.take_back(case, by=mo, **BACK)

    assert "It was none. We are sorry." in letters_to(ada)
    assert "We looked again." in letters_to(bo)
    assert [one.reason for one in notices.notices_for(ada)] == [BACK["to_subject"], REASONS["to_subject"]]
    assert [one.reason for one in notices.notices_for(bo)] == [BACK["to_reporter"], REASONS["to_reporter"]]
    assert notices.notices_for(ada)[0].reported is None
    told = letters_to(ada) + str(notices.notices_for(ada))
    assert not [trace for trace in (bo.handle, bo.name, mo.handle, "We looked again.") if trace in told]
    line = AuditEntry.objects.get(act="took-back-case")
    assert (line.actor, line.about, line.detail) == (f"member:{mo.pk}", case.source, {"effect": "taken-back"})
    case.refresh_from_db()
    assert (case.state, case.effect) == (State.UPHELD, Effect.TAKEN_BACK)


def test_nothing_is_taken_back_twice_nor_what_was_not_upheld(ada: Member, cleo: Member, mo: Member, case: Case) -> None:
    with pytest.raises(decisions.NothingToTakeBack):
        decisions.take_back(case, by=mo, **BACK)
    decisions.uphold(case, by=mo, **REASONS)
    decisions.take_back(case, by=mo, **BACK)
    with pytest.raises(decisions.NothingToTakeBack):
        decisions.take_back(case, by=mo, **BACK)
    dismissed = decisions.dismiss(reports.report(cleo, ada, words="x", key=key()).case, by=mo, **REASONS)
    with pytest.raises(decisions.NothingToTakeBack):
        decisions.take_back(dismissed, by=mo, **BACK)

    assert Reversal.objects.count() == 1
    assert Evidence.objects.filter(kind=evidence.RETRACTED).count() == 1


def test_taking_back_needs_an_impartial_moderator_and_clean_reasons(
    ada: Member, bo: Member, cleo: Member, mo: Member, case: Case
) -> None:
    decisions.uphold(case, by=mo, **REASONS)
    Account.objects.filter(member=cleo).update(is_staff=True)
    near = new_member("near")
    moderators.appoint(near)
    befriend(near, ada)
    for who, refusal in (
        (ada, powers.NotAModerator),
        (Member.objects.get(pk=cleo.pk), powers.NotAModerator),
        (None, powers.NotAModerator),
        (near, queue.NotImpartial),
    ):
        with pytest.raises(refusal):
            decisions.take_back(case, by=who, **BACK)
    for slip, wrong in (("", wordings.ReasonNeeded), (f"@{bo.handle} was wrong", wordings.ReporterNamed)):
        with pytest.raises(wrong):
            decisions.take_back(case, by=mo, to_reporter="x", to_subject=slip)

    assert not Reversal.objects.exists()
    assert Case.objects.get(pk=case.pk).effect == Effect.STRIKE
    assert AuditEntry.objects.filter(act="was-refused-case").count() == 4


def test_the_panel_takes_back_by_post_alone(ada: Member, mo: Member, case: Case) -> None:
    decisions.uphold(case, by=mo, **REASONS)
    door, desk = at("moderation_case_tool", case.pk, "take-back"), browser(mo)

    assert 'do/take-back/"' in desk.get(at("moderation_case_change", case.pk)).content.decode()
    assert desk.get(door, BACK).status_code == 200
    assert not Reversal.objects.exists()
    assert browser(ada).post(door, BACK).status_code == 404
    assert desk.post(door, BACK).status_code == 302
    assert Reversal.objects.get().to_subject == BACK["to_subject"]
    page = desk.get(at("moderation_case_change", case.pk)).content.decode()
    assert "We are sorry." in page
    assert 'do/take-back/"' not in page
    assert desk.post(door, BACK).status_code == 409
    assert "It was none." in browser(ada).get(reverse("notices")).content.decode()


# ── bad faith ───────────────────────────────────────────────────────────────
def test_bad_faith_counts_against_every_reporter_and_both_sides_read_it(
    ada: Member, bo: Member, cleo: Member, mo: Member, case: Case
) -> None:
    reports.report(cleo, ada, words="Me too.", key=key())
    before = standing.recompute(ada).conduct
    answer = browser(mo).post(at("moderation_case_tool", case.pk, "bad-faith"), BAD_FAITH)
    jobs.drain_everything()

    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.effect) == (State.DISMISSED, Effect.BAD_FAITH)
    assert standing.recompute(ada).conduct == before
    assert [standing.recompute(one).conduct < 1 for one in (bo, cleo)] == [True, True]
    assert "bad faith" in letters_to(bo)
    assert "lowers your standing" in notices.notices_for(cleo)[0].said
    assert "nothing changes for you" in notices.notices_for(ada)[0].said
    assert "lowers" not in letters_to(ada)
    assert AuditEntry.objects.get(act="dismissed-case").detail == {"effect": "bad-faith"}


def test_a_plain_dismissal_costs_nobody_anything(bo: Member, mo: Member, case: Case) -> None:
    decisions.dismiss(case, by=mo, **REASONS)
    jobs.drain_everything()

    assert standing.recompute(bo).conduct == 1.0
    assert Case.objects.get(pk=case.pk).effect == Effect.NOTHING


def test_an_appeal_is_never_dismissed_as_bad_faith(ada: Member, bo: Member, mo: Member) -> None:
    was_at(bo, "Acme Werke", "2002-01", "2005-12")
    answers.accept(asks(ada, bo, was_at(ada, "Acme Werke")), by=bo)
    pitch = pitches.mark(threads.write(ada, bo, text="I have a course for you.", key=key()), by=bo)
    pitches.appeal(pitch, by=ada, text="It was a joke.")
    jobs.drain_everything()
    appeal = Case.objects.get(kind="pitch-appeal")

    assert "bad-faith" not in browser(mo).get(at("moderation_case_change", appeal.pk)).content.decode()
    answer = browser(mo).post(at("moderation_case_tool", appeal.pk, "bad-faith"), BAD_FAITH)
    assert answer.status_code == 400
    with pytest.raises(decisions.NotOfAppeals):
        decisions.dismiss_bad_faith(appeal, by=mo, **BAD_FAITH)
    with pytest.raises(powers.NotAModerator):
        decisions.dismiss_bad_faith(appeal, by=ada, **BAD_FAITH)
    assert Case.objects.get(pk=appeal.pk).state == State.OPEN
    assert not Evidence.objects.filter(kind=evidence.BAD_FAITH).exists()


# ── weight of reporters ─────────────────────────────────────────────────────
def test_the_weight_of_a_case_is_the_sum_of_its_reporters_words(
    ada: Member, bo: Member, cleo: Member, mo: Member
) -> None:
    befriend(ada, bo)
    points = {bo: 40.0, cleo: 250.0, new_member("dust"): -3.0}
    for reporter in points:
        reports.report(reporter, ada, words="x", key=key())
    reports.report(bo, ada, words="y", key=key(), message=threads.write(ada, bo, text="Buy!", key=key()))
    reports.report(ada, cleo, words="z", key=key())
    for reporter, amount in points.items():
        Standing.objects.update_or_create(member=reporter, defaults={"points": amount})

    weights = {case.about: case.weight for case in queue.weighed(queue.open_to(mo))}  # type: ignore[attr-defined]
    assert weights[ada] == pytest.approx(sum(map(reputation.word, points.values()))) == pytest.approx(1.16)
    listed = browser(mo).get(at("moderation_case_changelist") + "?o=-5").content.decode()
    assert ">1.2<" in listed
    assert listed.index("@ada") < listed.index("@cleo")


# ── moderators who moderate no more ─────────────────────────────────────────
def test_a_dismissed_moderator_has_neither_power_nor_the_anchor(mo: Member, case: Case) -> None:
    proofs.enter(mo, ProofKind.MET, by=None, actor="test")
    moderators.dismiss(mo, by="operator")
    jobs.drain_everything()

    mo = Member.objects.get(pk=mo.pk)
    assert browser(mo).get(at("index")).status_code == 404
    with pytest.raises(powers.NotAModerator):
        decisions.uphold(case, by=mo, **REASONS)
    assert list(proofs.live(clock.now()).filter(member=mo).values_list("kind", flat=True)) == [ProofKind.MET]
    line = AuditEntry.objects.get(act="dismissed-moderator")
    assert (line.actor, line.about) == ("operator", f"member:{mo.pk}")
    with pytest.raises(moderators.NoModerator):
        moderators.dismiss(mo)


def test_who_was_dismissed_can_be_appointed_again(mo: Member) -> None:
    call_command("found", "--dismiss", "MOPSA@example.org")
    assert standing.recompute(mo).anchor == 0
    call_command("found", "--email", "mopsa@example.org")
    assert standing.recompute(mo).anchor == 1


@pytest.mark.parametrize("email", ["nobody@example.org", "ada@example.org", ""])
def test_only_a_moderator_is_dismissed_from_the_shell(email: str, ada: Member, mo: Member) -> None:
    with pytest.raises(CommandError):
        call_command("found", "--dismiss", email)
    with pytest.raises(CommandError):
        call_command("found", "--dismiss", "mopsa@example.org", "--email", "ada@example.org")
    assert powers.has(Member.objects.get(pk=mo.pk), queue.DECIDE)
    assert not Account.objects.filter(email="nobody@example.org").exists()

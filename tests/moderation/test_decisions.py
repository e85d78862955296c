"""Deciding: by moderators who are not involved, once, with a reason for each side; nobody learns who reported."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from accounts import organisations, people, powers
from accounts.models import Entry, Member
from foundation import jobs, letters
from foundation.models import AuditEntry, Letter
from network.contacts import answers, blocks, quiet
from network.contacts.models import Answer, Contact, Request
from network.messages import pitches, threads
from network.moderation import decisions, freezing, moderators, notices, queue, reports, wordings
from network.moderation.models import Case, Freeze, State
from tests.cast import asks, befriend, key, new_member
from vetting import evidence, ledger, standing

REASONS = {"to_reporter": "Thank you, that was spam.", "to_subject": "This was advertising without a label."}


@pytest.fixture
def case(ada: Member, bo: Member) -> Case:
    return reports.report(bo, ada, words="She sells.", key=key()).case


def letters_to(member: Member) -> str:
    assert member.account is not None
    jobs.drain_everything()
    said = [letters.text_of(letter) for letter in Letter.objects.filter(kind="decision")]
    return "\n".join(f"{one.subject} {one.text}" for one in said if member.account.email in one.to)


def test_upholding_is_a_strike_that_lowers_conduct(case: Case, ada: Member, mo: Member) -> None:
    before = standing.recompute(ada).conduct

    decisions.uphold(case, by=mo, **REASONS)
    jobs.drain_everything()

    assert standing.of(ada).conduct < before
    assert Case.objects.get().state == State.UPHELD
    line = AuditEntry.objects.get(act="upheld-case")
    assert (line.actor, line.about) == (f"member:{mo.pk}", case.source)


def test_dismissing_changes_nothing_and_tells_both(case: Case, ada: Member, bo: Member, mo: Member) -> None:
    before = standing.recompute(ada).conduct

    decisions.dismiss(case, by=mo, to_reporter="We saw nothing wrong.", to_subject="All is well.")
    jobs.drain_everything()

    assert standing.of(ada).conduct == before
    assert "We saw nothing wrong." in letters_to(bo)
    assert "All is well." in letters_to(ada)
    assert [notice.reason for notice in notices.notices_for(ada)] == ["All is well."]
    assert [notice.reason for notice in notices.notices_for(bo)] == ["We saw nothing wrong."]


def test_the_reporter_is_never_named_to_the_other_side(case: Case, ada: Member, bo: Member, mo: Member) -> None:
    decisions.uphold(case, by=mo, **REASONS)

    told = letters_to(ada) + str(notices.notices_for(ada))
    for trace in (bo.handle, bo.name, "She sells.", str(bo.public_id), REASONS["to_reporter"], mo.name):
        assert trace not in told


@pytest.mark.parametrize("slip", ["@bob saw it", "BOB told us", "Bo  Berg complained"])
def test_a_reason_that_names_the_reporter_is_refused(slip: str, case: Case, mo: Member) -> None:
    with pytest.raises(wordings.ReporterNamed):
        decisions.uphold(case, by=mo, to_reporter="Thank you.", to_subject=slip)
    assert Case.objects.get().state == State.OPEN


@pytest.mark.parametrize("missing", ["to_reporter", "to_subject"])
@pytest.mark.parametrize("text", ["", " \n ", "x" * 2001])
def test_each_side_needs_a_reason(text: str, missing: str, case: Case, mo: Member) -> None:
    with pytest.raises(wordings.ReasonNeeded):
        decisions.uphold(case, by=mo, **{**REASONS, missing: text})
    assert Case.objects.get().state == State.OPEN


@pytest.mark.parametrize("verb", [decisions.uphold, decisions.dismiss])
def test_a_decided_case_is_not_decided_again(verb: decisions.Verb, case: Case, mo: Member) -> None:
    decisions.dismiss(case, by=mo, **REASONS)

    with pytest.raises(decisions.Decided):
        verb(case, by=mo, to_reporter="other", to_subject="words")
    assert Case.objects.get().to_subject == REASONS["to_subject"]
    jobs.drain_everything()
    assert Letter.objects.filter(kind="decision").count() == 2


def test_only_moderators_decide(case: Case, cleo: Member, mo: Member) -> None:
    cleo.account.is_staff = True  # type: ignore[union-attr]
    cleo.account.save()  # type: ignore[union-attr]
    for nobody in (cleo, None):
        with pytest.raises(powers.NotAModerator):
            decisions.uphold(case, by=nobody, **REASONS)
    mo.account.groups.remove(Group.objects.get(name=moderators.GROUP))  # type: ignore[union-attr]
    with pytest.raises(powers.NotAModerator):
        decisions.uphold(case, by=Member.objects.get(pk=mo.pk), **REASONS)
    assert AuditEntry.objects.filter(act="was-refused-case").count() == 3


def involved(how: str, mo: Member, ada: Member, bo: Member) -> None:
    acts: dict[str, Callable[[], object]] = {
        "subject's contact": lambda: befriend(mo, ada),
        "reporter's contact": lambda: befriend(bo, mo),
        "blocked the subject": lambda: blocks.block(mo, ada),
        "blocked by the reporter": lambda: blocks.block(bo, mo),
    }
    acts[how]()


@pytest.mark.parametrize(
    "how", ["subject's contact", "reporter's contact", "blocked the subject", "blocked by the reporter"]
)
def test_who_is_involved_neither_decides_nor_reads(how: str, case: Case, mo: Member, ada: Member, bo: Member) -> None:
    involved(how, mo, ada, bo)

    with pytest.raises(queue.NotImpartial):
        decisions.dismiss(case, by=mo, **REASONS)
    assert not queue.open_to(mo).exists()
    assert AuditEntry.objects.get(act="was-refused-case").about == case.source
    assert Case.objects.get().state == State.OPEN


def test_a_moderator_decides_neither_own_case_nor_own_report(ada: Member, bo: Member, mo: Member) -> None:
    against = reports.report(ada, mo, words="Moody.", key=key()).case
    own = reports.report(mo, bo, words="Rude.", key=key()).case

    for one in (against, own):
        with pytest.raises(queue.NotImpartial):
            decisions.uphold(one, by=mo, **REASONS)
    assert not queue.open_to(mo).exists()


def test_who_was_a_contact_once_may_decide(case: Case, ada: Member, mo: Member) -> None:
    befriend(mo, ada)
    contact = Contact.objects.get(asker=mo)
    quiet.end(contact, by=mo)

    assert decisions.dismiss(case, by=mo, **REASONS).state == State.DISMISSED


def test_the_ledger_is_told_once_however_often_one_clicks(case: Case, ada: Member, mo: Member) -> None:
    decisions.uphold(case, by=mo, **REASONS)
    with pytest.raises(decisions.Decided):
        decisions.uphold(case, by=mo, **REASONS)

    assert AuditEntry.objects.filter(act="upheld-case").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_decisions_at_once_one_counts(case: Case, mo: Member) -> None:
    def decide(number: int) -> bool:
        try:
            decisions.uphold(Case.objects.get(), by=mo, to_reporter=f"a {number}", to_subject=f"b {number}")
        except decisions.Decided:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(decide, range(8))) == 1
    jobs.drain_everything()
    assert Letter.objects.filter(kind="decision").count() == 2


@pytest.fixture
def appeal(ada: Member, bo: Member, cleo: Member, at_acme: Entry) -> Case:
    """Ada asked Bo, wrote, was marked, and appeals."""
    request = asks(ada, bo, at_acme)
    answers.accept(request, by=bo)
    message = threads.write(ada, bo, text="I have a course for you.", key=key())
    pitch = pitches.mark(message, by=bo)
    pitches.appeal(pitch, by=ada, text="It was a joke.")
    jobs.drain_everything()
    return Case.objects.get(kind="pitch-appeal")


def test_a_granted_appeal_takes_the_pitch_out_of_the_sum(appeal: Case, ada: Member, mo: Member) -> None:
    def kinds() -> set[str]:
        retracted = set(ledger.about(ada).filter(kind=evidence.RETRACTED).values_list("source", flat=True))
        return set(ledger.about(ada).exclude(source__in=retracted).values_list("kind", flat=True))

    assert evidence.PITCH in kinds()

    decisions.uphold(appeal, by=mo, **REASONS)

    assert evidence.PITCH not in kinds()
    assert Request.objects.get().answer == Answer.ACCEPTED
    assert Contact.objects.get().ended_at is not None


def test_a_dismissed_appeal_leaves_the_pitch(appeal: Case, ada: Member, bo: Member, mo: Member) -> None:
    decisions.dismiss(appeal, by=mo, **REASONS)

    assert Request.objects.get().answer == Answer.PITCH
    assert len(notices.notices_for(ada)) == len(notices.notices_for(bo)) == 1


def test_an_appeal_is_not_decided_by_a_contact_of_who_marked(appeal: Case, bo: Member, mo: Member) -> None:
    befriend(bo, mo)

    with pytest.raises(queue.NotImpartial):
        decisions.uphold(appeal, by=mo, **REASONS)


def test_who_is_frozen_reads_and_does_not_write(ada: Member, bo: Member, mo: Member, at_acme: Entry) -> None:
    freezing.freeze(ada, by=mo, reason="Forty complaints in an hour.")
    with pytest.raises(people.Frozen):
        asks(ada, bo, at_acme)
    assert "Forty complaints in an hour." in letters_to(ada)

    freezing.thaw(ada, by=mo, reason="It was a mistake.")
    assert asks(ada, bo, at_acme).status == "sent"
    assert {notice.kind for notice in notices.notices_for(ada)} == {"freeze", "thaw"}
    assert set(AuditEntry.objects.values_list("act", flat=True)) >= {"froze-member", "thawed-member"}


def test_freezing_is_for_moderators_who_are_not_involved(ada: Member, cleo: Member, mo: Member) -> None:
    befriend(mo, ada)
    for who, refusal in ((cleo, powers.NotAModerator), (mo, queue.NotImpartial)):
        with pytest.raises(refusal):
            freezing.freeze(ada, by=who, reason="x")
    with pytest.raises(queue.NotImpartial):
        freezing.freeze(mo, by=mo, reason="x")
    assert not Freeze.objects.exists()


def test_nobody_is_frozen_or_thawed_twice(ada: Member, mo: Member) -> None:
    with pytest.raises(freezing.NotFrozen):
        freezing.thaw(ada, by=mo, reason="x")
    freezing.freeze(ada, by=mo, reason="x")
    with pytest.raises(freezing.FrozenAlready):
        freezing.freeze(ada, by=mo, reason="x")


def test_a_frozen_moderator_has_no_power(case: Case, mo: Member) -> None:
    other = new_member("max_mod")
    moderators.appoint(other)
    freezing.freeze(mo, by=other, reason="x")

    with pytest.raises(powers.NotAModerator):
        decisions.dismiss(case, by=mo, **REASONS)


@pytest.mark.parametrize("act", ["merge", "undo", "needs_unit"])
def test_members_do_not_touch_organisations(act: str, ada: Member, mo: Member) -> None:
    one, other = organisations.find_or_make("One"), organisations.find_or_make("Other")
    merge = organisations.merge(*map(organisations.find_or_make, ("Third", "Fourth")), by=mo)
    verbs: dict[str, Callable[[], object]] = {
        "merge": lambda: organisations.merge(one, other, by=ada),
        "undo": lambda: organisations.undo(merge, by=ada),
        "needs_unit": lambda: organisations.set_needs_unit(one, True, by=ada),
    }
    with pytest.raises(powers.NotAModerator):
        verbs[act]()


def test_the_group_has_exactly_its_permissions(mo: Member) -> None:
    assert mo.account is not None
    assert set(mo.account.get_all_permissions()) == set(moderators.PERMISSIONS)
    assert not mo.account.is_superuser


def test_who_has_not_confirmed_cannot_be_appointed(ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(confirmed_at=None)
    with pytest.raises(moderators.NotToBeAppointed):
        moderators.appoint(Member.objects.get(pk=ada.pk))

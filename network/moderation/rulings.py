"""Appeals answered, by another moderator than the one who decided first.

Granted, everything is exactly as it was before the decision; a report that was dismissed is upheld.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import powers
from accounts.models import Member
from foundation import audit, clock
from foundation.refusals import Conflict, Forbidden
from network.moderation import decisions, freezing, queue, review, telling, wordings
from network.moderation.models import Appeal, AppealState, Effect, Ground


class AnotherAnswers(Forbidden):
    code = "another-answers"
    message = _("You decided this first, or are involved: another moderator answers the appeal.")


class Answered(Conflict):
    code = "appeal-answered"
    message = _("This appeal is answered already.")


def grant(
    appeal: Appeal, *, by: Member | None, reason: str, to_other: str = "", ground: str = Ground.RULE, law: str = ""
) -> Appeal:
    """What was decided counts no longer: all is as it was, or the dismissed report is upheld on that `ground`.

    `reason` is for whoever appealed, `to_other` for the other side of a case. Raises `NotAModerator`, `AnotherAnswers`,
    `Answered`, and what the verbs raise that carry it out (`decisions`, `freezing`).
    """
    moderator, words = _may(appeal, by), wordings.checked(reason)
    with transaction.atomic():
        _answer(appeal, AppealState.GRANTED, by=moderator, reason=words)
        if appeal.freeze:
            freezing.thaw(appeal.freeze.member, by=moderator, reason=words)
        else:
            _overturn(appeal, by=moderator, reason=words, to_other=to_other, ground=ground, law=law)
        audit.note(f"member:{moderator.pk}", "granted-appeal", appeal.source)
    appeal.refresh_from_db()
    return appeal


def dismiss(appeal: Appeal, *, by: Member | None, reason: str) -> Appeal:
    """The decision stays, and whoever appealed has a letter that says why. Raises as `grant` does."""
    moderator, words = _may(appeal, by), wordings.checked(reason)
    with transaction.atomic():
        _answer(appeal, AppealState.DISMISSED, by=moderator, reason=words)
        appeal.refresh_from_db()
        telling.of_appeal(appeal)
        audit.note(f"member:{moderator.pk}", "dismissed-appeal", appeal.source)
    return appeal


def _overturn(appeal: Appeal, *, by: Member, reason: str, to_other: str, ground: str, law: str) -> None:
    case = appeal.case
    assert case is not None
    if appeal.by_id == case.about_id:
        decisions.take_back(case, by=by, to_reporter=to_other, to_subject=reason)
    elif case.effect == Effect.BAD_FAITH:
        decisions.take_back(case, by=by, to_reporter=reason, to_subject=to_other)
    else:
        sides = {"to_reporter": reason, "to_subject": to_other}
        before = decisions.uphold_after_all(case, by=by, **sides, ground=ground, law=law)
        review.settle(case.appeals.all(), reason=reason)
        Appeal.objects.filter(pk=appeal.pk).update(before=before)


def _may(appeal: Appeal, by: Member | None) -> Member:
    try:
        moderator = powers.check(by, queue.DECIDE)
        if not review.open_to(moderator).filter(pk=appeal.pk).exists():
            raise AnotherAnswers
    except Forbidden as refusal:
        queue.note_refused(by, "appeal", appeal.source, refusal)
        raise
    return moderator


def _answer(appeal: Appeal, state: AppealState, *, by: Member, reason: str) -> None:
    """One conditional UPDATE is both the check and the answer."""
    values = {"state": state, "decided_at": clock.now(), "decided_by": by, "reason": reason}
    if not Appeal.objects.filter(pk=appeal.pk, state=AppealState.OPEN).update(**values):
        raise Answered

"""Deciding a case: once, by somebody who is not involved, with one reason for each side."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import audit, clock, jobs
from foundation.refusals import Conflict, Forbidden, Invalid
from network.moderation import appeals, labels, notices, queue, review, telling, wordings
from network.moderation.models import (
    Case,
    CaseKind,
    Effect,
    Ground,
    Report,
    Reversal,
    State,
)
from vetting import evidence, ledger, liability
from vetting.ledger import Line

REVERSIBLE = frozenset({Effect.STRIKE, Effect.BAD_FAITH})


class Verb(Protocol):
    """Uphold, dismiss, or take back."""

    def __call__(self, case: Case, /, *, by: Member | None, to_reporter: str, to_subject: str) -> Case: ...


class Decided(Conflict):
    code = "case-decided"
    message = _("This case is decided already.")


class NotOfAppeals(Invalid):
    code = "bad-faith-appeal"
    message = _("An appeal is dismissed or granted; nobody appeals in bad faith.")


class NothingToTakeBack(Conflict):
    code = "nothing-to-take-back"
    message = _("Only an upheld report or one called bad faith can be taken back, and only once.")


def uphold(
    case: Case,
    marks: Collection[UUID] | None = None,
    /,
    *,
    by: Member | None,
    to_reporter: str,
    to_subject: str,
    ground: str = Ground.RULE,
    law: str = "",
) -> Case:
    """The report was right: a strike lowers the standing. Or the appeal was right: the pitch no longer counts.

    Of its marks (`labels.mark`) those named by public id take effect, or all of them. Both sides get a letter and find
    the decision with its reason on their page; the audit log has a line. `ground`: what a strike stands on, with the
    `law` if it is that. Raises `NotAModerator`, `NotImpartial`, `ReasonNeeded`, `GroundNeeded`, `ReporterNamed`,
    `Decided`, `NoMarkChosen`.
    """
    moderator, reasons = _may(case, by), _checked(to_reporter, to_subject)
    if case.kind == CaseKind.REPORT:
        reasons |= wordings.grounded(ground, law)
    with transaction.atomic():
        decided = _close(case, State.UPHELD, by=moderator, reasons=reasons)
        decided.effect = _take_effect(decided, by=moderator, marks=marks)
        _conclude(decided, by=moderator)
    case.refresh_from_db()
    return case


def dismiss(case: Case, *, by: Member | None, to_reporter: str, to_subject: str) -> Case:
    """The report, or the appeal, was not right: everything stays as it is, and both sides read why."""
    return _dismiss(case, by=by, to_reporter=to_reporter, to_subject=to_subject)


def dismiss_bad_faith(case: Case, *, by: Member | None, to_reporter: str, to_subject: str) -> Case:
    """`dismiss`, and whoever reported meant harm: it counts against them. Raises `NotOfAppeals`, too."""
    return _dismiss(case, by=by, to_reporter=to_reporter, to_subject=to_subject, bad_faith=True)


def take_back(case: Case, *, by: Member | None, to_reporter: str, to_subject: str) -> Case:
    """The strike of an upheld case, or the bad faith of a dismissed one, counts no longer: all is as it was before.

    So for its member and who lent to them, or for all who reported. Both sides read why; the audit log has a line, and
    appeals that wait are settled. Raises as `uphold` does, and `NothingToTakeBack`.
    """
    moderator = _may(case, by)
    reasons = _checked(to_reporter, to_subject)
    with transaction.atomic():
        before = Case.objects.select_for_update(no_key=True).get(pk=case.pk).effect
        if before not in REVERSIBLE:
            raise NothingToTakeBack
        Case.objects.filter(pk=case.pk).update(effect=Effect.TAKEN_BACK)
        wordings.check_unnamed(reasons["to_subject"], notices.names_of_reporters(case))
        reversal = Reversal.objects.create(case=case, by=moderator, at=clock.now(), **reasons)
        _undo(case, before, by=moderator)
        review.settle(case.appeals.all(), reason=reasons["to_subject"])
        telling.of_reversal(reversal)
        audit.note(f"member:{moderator.pk}", "took-back-case", case.source, detail={"effect": Effect.TAKEN_BACK})
    case.refresh_from_db()
    return case


def uphold_after_all(
    case: Case, *, by: Member | None, to_reporter: str, to_subject: str, ground: str = Ground.RULE, law: str = ""
) -> dict[str, str]:
    """A dismissed report was right after all: what stood until now, for whoever keeps it. Both sides get a letter.

    Raises as `uphold` does, and `Decided` for a case that was not plainly dismissed.
    """
    moderator = _may(case, by)
    reasons = _checked(to_reporter, to_subject) | wordings.grounded(ground, law)
    with transaction.atomic():
        dismissed = Case.objects.filter(pk=case.pk, kind=CaseKind.REPORT, state=State.DISMISSED, effect=Effect.NOTHING)
        held = dismissed.select_for_update(no_key=True).first()
        if held is None:
            raise Decided
        decided = _decide(dismissed, State.UPHELD, by=moderator, reasons=reasons)
        decided.effect = _take_effect(decided, by=moderator, marks=None)
        _conclude(decided, by=moderator)
    assert held.decided_at is not None
    return {
        "by": f"member:{held.decided_by_id}",
        "at": held.decided_at.isoformat(),
        "to_reporter": held.to_reporter,
        "to_subject": held.to_subject,
    }


def _undo(case: Case, effect: str, *, by: Member) -> None:
    if effect == Effect.STRIKE:
        liability.retract(case.about, by=by, source=case.source)
        labels.take_back(case, by=by)
        return
    for report in case.reports.exclude(reporter=None).select_related("reporter").order_by("pk"):
        assert report.reporter is not None
        source = f"report:{report.public_id}"
        ledger.record(report.reporter, by=by, kind=evidence.RETRACTED, source=source)


def _may(case: Case, by: Member | None) -> Member:
    try:
        return queue.check(case, by)
    except Forbidden as refusal:
        queue.note_refused(by, "case", case.source, refusal)
        raise


def _checked(to_reporter: str, to_subject: str) -> dict[str, Any]:
    return {"to_reporter": wordings.checked(to_reporter), "to_subject": wordings.checked(to_subject)}


def _dismiss(case: Case, *, by: Member | None, to_reporter: str, to_subject: str, bad_faith: bool = False) -> Case:
    moderator = _may(case, by)
    if bad_faith and case.kind != CaseKind.REPORT:
        raise NotOfAppeals
    reasons = _checked(to_reporter, to_subject) | ({"ground": Ground.BAD_FAITH} if bad_faith else {})
    with transaction.atomic():
        decided = _close(case, State.DISMISSED, by=moderator, reasons=reasons)
        decided.effect = Effect.BAD_FAITH if bad_faith else Effect.NOTHING
        _conclude(decided, by=moderator)
    case.refresh_from_db()
    return case


def _conclude(decided: Case, *, by: Member) -> None:
    """Reports are closed, both sides told, and the log has its line."""
    decided.save(update_fields=["effect"])
    _close_reports(decided, by=by, bad_faith=decided.effect == Effect.BAD_FAITH)
    telling.both(decided)
    audit.note(f"member:{by.pk}", f"{decided.state}-case", decided.source, detail={"effect": decided.effect})


def _close(case: Case, state: State, *, by: Member, reasons: dict[str, Any]) -> Case:
    """The case as decided, apart from the caller's: a refusal below leaves that one as it was."""
    return _decide(Case.objects.filter(pk=case.pk, state=State.OPEN), state, by=by, reasons=reasons)


def _decide(undecided: QuerySet[Case], state: State, *, by: Member, reasons: dict[str, Any]) -> Case:
    """Held from here on; one conditional UPDATE is both the check and the decision.

    Reports that came in meanwhile are looked at, too.
    """
    case = undecided.select_for_update(no_key=True).first()
    values = {"state": state, "decided_at": clock.now(), "decided_by": by, **reasons}
    if case is None or not undecided.update(**values):
        raise Decided
    decided = Case.objects.select_related("about", "pitch__message", "pitch__by").get(pk=case.pk)
    queue.check(decided, by)
    if decided.kind == CaseKind.REPORT:
        wordings.check_unnamed(decided.to_subject, notices.names_of_reporters(decided))
    return decided


def _take_effect(case: Case, *, by: Member, marks: Collection[UUID] | None) -> Effect:
    if case.kind == CaseKind.APPEAL:
        appeals.grant(case, by=by)
        return Effect.RETRACTED
    chosen = labels.choose(case, marks)
    liability.strike(case.about, by=by, source=case.source, offence_at=_offence(case, chosen))
    labels.take_effect(case, chosen, by=by)
    return Effect.STRIKE


def _close_reports(case: Case, *, by: Member, bad_faith: bool) -> None:
    """Decided reports weigh nothing any more; one in bad faith counts against whoever sent it.

    What a server reported weighed nothing; it gets an answer (news `server-report-decided` {report}).
    """
    reports = list(case.reports.select_related("reporter").order_by("pk"))
    spoken = [(report.reporter, f"report:{report.public_id}") for report in reports if report.reporter]
    lines = [Line(about=case.about, by=by, kind=evidence.DECIDED, source=source) for _reporter, source in spoken]
    if bad_faith:
        lines += [
            Line(about=reporter, by=by, kind=evidence.BAD_FAITH, source=source, word=1) for reporter, source in spoken
        ]
    ledger.record_many(lines)
    for report in reports:
        if report.server:
            jobs.announce("server-report-decided", {"report": report.pk})


def _offence(case: Case, chosen: list[Report]) -> datetime:
    """When the earliest thing that was upheld was sent; of a page, when it was first reported."""
    right = [*chosen, *case.reports.filter(Q(label="") | ~Q(words=""))]
    return min((report.happened_at or report.at for report in right), default=case.opened_at)

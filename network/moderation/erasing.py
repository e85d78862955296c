"""Evidence erased by two: one moderator asks and says why, another one does it or refuses. The decision stays readable.

Not while a case is open or an appeal waits: nobody could decide any more.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import powers
from accounts.models import Member
from foundation import audit, clock
from foundation.refusals import Conflict, Forbidden
from network.moderation import queue, wordings
from network.moderation.models import AppealState, Case, Erasure, ErasureState, Report, State


class StillNeeded(Conflict):
    code = "evidence-needed"
    message = _("The case is open, or an appeal waits: the evidence is needed until that is decided.")


class AskedAlready(Conflict):
    code = "erasure-asked"
    message = _("This evidence is erased already, or another moderator has been asked.")


class AnotherConfirms(Forbidden):
    code = "another-confirms"
    message = _("You asked for this, or are involved: another moderator has to confirm it.")


class ErasureAnswered(Conflict):
    code = "erasure-answered"
    message = _("This has been answered already.")


def ask(report: Report, *, by: Member | None, why: str) -> Erasure:
    """Another moderator is asked to erase what was kept with the report, and its words. Nothing is gone yet.

    Raises `NotAModerator`, `NotImpartial`, `ReasonNeeded`, `StillNeeded`, `AskedAlready`.
    """
    try:
        moderator = queue.check(report.case, by)
    except Forbidden as refusal:
        queue.note_refused(by, "erasure", _named(report), refusal)
        raise
    words = wordings.checked(why)
    with transaction.atomic():
        _check_decided(report)
        held = Report.objects.select_for_update(no_key=True).get(pk=report.pk)
        if held.erased_at or held.erasures.filter(state=ErasureState.ASKED).exists():
            raise AskedAlready
        made = Erasure.objects.create(report=held, asked_by=moderator, asked_at=clock.now(), why=words)
        audit.note(f"member:{moderator.pk}", "asked-to-erase", _named(report))
    return made


def confirm(erasure: Erasure, *, by: Member | None) -> None:
    """What was kept and the words of the report are gone; that it was, by whose word, stays.

    Raises `NotAModerator`, `AnotherConfirms`, `ErasureAnswered`, `StillNeeded`.
    """
    moderator = _may(erasure, by)
    with transaction.atomic():
        _check_decided(erasure.report)
        _answer(erasure, ErasureState.DONE, by=moderator)
        gone = {"evidence": {}, "words": "", "erased_at": clock.now()}
        Report.objects.filter(pk=erasure.report_id).update(**gone)
        detail = {"asked": f"member:{erasure.asked_by_id}"}
        audit.note(f"member:{moderator.pk}", "erased-evidence", _named(erasure.report), detail=detail)


def refuse(erasure: Erasure, *, by: Member | None) -> None:
    """The evidence stays. Raises as `confirm` does."""
    moderator = _may(erasure, by)
    with transaction.atomic():
        _answer(erasure, ErasureState.REFUSED, by=moderator)
        detail = {"asked": f"member:{erasure.asked_by_id}"}
        audit.note(f"member:{moderator.pk}", "kept-evidence", _named(erasure.report), detail=detail)


def open_to(moderator: Member) -> QuerySet[Erasure]:
    """Erasures in cases the moderator may read, also their own: to see what became of them."""
    found = Erasure.objects.filter(report__case__in=queue.open_to(moderator).values("pk"))
    return found.select_related("report__case__about", "report__reporter", "asked_by", "answered_by")


def _may(erasure: Erasure, by: Member | None) -> Member:
    try:
        moderator = powers.check(by, queue.DECIDE)
        if erasure.asked_by_id == moderator.pk or not open_to(moderator).filter(pk=erasure.pk).exists():
            raise AnotherConfirms
    except Forbidden as refusal:
        queue.note_refused(by, "erasure", _named(erasure.report), refusal)
        raise
    return moderator


def _check_decided(report: Report) -> None:
    """Appeals to come wait until this is done, and find the evidence gone rather than half there."""
    case = Case.objects.select_for_update(no_key=True).get(pk=report.case_id)
    if case.state == State.OPEN or case.appeals.filter(state=AppealState.OPEN).exists():
        raise StillNeeded


def _answer(erasure: Erasure, state: ErasureState, *, by: Member) -> None:
    values = {"state": state, "answered_by": by, "answered_at": clock.now()}
    if not Erasure.objects.filter(pk=erasure.pk, state=ErasureState.ASKED).update(**values):
        raise ErasureAnswered


def _named(report: Report) -> str:
    return f"report:{report.public_id}"

"""The letters of decisions: each side gets its own, in its language, and a reporter is never named."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Member
from foundation import letters
from network.moderation import notices, outside, statements
from network.moderation.models import Appeal, AppealState, Case, Freeze, Notifier, Report, Reversal
from network.notices.telling import tell

KIND = "decision"


def both(case: Case) -> None:
    """Whoever it is about and whoever reported. What a decision takes from somebody is told at once, whatever they
    chose (DSA Art. 17); the rest goes by their switch. Call it inside the transaction that decides."""
    sides = [(case.about, None), *((one, one) for one in notices.reporters_of(case))]
    for member, reporter in sides:
        if not statements.is_sanction(case, for_subject=reporter is None):
            tell(member, "decision", _ref(case))
            continue
        lines = partial(statements.of_case, case, for_subject=reporter is None)
        reason = case.to_reporter if reporter else case.to_subject
        _tell(member, partial(notices.said, case, reporter=reporter), reason, lines)
    for notifier in notices.notifiers_of(case):
        _tell_outside(notifier, lambda: notices.said_outside(case), case.to_reporter)


def _ref(case: Case) -> str:
    """A case that was decided anew after an appeal is a fact of its own."""
    again = case.appeals.filter(state=AppealState.GRANTED).count()
    return f"case:{case.pk}:{again}" if again else f"case:{case.pk}"


def of_reversal(reversal: Reversal) -> None:
    """The same for a decision that was taken back: it takes nothing from anybody."""
    case = reversal.case
    for member in [case.about, *notices.reporters_of(case)]:
        tell(member, "decision", f"reversal:{reversal.pk}")
    for notifier in notices.notifiers_of(case):
        _tell_outside(notifier, lambda: notices.said_of(reversal, for_subject=False), reversal.to_reporter)


def of_freeze(freeze: Freeze) -> None:
    _tell(freeze.member, lambda: str(notices.FROZEN), freeze.reason, partial(statements.of_freeze, freeze))


def of_thaw(member: Member, *, reason: str) -> None:
    _tell(member, lambda: str(notices.THAWED), reason)


def of_appeal(appeal: Appeal) -> None:
    """An appeal that was dismissed; one that was granted is told as what followed."""
    if appeal.by:
        _tell(appeal.by, lambda: str(notices.APPEAL_DISMISSED), appeal.reason)
    elif appeal.notifier:
        _tell_outside(appeal.notifier, lambda: str(notices.APPEAL_DISMISSED), appeal.reason)


def receipt(report: Report) -> None:
    """Whoever reported, with or without an account, has it in writing that their report arrived (DSA Art. 16)."""
    if report.reporter:
        with translation.override(report.reporter.language):
            words = _("Moderators will look at it and write to you. Nobody else is told that it was you.")
            _send(report.reporter, subject=_("Your report has arrived"), said=words, path=notices.PATH)
    elif report.notifier:
        with translation.override(report.notifier.language):
            words = _("Moderators will look at it and write to you. Nobody else is told that it was you.")
            values = {"said": words, "url": report.notifier.url, "site": settings.SITE_NAME}
            text = render_to_string("moderation/receipt.txt", values)
            _post(report.notifier, _("Your report has arrived"), text, kind="receipt")


def _tell(member: Member, said: Callable[[], str], reason: str, lines: Callable[[], statements.Lines] = list) -> None:
    with translation.override(member.language):
        values = {"reason": reason, "lines": lines()}
        _send(member, subject=_("A moderator has decided"), said=said(), path=notices.PATH, kind=KIND, **values)


def _send(member: Member, *, subject: str, said: str, path: str, kind: str = "receipt", **values: object) -> None:
    """In the language that is active. Remote members read it on their own server later."""
    if member.account is None:
        return
    context = {"said": said, "url": f"{settings.SITE_URL}{path}", "site": settings.SITE_NAME, **values}
    text = render_to_string("moderation/decision.txt", context)
    letters.write(member.account.email, subject, text, kind=kind, reader=str(member.public_id))


def _tell_outside(notifier: Notifier, said: Callable[[], str], reason: str) -> None:
    """With a link that opens the decision and the way to object; the one in an earlier letter works no longer."""
    with translation.override(notifier.language):
        case = notifier.report.case
        objecting = statements.remedies(case.decided_at) if case.decided_at else ""
        lines = [(_("If you disagree"), objecting)]
        url = f"{settings.SITE_URL}/notice/{outside.new_token(notifier)}/"
        values = {"said": said(), "reason": reason, "lines": lines, "url": url, "site": settings.SITE_NAME}
        text = render_to_string("moderation/decision.txt", values)
        _post(notifier, _("A moderator has decided"), text, kind=KIND)


def _post(notifier: Notifier, subject: str, text: str, *, kind: str) -> None:
    if notifier.email:
        letters.write(notifier.email, subject, text, kind=kind, reader=f"notifier:{notifier.public_id}")

"""Reporting: the thing is kept as it is now, and moderators have a case. The reported person learns nothing of it."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import ties
from accounts.models import Member
from foundation import clock, jobs, quotas, wording
from foundation.refusals import Forbidden, Invalid, NotThere, TooOften
from network.contacts.models import Request, Whereabouts
from network.messages import promotions
from network.messages.models import Message, Promotion
from network.moderation import evidence
from network.moderation.models import Case, CaseKind, Report, SourceKind, State
from vetting import ledger
from vetting.evidence import REPORTED

WORDS_MAX_CHARACTERS = 2000


class ReportingOneself(Invalid):
    code = "reporting-oneself"
    message = _("That is you, or your own: there is nothing to report.")


class NotYoursToReport(NotThere):
    code = "not-yours-to-report"
    message = _("Only the person who received a thing can report it.")


class ReportWordsNeeded(Invalid):
    code = "report-words"
    message = _("Please say in a few sentences what is wrong, in at most %(limit)d characters.")


class EnoughReports(TooOften):
    code = "reports-today"
    message = _("You have sent %(limit)d reports today. Please send further ones tomorrow.")


class NotYet(Forbidden):
    code = "report-unconfirmed"
    message = _("Please confirm your address first.")


@transaction.atomic
def report(
    reporter: Member,
    about: Member,
    *,
    words: str,
    key: str,
    message: Message | None = None,
    request: Request | None = None,
    promotion: Promotion | None = None,
    label: str = "",
    tell_their_server: bool = False,
) -> Report:
    """Moderators have a case about the member, with the thing kept as it is now. Nothing else changes for anybody.

    Give `message`, `request` or `promotion` for one of theirs, or none for the member's page. The same thing or `key`
    twice is the same report; open reports about one member are one case. With a `label` (`labels.mark`) no words are
    needed. `tell_their_server`: of somebody elsewhere, their own moderators hear it, too, but never from whom (news
    `report-for-elsewhere` {report}). Raises `NotYet`, `ReportingOneself`, `NotYoursToReport`, `ReportWordsNeeded`,
    `EnoughReports`.
    """
    if reporter.confirmed_at is None:
        raise NotYet
    _check_theirs(reporter, about, message, request)
    _check_heard(reporter, about, promotion)
    text = checked(words) if words or not label else ""
    ties.lock(reporter)
    kind, source, kept = _promoted(promotion) if promotion else _thing(reporter, about, message, request)
    before = _before(reporter, about, kind=kind, source=source, key=key)
    if before:
        return before
    _spend(reporter)
    values = {"source_kind": kind, "source": source, "evidence": kept, "words": text, "key": key, "at": clock.now()}
    forwarded = tell_their_server and bool(about.host)
    made = Report.objects.create(case=open_case(about), reporter=reporter, label=label, forwarded=forwarded, **values)
    ledger.record(about, by=reporter, kind=REPORTED, source=f"report:{made.public_id}")
    if text:
        jobs.announce("report-arrived", {"report": made.pk})
    if forwarded:
        jobs.announce("report-for-elsewhere", {"report": made.pk})
    return made


def waiting_of(reporter: Member) -> list[Report]:
    """The member's reports that nobody has decided yet, newest first."""
    waiting = Report.objects.filter(reporter=reporter, case__state=State.OPEN)
    return list(waiting.select_related("case", "case__about").order_by("-at"))


def _check_theirs(reporter: Member, about: Member, message: Message | None, request: Request | None) -> None:
    """A thing can be reported by its recipient alone, and is its sender's."""
    if reporter.pk == about.pk:
        raise ReportingOneself
    if message is not None:
        sides = (message.thread.low_id, message.thread.high_id)
        if reporter.pk not in sides or message.writer_id != about.pk:
            raise NotYoursToReport
    if request is not None:
        arrived = request.whereabouts in (Whereabouts.DELIVERED, Whereabouts.TRAY)
        if request.recipient_id != reporter.pk or request.asker_id != about.pk or not arrived:
            raise NotYoursToReport


def _check_heard(reporter: Member, about: Member, promotion: Promotion | None) -> None:
    if promotion is not None and (promotion.recipient_id != reporter.pk or promotion.sender_id != about.pk):
        raise NotYoursToReport


def _promoted(promotion: Promotion) -> tuple[SourceKind, str, evidence.Kept]:
    """What a report of a promotion keeps. Whoever reports one has objected to it."""
    promotions.object_to(promotion)
    return SourceKind.PROMOTION, str(promotion.public_id), evidence.of_promotion(promotion)


def checked(words: str) -> str:
    """What is wrong, in the reporter's words. Raises `ReportWordsNeeded`."""
    text = wording.clean(words).strip()
    if not text or len(text) > WORDS_MAX_CHARACTERS:
        raise ReportWordsNeeded(limit=WORDS_MAX_CHARACTERS)
    return text


def _thing(
    reporter: Member, about: Member, message: Message | None, request: Request | None
) -> tuple[SourceKind, str, evidence.Kept]:
    if message is not None:
        return SourceKind.MESSAGE, str(message.public_id), evidence.of_message(message)
    if request is not None:
        return SourceKind.REQUEST, str(request.public_id), evidence.of_request(request)
    return SourceKind.MEMBER, "", evidence.of_member(about, seen_by=reporter)


def _before(reporter: Member, about: Member, *, kind: SourceKind, source: str, key: str) -> Report | None:
    """The report of the same form or the same thing; of a member's page, the one in the case that is open."""
    mine = Report.objects.filter(reporter=reporter)
    same = mine.filter(source_kind=kind, source=source)
    if not source:
        same = same.filter(case__about=about, case__state=State.OPEN)
    return mine.filter(key=key).first() or same.first()


def _spend(reporter: Member) -> None:
    try:
        quotas.spend("reports", str(reporter.pk), limit=settings.REPORTS_A_DAY)
    except quotas.QuotaSpent as spent:
        raise EnoughReports(limit=settings.REPORTS_A_DAY, again_at=spent.again_at) from None


def open_case(about: Member) -> Case:
    """The open case, held so that it is not decided before this report is in it; or a new one."""
    opened = Case.objects.filter(about=about, kind=CaseKind.REPORT, state=State.OPEN)
    held = opened.select_for_update(no_key=True).first()
    if held:
        return held
    case, created = Case.objects.get_or_create(
        about=about, kind=CaseKind.REPORT, state=State.OPEN, defaults={"opened_at": clock.now()}
    )
    return case if created else open_case(about)

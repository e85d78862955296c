"""What the two sides of a decision are told: by a letter, and on a page for later. A reporter is never named."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from foundation import letters
from network.moderation.models import Case, CaseKind, Effect, Freeze, Reversal, State
from network.notices import telling

PATH = "/notices/"
Key = tuple[CaseKind, bool, State]  # kind, for the subject, state

_SAID: dict[Key, str | Promise] = {
    (CaseKind.REPORT, False, State.UPHELD): gettext_lazy("You were right to report: it is against the rules here."),
    (CaseKind.REPORT, False, State.DISMISSED): gettext_lazy("Your report was looked into and dismissed."),
    (CaseKind.REPORT, True, State.UPHELD): gettext_lazy(
        "Something of yours was reported and is against the rules here. It lowers your standing; that fades with time."
    ),
    (CaseKind.REPORT, True, State.DISMISSED): gettext_lazy(
        "Something of yours was reported. The report was dismissed, and nothing changes for you."
    ),
    (CaseKind.APPEAL, False, State.UPHELD): gettext_lazy(
        "A message you marked as a pitch counts as none after an appeal. The contact stays ended."
    ),
    (CaseKind.APPEAL, False, State.DISMISSED): gettext_lazy("A message you marked as a pitch stays marked."),
    (CaseKind.APPEAL, True, State.UPHELD): gettext_lazy(
        "Your appeal was granted: the message no longer counts as a pitch. The contact stays ended."
    ),
    (CaseKind.APPEAL, True, State.DISMISSED): gettext_lazy("Your appeal was dismissed: the message stays marked."),
}
_BAD_FAITH = {  # by: for the subject
    False: gettext_lazy(
        "Your report was dismissed as made in bad faith. It lowers your standing; that fades with time."
    ),
    True: gettext_lazy(
        "Something of yours was reported. The report was dismissed as made in bad faith, and nothing changes for you."
    ),
}
_TAKEN_BACK = {
    False: gettext_lazy("A decision on your report was taken back: what you reported counts no longer."),
    True: gettext_lazy(
        "A decision about you was taken back: it counts no longer, neither for you nor for those who lent you standing."
    ),
}
FROZEN = gettext_lazy("Your account is frozen: you can read, but not write.")
THAWED = gettext_lazy("Your account is no longer frozen.")


@dataclass(frozen=True)
class Notice:
    """One decision as one side reads it. `on` is a day, no moment (security.md, threat 14)."""

    kind: str
    for_subject: bool
    said: str
    reason: str
    on: date
    reported: Member | None = None


def notices_for(member: Member) -> list[Notice]:
    """Everything decided about the member or on their word, newest first, without a trace of the other side."""
    decided = Case.objects.exclude(state=State.OPEN).select_related("about")
    of_subject = [_notice(case) for case in decided.filter(about=member)]
    of_reporter = [_notice(case, reporter=member) for case in decided.filter(pk__in=_on_the_word_of(member))]
    reversed_ = [_of_reversal(one, member) for one in _reversals_for(member)]
    freezes = [notice for freeze in Freeze.objects.filter(member=member) for notice in _of_freeze(freeze)]
    return sorted(reversed_ + of_subject + of_reporter + freezes, key=lambda notice: notice.on, reverse=True)


def _on_the_word_of(member: Member) -> QuerySet[Case, int]:
    return Case.objects.filter(Q(reports__reporter=member) | Q(pitch__by=member)).values_list("pk", flat=True)


def _notice(case: Case, *, reporter: Member | None = None) -> Notice:
    """As `reporter` reads it; without one, as the member whom it is about."""
    assert case.decided_at is not None
    return Notice(
        kind=case.kind,
        for_subject=reporter is None,
        said=_said(case, reporter=reporter),
        reason=case.to_reporter if reporter else case.to_subject,
        on=case.decided_at.date(),
        reported=case.about if reporter else None,
    )


def _reversals_for(member: Member) -> QuerySet[Reversal]:
    mine = Q(case__about=member) | Q(case__in=Case.objects.filter(reports__reporter=member).values("pk"))
    return Reversal.objects.filter(mine).select_related("case__about").order_by("-at")


def _of_reversal(reversal: Reversal, member: Member) -> Notice:
    case = reversal.case
    mine = case.about_id == member.pk
    reason = reversal.to_subject if mine else reversal.to_reporter
    return Notice(case.kind, mine, str(_TAKEN_BACK[mine]), reason, reversal.at.date(), None if mine else case.about)


def _of_freeze(freeze: Freeze) -> list[Notice]:
    found = [Notice("freeze", True, str(FROZEN), freeze.reason, freeze.at.date())]
    if freeze.thawed_at:
        found.append(Notice("thaw", True, str(THAWED), freeze.thaw_reason, freeze.thawed_at.date()))
    return found


_LABELLED = {  # by: for the subject
    False: gettext_lazy(
        "The message is shown as what you said it is, to both of you, and their quiet period starts anew."
    ),
    True: gettext_lazy("A message of yours is shown as what it was from now on, and your quiet period starts anew."),
}


def _said(case: Case, *, reporter: Member | None = None) -> str:
    for_subject = reporter is None
    if case.effect == Effect.BAD_FAITH:
        return str(_BAD_FAITH[for_subject])
    said = str(_SAID[CaseKind(case.kind), for_subject, State(case.state)])
    agreed = case.reports.filter(label_upheld=True)
    if (agreed.filter(reporter=reporter) if reporter else agreed).exists():
        return f"{said} {_LABELLED[for_subject]}"
    return said


def reporters_of(case: Case) -> list[Member]:
    """On whose word the case exists: who reported, or who marked the pitch that is appealed."""
    return list(
        Member.objects.filter(Q(pk__in=case.reports.values("reporter")) | Q(pk=case.pitch and case.pitch.by_id))
    )


def tell_both(case: Case) -> None:
    """Each side hears of it in its language. What a decision takes from its subject is told at once, whatever they
    chose (DSA Art. 17); all the rest goes by their switch. Call it inside the transaction that decides."""
    if case.state == State.UPHELD and case.kind == CaseKind.REPORT:
        with translation.override(case.about.language):
            send(case.about, subject=_("A moderator has decided"), said=_said(case), reason=case.to_subject)
    else:
        telling.tell(case.about, "decision", f"case:{case.pk}")
    for reporter in reporters_of(case):
        telling.tell(reporter, "decision", f"case:{case.pk}")


def tell_of(reversal: Reversal) -> None:
    """The same for a decision that was taken back."""
    for side in [reversal.case.about, *reporters_of(reversal.case)]:
        telling.tell(side, "decision", f"reversal:{reversal.pk}")


def letter_of(member: Member, ref: str) -> str | None:
    """What `tell_both` and `tell_of` have to say to this side, with the reason; in the language that is active."""
    what, _colon, pk = ref.partition(":")
    if what == "reversal":
        reversal = Reversal.objects.select_related("case__about").filter(pk=pk).first()
        notice = _of_reversal(reversal, member) if reversal else None
    else:
        case = Case.objects.exclude(state=State.OPEN).select_related("about").filter(pk=pk).first()
        notice = _notice(case, reporter=None if case.about_id == member.pk else member) if case else None
    return f"{notice.said}\n\n{_('The reason:')}\n\n{notice.reason}" if notice else None


def send(member: Member, *, subject: str, said: str, reason: str) -> None:
    """The letter of a decision at once, in the language that is active; no switch ends it. Remote members read it on
    their own server later."""
    if member.account is None:
        return
    values = {"said": said, "reason": reason, "url": f"{settings.SITE_URL}{PATH}", "site": settings.SITE_NAME}
    letters.write(
        member.account.email,
        subject,
        render_to_string("moderation/decision.txt", values),
        kind="decision",
        reader=str(member.public_id),
    )

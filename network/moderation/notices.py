"""What the two sides of a decision read: on a page, and in a letter (`telling`). A reporter is never named."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from network.moderation import review, statements
from network.moderation.models import Appeal, Case, CaseKind, Effect, Freeze, Notifier, Reversal, State

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
_BLAME_TAKEN_BACK = {
    False: gettext_lazy("A decision on your report was taken back: it counts no longer as made in bad faith."),
    True: gettext_lazy(
        "A report about you counts no longer as made in bad faith. It stays dismissed, and nothing changes for you."
    ),
}
APPEAL_DISMISSED = gettext_lazy("Another moderator has looked into your appeal: the decision stays.")
FROZEN = gettext_lazy("Your account is frozen: you can read, but not write.")
THAWED = gettext_lazy("Your account is no longer frozen.")


@dataclass(frozen=True)
class Notice:
    """One decision as one side reads it. `on` is a day, no moment (security.md, threat 14).

    `lines`: the statement of reasons beside the facts. `case` or `freeze`: what this side can appeal against now, by
    its name in the address; `appeal`: the appeal they made.
    """

    kind: str
    for_subject: bool
    said: str
    reason: str
    on: date
    reported: Member | None = None
    lines: statements.Lines = field(default_factory=list)
    case: str = ""
    freeze: int = 0
    appeal: Appeal | None = None


def notices_for(member: Member) -> list[Notice]:
    """Everything decided about the member or on their word, newest first, without a trace of the other side."""
    decided = Case.objects.exclude(state=State.OPEN).select_related("about")
    of_subject = [_notice(case, by=member) for case in decided.filter(about=member)]
    of_reporter = [_notice(case, by=member, reporter=member) for case in decided.filter(pk__in=_on_the_word_of(member))]
    reversed_ = [_of_reversal(one, member) for one in _reversals_for(member)]
    freezes = [notice for freeze in Freeze.objects.filter(member=member) for notice in _of_freeze(freeze)]
    return sorted(reversed_ + of_subject + of_reporter + freezes, key=lambda notice: notice.on, reverse=True)


def _on_the_word_of(member: Member) -> QuerySet[Case, int]:
    return Case.objects.filter(Q(reports__reporter=member) | Q(pitch__by=member)).values_list("pk", flat=True)


def _notice(case: Case, *, by: Member, reporter: Member | None = None) -> Notice:
    """As `by` reads it: the reporter, or the member whom it is about."""
    assert case.decided_at is not None
    return Notice(
        kind=case.kind,
        for_subject=reporter is None,
        said=said(case, reporter=reporter),
        reason=case.to_reporter if reporter else case.to_subject,
        on=case.decided_at.date(),
        reported=case.about if reporter else None,
        lines=statements.of_case(case, for_subject=reporter is None),
        case=str(case.public_id) if review.may_appeal(case, by) else "",
        appeal=case.appeals.filter(by=by).first(),
    )


def _reversals_for(member: Member) -> QuerySet[Reversal]:
    mine = Q(case__about=member) | Q(case__in=Case.objects.filter(reports__reporter=member).values("pk"))
    return Reversal.objects.filter(mine).select_related("case__about").order_by("-at")


def _of_reversal(reversal: Reversal, member: Member) -> Notice:
    case = reversal.case
    mine = case.about_id == member.pk
    reason = reversal.to_subject if mine else reversal.to_reporter
    words = said_of(reversal, for_subject=mine)
    return Notice(case.kind, mine, words, reason, reversal.at.date(), None if mine else case.about)


def _of_freeze(freeze: Freeze) -> list[Notice]:
    frozen = Notice(
        "freeze",
        True,
        str(FROZEN),
        freeze.reason,
        freeze.at.date(),
        lines=statements.of_freeze(freeze),
        freeze=freeze.pk if review.may_appeal(freeze, freeze.member) else 0,
        appeal=freeze.appeals.first(),
    )
    if not freeze.thawed_at:
        return [frozen]
    return [frozen, Notice("thaw", True, str(THAWED), freeze.thaw_reason, freeze.thawed_at.date())]


_LABELLED = {  # by: for the subject
    False: gettext_lazy(
        "The message is shown as what you said it is, to both of you, and their quiet period starts anew."
    ),
    True: gettext_lazy("A message of yours is shown as what it was from now on, and your quiet period starts anew."),
}


def said(case: Case, *, reporter: Member | None = None) -> str:
    """The decision in a sentence or two, for that reporter or for the member whom it is about."""
    for_subject = reporter is None
    agreed = case.reports.filter(label_upheld=True)
    if (agreed.filter(reporter=reporter) if reporter else agreed).exists():
        return f"{_decided(case, for_subject=for_subject)} {_LABELLED[for_subject]}"
    return _decided(case, for_subject=for_subject)


def said_outside(case: Case) -> str:
    """The same for whoever reported without an account."""
    return _decided(case, for_subject=False)


def said_of(reversal: Reversal, *, for_subject: bool) -> str:
    blamed = reversal.case.state == State.DISMISSED
    return str((_BLAME_TAKEN_BACK if blamed else _TAKEN_BACK)[for_subject])


def _decided(case: Case, *, for_subject: bool) -> str:
    if case.effect == Effect.BAD_FAITH:
        return str(_BAD_FAITH[for_subject])
    return str(_SAID[CaseKind(case.kind), for_subject, State(case.state)])


def reporters_of(case: Case) -> list[Member]:
    """On whose word the case exists: who reported, or who marked the pitch that is appealed."""
    return list(
        Member.objects.filter(Q(pk__in=case.reports.values("reporter")) | Q(pk=case.pitch and case.pitch.by_id))
    )


def notifiers_of(case: Case) -> list[Notifier]:
    """Who reported without an account."""
    return list(Notifier.objects.filter(report__case=case).order_by("pk"))


def names_of_reporters(case: Case) -> list[str]:
    """What no text for the other side may hold."""
    members = [name for one in reporters_of(case) for name in (one.handle, one.name)]
    return members + [name for one in notifiers_of(case) for name in (one.name, one.email)]


def letter_of(member: Member, ref: str) -> str | None:
    """What a decision or a reversal has to say to this side, with the reason; in the language that is active. `ref` is
    `case:number` or `reversal:number`, and may say behind that how often the case was decided."""
    what, pk, *_again = ref.split(":")
    if what == "reversal":
        reversal = Reversal.objects.select_related("case__about").filter(pk=pk).first()
        notice = _of_reversal(reversal, member) if reversal else None
    else:
        case = Case.objects.exclude(state=State.OPEN).select_related("about").filter(pk=pk).first()
        reporter = None if case is None or case.about_id == member.pk else member
        notice = _notice(case, by=member, reporter=reporter) if case else None
    if notice is None:
        return None
    lines = "".join(f"\n\n{label}: {text}" for label, text in notice.lines)
    return f"{notice.said}\n\n{_('The reason:')}\n\n{notice.reason}{lines}"

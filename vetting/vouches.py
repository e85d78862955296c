"""Public vouches: offered by one, countersigned by the other, then a credential that its subject takes anywhere.

A vouch means one thing: shared work that is remembered. It shows nowhere before the subject has countersigned, and
then to whom the subject chooses. Withdrawing is silent. There are no negative ones (product.md, Vouches).

News, each {vouch}: `vouch-offered`, `vouch-issued`, `vouch-withdrawn`, `vouch-shown` (to others than before), and
`vouch-agreed` where the voucher lives elsewhere: their server issues it (`vouches_afar`).
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import people, reach, ties
from accounts.models import Entry, Member, Visibility
from foundation import clock, jobs
from foundation.refusals import Conflict, NotThere
from vetting import contexts, documents, evidence, ledger, vouch_rules
from vetting.models import Vouch
from vetting.vouch_rules import (
    NoContextForVouch,
    NothingShared,
    NotYetToVouch,
    SentenceWrong,
    VouchedAlready,
    VouchesLive,
    VouchesSpent,
    live,
    unanswered,
    waiting,
    why_not,
)

__all__ = [  # the rules that callers of these verbs meet
    "NoContextForVouch",
    "NotYetToVouch",
    "NothingShared",
    "SentenceWrong",
    "VouchedAlready",
    "VouchesLive",
    "VouchesSpent",
    "live",
    "why_not",
]


class NotYourVouch(NotThere):
    code = "not-your-vouch"
    message = _("There is no such vouch, or it is not yours.")


class VouchAnswered(Conflict):
    code = "vouch-settled"
    message = _("This vouch has been answered, has ended or was withdrawn.")


@transaction.atomic
def offer(voucher: Member, subject: Member, *, entry: Entry | None, sentence: str, key: str) -> Vouch:
    """The subject is asked to countersign. The same `key` returns the vouch that is there.

    Raises `Frozen`, `NothingShared`, `NotYetToVouch`, `NoContextForVouch`, `SentenceWrong`, `VouchedAlready`,
    `VouchesSpent`, `VouchesLive`, `NothingGoesThere`.
    """
    people.check_may_act(voucher)
    ties.lock(voucher, subject)
    before = Vouch.objects.filter(voucher=voucher, key=key).first()
    if before:
        return before
    if refusal := why_not(voucher, subject):
        raise refusal
    if entry is None or entry.member_id != voucher.pk:
        raise NoContextForVouch
    text = vouch_rules.checked(sentence)
    vouch_rules.check_numbers(voucher)
    vouch = Vouch.objects.create(
        voucher=voucher,
        subject=subject,
        confirmation=contexts.confirmation(voucher, subject),
        context=documents.context_of(entry),
        sentence=text,
        key=key,
        offered_at=clock.now(),
    )
    jobs.announce("vouch-offered", {"vouch": vouch.pk})
    return vouch


@transaction.atomic
def countersign(vouch: Vouch, *, by: Member, visible_to: int) -> Vouch:
    """The vouch is a credential signed by both, at an address of its own, and lends standing as it matures.

    Where the voucher lives elsewhere it is that once their server has signed it, too. Raises `NotYourVouch`,
    `VouchAnswered`, `Frozen`, `NothingGoesThere`; `NotCountersigned` if the subject has another key since it was
    offered from elsewhere.
    """
    people.check_may_act(by)
    reach.check(vouch.voucher)
    fresh = _held(vouch, subject=by)
    gone = fresh.voucher.frozen_at or not ties.in_contact(fresh.voucher, by)
    if _is_answered(fresh) or gone:
        raise VouchAnswered
    fresh.visible_to = Visibility(visible_to)
    if fresh.voucher.host:
        return _agree(fresh)
    fresh.issued_at = clock.now()
    fresh.ends_at = documents.end_of(fresh.issued_at)
    documents.find_places(fresh)
    fresh.credential = documents.issue(fresh)
    fresh.save()
    ledger.record(by, by=fresh.voucher, kind=evidence.VOUCH, source=fresh.source)
    jobs.announce("vouch-issued", {"vouch": fresh.pk})
    return fresh


def _agree(vouch: Vouch) -> Vouch:
    """The subject has signed the draft; the voucher's key is on another server, so the last signature is, too."""
    vouch.draft, vouch.agreed_at = documents.agree(vouch), clock.now()
    vouch.save(update_fields=["draft", "agreed_at", "visible_to"])
    jobs.announce("vouch-agreed", {"vouch": vouch.pk})
    return vouch


def _is_answered(vouch: Vouch) -> bool:
    return any((vouch.issued_at, vouch.agreed_at, vouch.refused_at, vouch.withdrawn_at))


@transaction.atomic
def refuse(vouch: Vouch, *, by: Member) -> None:
    """The subject does not want it: it shows nowhere, and the voucher is not told."""
    fresh = _held(vouch, subject=by)
    if _is_answered(fresh):
        raise VouchAnswered
    Vouch.objects.filter(pk=fresh.pk).update(refused_at=clock.now())


@transaction.atomic
def show_to(vouch: Vouch, *, by: Member, visible_to: int) -> None:
    """The subject chooses anew who sees the vouch on their page. The address goes on working for whoever has it."""
    fresh = _held(vouch, subject=by)
    if not fresh.is_live(clock.now()):
        raise VouchAnswered
    Vouch.objects.filter(pk=fresh.pk).update(visible_to=Visibility(visible_to))
    jobs.announce("vouch-shown", {"vouch": fresh.pk})


@transaction.atomic
def withdraw(vouch: Vouch, *, by: Member) -> None:
    """The voucher's word counts no longer, its status says so, its address answers "gone"; nobody is told.

    A word renewed is withdrawn whole. What it lent for already stays answered for (`liability`). Twice is once.
    """
    if vouch.voucher_id != by.pk:
        raise NotYourVouch
    ties.lock(vouch.voucher, vouch.subject)
    _withdraw(vouch.voucher, vouch.subject)


@transaction.atomic
def withdraw_all(voucher: Member, subject: Member) -> None:
    """What `voucher` offered or said of `subject` is withdrawn, as when the one blocks the other."""
    _withdraw(voucher, subject)


def _withdraw(voucher: Member, subject: Member) -> None:
    standing = Vouch.objects.filter(unanswered() | live(), voucher=voucher, subject=subject)
    for vouch in list(standing.select_for_update(of=["self"])):
        Vouch.objects.filter(pk=vouch.pk).update(withdrawn_at=clock.now())
        if vouch.issued_at:
            ledger.record(subject, by=voucher, kind=evidence.WITHDRAWN, source=vouch.source)
        jobs.announce("vouch-withdrawn", {"vouch": vouch.pk})


def _held(vouch: Vouch, *, subject: Member) -> Vouch:
    """The vouch as it is now, held until the transaction ends, if it is about that member."""
    if vouch.subject_id != subject.pk:
        raise NotYourVouch
    ties.lock(vouch.voucher, vouch.subject)
    return Vouch.objects.select_for_update(of=["self"]).select_related("voucher", "subject").get(pk=vouch.pk)


def end_those_that_ran_out() -> None:
    """After 24 months a vouch lends no longer; nobody has to do anything. Twice is once."""
    over = Vouch.objects.filter(ends_at__lte=clock.now(), withdrawn_at=None, ended=False)
    for vouch in over.select_related("voucher", "subject").order_by("pk")[:500]:
        with transaction.atomic():
            if Vouch.objects.filter(pk=vouch.pk, ended=False).update(ended=True):
                by, over_at = vouch.voucher, vouch.ends_at
                ledger.record(vouch.subject, by=by, kind=evidence.WITHDRAWN, source=vouch.source, at=over_at)


def offered_to(subject: Member) -> QuerySet[Vouch]:
    """What the member is asked to countersign, the newest first. Offers of people they have blocked are not there."""
    blocked = subject.blocks.values("blocked")
    offers = Vouch.objects.filter(waiting(), subject=subject).exclude(voucher__in=blocked)
    return offers.select_related("voucher").order_by("-offered_at")


def agreed_by(subject: Member) -> QuerySet[Vouch]:
    """What the member has countersigned and the voucher's server has not signed yet, the newest first."""
    signed = Vouch.objects.filter(unanswered(), subject=subject, agreed_at__isnull=False)
    return signed.select_related("voucher").order_by("-agreed_at")


def given_by(voucher: Member) -> QuerySet[Vouch]:
    """What the member offered or said and has not withdrawn. A refused one reads as unanswered."""
    standing = Vouch.objects.filter(unanswered() | live(), voucher=voucher)
    return standing.select_related("subject").order_by("-offered_at")


def about(subject: Member) -> QuerySet[Vouch]:
    """Live vouches about the member, as they see them themselves."""
    return Vouch.objects.filter(live(), subject=subject).select_related("voucher").order_by("-issued_at")


def seen_by(viewer: Member | None, subject: Member, near: Visibility) -> QuerySet[Vouch]:
    """Live vouches about the subject that somebody so near may see, and by whom: as far as they share contacts.

    Others than members in contact with the voucher see only what the subject shows to everyone.
    """
    shown = about(subject).filter(visible_to__gte=near)
    if viewer is None or near in (Visibility.ME, Visibility.EVERYONE):
        return shown
    return shown.filter(Q(visible_to=Visibility.EVERYONE) | Q(voucher=viewer) | Q(voucher__in=ties.contact_ids(viewer)))


def among_contacts(viewer: Member, seen: Sequence[Vouch]) -> set[int]:
    """Who of those that vouch the viewer knows: contacts of theirs, or they themselves."""
    return ties.among((vouch.voucher for vouch in seen), viewer) | ({viewer.pk} & {vouch.voucher_id for vouch in seen})


def by_public_id(public_id: UUID, party: Member) -> Vouch:
    """The vouch, if the member is one of its two; raises `NotYourVouch` alike for unknown ones."""
    ours = Vouch.objects.filter(Q(voucher=party) | Q(subject=party), public_id=public_id)
    found = ours.select_related("voucher", "subject").first()
    if found is None:
        raise NotYourVouch
    return found


def by_token(token: str) -> Vouch:
    """The issued vouch at this address, also a withdrawn one; raises `NotYourVouch` for unknown addresses."""
    found = Vouch.objects.filter(token=token, issued_at__isnull=False).select_related("voucher", "subject").first()
    if found is None:
        raise NotYourVouch
    return found

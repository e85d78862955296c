"""Public vouches between two servers: each side signs at home, and each checks what the other has signed.

Given by somebody here: `prepare` → their server countersigns → `conclude`. Given by somebody elsewhere: `receive` →
`vouches.countersign` → their server signs → `keep`. Whose key a `Party` has and that they said it is for the caller to
know; the signatures, the words and the rules are checked here. A refusal leaves what was there before as it was.
"""

import secrets
from datetime import timedelta

from django.db import transaction

from accounts import people, ties
from accounts.models import Member, Visibility
from foundation import clock, jobs, rfc3339
from foundation.signing import Document, Unproven
from vetting import contexts, credential_shape, credentials, documents, evidence, ledger, vouch_rules
from vetting.credentials import ForOneself, Party
from vetting.models import Vouch
from vetting.vouch_rules import NothingShared, SentenceWrong, VouchedAlready
from vetting.vouches import NotYourVouch, VouchAnswered

STATUS_DAYS = 180
"""A remote vouch whose status nobody has read for so long lends nothing (reputation.md, Federation)."""
LOOK_AGAIN_DAYS = 30


class OtherWords(Unproven):
    """It is not what was agreed upon."""

    code = "vouch-other-words"


@transaction.atomic
def prepare(vouch: Vouch, *, subject: Party) -> Document | None:
    """The draft that the subject, elsewhere, is asked to countersign; the same one each time. None if it is settled."""
    fresh = Vouch.objects.select_for_update(of=["self"]).select_related("voucher", "subject").get(pk=vouch.pk)
    if fresh.issued_at or fresh.withdrawn_at:
        return None
    if fresh.draft is None:
        documents.find_places(fresh)
        fresh.draft = documents.draft(fresh, subject=subject, began=clock.now())
        fresh.save(update_fields=["token", "status_key", "status_index", "draft"])
    return fresh.draft


@transaction.atomic
def conclude(vouch: Vouch, *, by: Member, agreed: Document, everyone: bool) -> Vouch:
    """The subject, elsewhere, has countersigned: it is a credential now. `everyone`: they show it to everyone.

    Raises `NotYourVouch`, `VouchAnswered`; `Unproven` if they have signed other words than those offered, or not at
    all.
    """
    fresh = _held(vouch)
    if fresh.subject_id != by.pk or not by.host:
        raise NotYourVouch
    gone = fresh.voucher.frozen_at or not ties.in_contact(fresh.voucher, by)
    if fresh.draft is None or fresh.issued_at or fresh.withdrawn_at or gone:
        raise VouchAnswered
    if {name: value for name, value in agreed.items() if name != "evidence"} != fresh.draft:
        raise OtherWords
    return _issue(fresh, documents.issue_agreed(fresh, agreed), everyone=everyone)


@transaction.atomic
def receive(voucher: Member, subject: Member, *, draft: Document, key: str) -> Vouch:
    """Somebody elsewhere offers to vouch for somebody here, who is asked like by anybody. The same `key` is once.

    Raises `Frozen`, `NothingShared`, `SentenceWrong`, `VouchedAlready`, `VouchesSpent`, `VouchesLive`, `NotAVouch`,
    `ForOneself`, and `NotCountersigned` if the draft is about another key than the subject's. How long they have been
    members there is their server's to know.
    """
    people.check_may_act(voucher)
    ties.lock(voucher, subject)
    before = Vouch.objects.filter(voucher=voucher, key=key).first()
    if before:
        return before
    _check_new(voucher, subject)
    return _draw_up(voucher, subject, draft, key)


def _check_new(voucher: Member, subject: Member) -> None:
    if not ties.in_contact(voucher, subject) or not contexts.confirmed(voucher, subject):
        raise NothingShared
    if vouch_rules.is_there(voucher, subject):
        raise VouchedAlready
    vouch_rules.check_numbers(voucher)


def _draw_up(voucher: Member, subject: Member, draft: Document, key: str) -> Vouch:
    credential_shape.check_draft(draft)
    issuer, about = draft["issuer"], draft["credentialSubject"]
    if issuer["id"] == about["id"] or issuer["alsoKnownAs"] == about["alsoKnownAs"]:
        raise ForOneself
    if vouch_rules.checked(about["statement"]) != about["statement"]:
        raise SentenceWrong
    ours = documents.party(subject)
    if (about["id"], about["alsoKnownAs"]) != (ours.did, ours.actor):
        raise credentials.NotCountersigned
    vouch = Vouch.objects.create(
        voucher=voucher,
        subject=subject,
        confirmation=contexts.confirmation(voucher, subject),
        context=about["context"],
        sentence=about["statement"],
        key=key,
        draft=draft,
    )
    jobs.announce("vouch-offered", {"vouch": vouch.pk})
    return vouch


@transaction.atomic
def keep(vouch: Vouch, *, by: Member, document: Document) -> Vouch:
    """What the subject here has countersigned is signed by its voucher, too: from now on it stands.

    Raises `NotYourVouch`, `VouchAnswered`, `Unproven` (the words, the keys, the time). Twice is once.
    """
    fresh = _held(vouch)
    if fresh.voucher_id != by.pk or not by.host:
        raise NotYourVouch
    if fresh.issued_at and fresh.credential == document:
        return fresh
    if fresh.draft is None or fresh.agreed_at is None or fresh.issued_at or fresh.withdrawn_at:
        raise VouchAnswered
    credentials.verify(document, now=clock.now())
    if {name: value for name, value in document.items() if name != "proof"} != fresh.draft:
        raise OtherWords
    fresh.token, fresh.status_read_at = secrets.token_urlsafe(documents.TOKEN_BYTES), clock.now()
    return _issue(fresh, document, everyone=fresh.visible_to == Visibility.EVERYONE)


@transaction.atomic
def learn(voucher: Member, subject: Member, *, document: Document, key: str) -> Vouch:
    """A vouch between two who both live elsewhere is kept; it lends nothing here, and shows once its subject says so.

    `Unproven` if it does not prove itself. The same `key` is once.
    """
    credentials.verify(document, now=clock.now())
    about = document["credentialSubject"]
    values = {
        "voucher": voucher,
        "subject": subject,
        "context": about["context"],
        "sentence": about["statement"],
        "issued_at": clock.now(),
        "ends_at": rfc3339.read(document["validUntil"]),
        "status_read_at": clock.now(),
        "token": secrets.token_urlsafe(documents.TOKEN_BYTES),
        "credential": document,
        "ended": True,  # to the ledger it is nothing that could end
    }
    row, _created = Vouch.objects.get_or_create(voucher=voucher, key=key, defaults=values)
    return row


@transaction.atomic
def show(vouch: Vouch, *, by: Member, everyone: bool) -> None:
    """The subject, elsewhere, shows it to everyone, or no longer. Raises `NotYourVouch`, `VouchAnswered`."""
    fresh = _held(vouch)
    if fresh.subject_id != by.pk or not by.host:
        raise NotYourVouch
    if not fresh.is_live(clock.now()):
        raise VouchAnswered
    Vouch.objects.filter(pk=fresh.pk).update(visible_to=Visibility.EVERYONE if everyone else Visibility.ME)
    jobs.announce("vouch-shown", {"vouch": fresh.pk})


def to_look_at() -> list[Vouch]:
    """Vouches from elsewhere whose status was not read for a while, the longest first."""
    stale = clock.now() - timedelta(days=LOOK_AGAIN_DAYS)
    afar = Vouch.objects.filter(vouch_rules.live(), status_read_at__lte=stale).exclude(voucher__host="")
    return list(afar.select_related("voucher", "subject").order_by("status_read_at")[:500])


@transaction.atomic
def read_status(vouch: Vouch, status: Document) -> None:
    """What their server's list of today says of the vouch. Raises `NotAList`, `ListTooOld`; `Expired` when it is over.

    Withdrawn there is withdrawn here; nobody is told.
    """
    fresh = _held(vouch)
    if fresh.credential is None or fresh.withdrawn_at:
        return
    try:
        credentials.verify(fresh.credential, now=clock.now(), status=status)
    except credentials.Withdrawn:
        Vouch.objects.filter(pk=fresh.pk).update(withdrawn_at=clock.now())
        _lends_no_more(fresh)
        return
    Vouch.objects.filter(pk=fresh.pk).update(status_read_at=clock.now())


@transaction.atomic
def give_up(vouch: Vouch) -> None:
    """Nobody could read for 180 days whether the vouch still stands: it lends nothing any more."""
    fresh = _held(vouch)
    long_ago = clock.now() - timedelta(days=STATUS_DAYS)
    if fresh.status_read_at and fresh.status_read_at <= long_ago and not fresh.ended:
        _lends_no_more(fresh)
        Vouch.objects.filter(pk=fresh.pk).update(ended=True)


def _lends_no_more(vouch: Vouch) -> None:
    if not vouch.subject.host:
        ledger.record(vouch.subject, by=vouch.voucher, kind=evidence.WITHDRAWN, source=vouch.source)


def _issue(vouch: Vouch, document: Document, *, everyone: bool) -> Vouch:
    vouch.issued_at, vouch.ends_at = clock.now(), rfc3339.read(document["validUntil"])
    if vouch.ends_at <= vouch.issued_at:
        raise VouchAnswered
    vouch.credential = document
    if vouch.subject.host:
        vouch.visible_to = Visibility.EVERYONE if everyone else Visibility.ME
    vouch.save()
    ledger.record(vouch.subject, by=vouch.voucher, kind=evidence.VOUCH, source=vouch.source)
    jobs.announce("vouch-issued", {"vouch": vouch.pk})
    return vouch


def _held(vouch: Vouch) -> Vouch:
    """The vouch as it is now, held until the transaction ends."""
    ties.lock(vouch.voucher, vouch.subject)
    return Vouch.objects.select_for_update(of=["self"]).select_related("voucher", "subject").get(pk=vouch.pk)

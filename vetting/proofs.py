"""Anchors: members proved by something costly, from whom all standing flows. Who granted what stays on record."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from accounts import powers
from accounts.models import Member
from foundation import audit, clock, jobs
from foundation.refusals import Conflict, Forbidden, Invalid
from vetting.models import Proof, ProofKind

GRANT = "vetting.grant_proof"
BY_HAND = (ProofKind.MET, ProofKind.CHECKED_IN)
"""What a moderator can grant; the others follow from being appointed, or from a letter that was answered."""


class NotToBeProved(Forbidden):
    code = "not-to-be-proved"
    message = _("Only a member of this server with a confirmed address can be an anchor, and nobody proves themselves.")


class NoSuchProof(Invalid):
    code = "no-such-proof"
    message = _("A moderator can say that they met a member, or that an organiser checked them in.")


class ProvedAlready(Conflict):
    code = "proved-already"
    message = _("That is on record already, or has ended meanwhile.")


def share_of(member: Member, now: datetime) -> float:
    """s(u) in [0, 1]: the shares of all live proofs in sum, at most 1."""
    total = live(now).filter(member=member).aggregate(total=Sum("share"))["total"]
    return min(1.0, float(total or 0))


def live(now: datetime) -> QuerySet[Proof]:
    """Proofs that count at that moment."""
    return Proof.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), ended_at=None)


def share_for(kind: str) -> float:
    """What a proof of that kind counts; an operator may set it."""
    return float(settings.PROOF_SHARES[kind])


@transaction.atomic
def enter(
    member: Member, kind: ProofKind, *, by: Member | None, actor: str, domain: str = "", mailbox: str = ""
) -> Proof:
    """The member is an anchor of that kind from now on, and the audit log says on whose word. Twice is once.

    No permission is asked: callers do. A proof that has run out is taken up again.
    """
    if member.confirmed_at is None or member.host:
        raise NotToBeProved
    Proof.objects.filter(member=member, kind=kind, ended_at=None, ends_at__lte=clock.now()).update(ended_at=clock.now())
    lasts = None if kind in (ProofKind.MODERATOR, ProofKind.MET) else timedelta(days=settings.PROOF_DAYS)
    values = {"share": share_for(kind), "by": by, "domain": domain, "mailbox": mailbox, "at": clock.now()}
    values["ends_at"] = clock.now() + lasts if lasts else None
    proof, created = Proof.objects.get_or_create(member=member, kind=kind, ended_at=None, defaults=values)
    if created:
        audit.note(actor, f"proved-{kind}", f"member:{member.pk}", detail={"share": proof.share})
        jobs.add("standing", {"member": member.pk}, key=f"standing:{member.pk}")
    return proof


def grant(member: Member, kind: str, *, by: Member | None) -> Proof:
    """A moderator says: I met this person, or an organiser checked them in.

    Raises `NotAModerator`, `NoSuchProof`, `NotToBeProved`; every refused attempt is noted.
    """
    moderator = _may(by, member)
    if kind not in BY_HAND:
        raise NoSuchProof
    if moderator.pk == member.pk:
        _note_refused(by, member, NotToBeProved.code)
        raise NotToBeProved
    return enter(member, ProofKind(kind), by=moderator, actor=f"member:{moderator.pk}")


def revoke(proof: Proof, *, by: Member | None) -> None:
    """The proof counts no longer. Raises `NotAModerator`, `ProvedAlready`."""
    moderator = _may(by, proof.member)
    with transaction.atomic():
        _end(proof, actor=f"member:{moderator.pk}")


def end(member: Member, kind: ProofKind, *, actor: str) -> None:
    """The member's proof of that kind, if any, counts no longer. No permission is asked: callers do."""
    for proof in Proof.objects.filter(member=member, kind=kind, ended_at=None):
        _end(proof, actor=actor)


def _end(proof: Proof, *, actor: str) -> None:
    if not Proof.objects.filter(pk=proof.pk, ended_at=None).update(ended_at=clock.now()):
        raise ProvedAlready
    audit.note(actor, f"revoked-{proof.kind}", f"member:{proof.member_id}")
    jobs.add("standing", {"member": proof.member_id}, key=f"standing:{proof.member_id}")


def _may(by: Member | None, about: Member) -> Member:
    try:
        return powers.check(by, GRANT)
    except Forbidden as refusal:
        _note_refused(by, about, refusal.code)
        raise


def _note_refused(by: Member | None, about: Member, code: str) -> None:
    actor = f"member:{by.pk}" if by else "nobody"
    audit.note(actor, "was-refused-proof", f"member:{about.pk}", detail={"code": code})


audit.worded(
    {
        "was-refused-proof": _("was refused to decide about a proof"),
        **{f"proved-{kind.value}": _("made an anchor by proof") for kind in ProofKind},
        **{f"revoked-{kind.value}": _("ended the proof of an anchor") for kind in ProofKind},
    }
)

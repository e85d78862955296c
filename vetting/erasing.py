"""Somebody has left: what they said ends and is erased; what others signed stays verifiable, and so does every chain.

Lines of the ledger stay, with salted commitments to nothing that is left. Copies of credentials that others signed
about the member verify as before: no place in a status list turns but those of the member's own vouches.
"""

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Member
from foundation import clock
from vetting import evidence, vouches
from vetting.models import Claim, Conduct, Doubt, Evidence, Proof, Standing, Vouch

OTHERS = (evidence.STRIKE, evidence.LIABLE)
"""A moderator who leaves takes no strike with them: what those commit to are moments of somebody else's."""


@transaction.atomic
def erase(member: Member) -> None:
    """Vouches of the member are withdrawn; those about them show nowhere; salts, claims and proofs are gone.

    Twice is once.
    """
    if member.left_at is None:
        return
    for subject in Member.objects.filter(vouches_received__voucher=member).distinct().order_by("pk"):
        vouches.withdraw_all(member, subject)
    _blank(Vouch.objects.filter(Q(voucher=member) | Q(subject=member)))
    lines = Evidence.objects.filter(Q(about=member.ledger_id) | (Q(by=member.ledger_id) & ~Q(kind__in=OTHERS)))
    Claim.objects.filter(evidence__in=lines).delete()
    for rows in (
        Proof.objects.filter(member=member),
        Standing.objects.filter(member=member),
        Conduct.objects.filter(member=member),
        Doubt.objects.filter(entry__member=member),
    ):
        rows.delete()


def _blank(rows: QuerySet[Vouch]) -> None:
    now = clock.now()
    rows.filter(issued_at=None, refused_at=None, withdrawn_at=None).update(withdrawn_at=now)
    rows.filter(issued_at__isnull=False).update(credential={})
    rows.filter(ends_at__gt=now).update(ends_at=now)
    rows.update(sentence="", context={}, draft=None)

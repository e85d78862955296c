"""The ledger: record, read, prove. The only writer of Evidence."""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import Member
from foundation import clock, jobs, signing
from vetting.models import Claim, Evidence

GENESIS = bytes(32)


def _hash(row: Evidence) -> bytes:
    """SHA-256 over the canonical line (RFC 8785), the commitment and the hash before it."""
    line = {
        "about": str(row.about),
        "number": row.number,
        "by": str(row.by),
        "kind": row.kind,
        "source": row.source,
        "at": row.at.isoformat(),
        "commitment": bytes(row.commitment).hex(),
        "previous": bytes(row.previous).hex(),
    }
    return hashlib.sha256(signing.canonical(line)).digest()


def _commitment(salt: bytes, claim: dict[str, Any]) -> bytes:
    return hmac.new(salt, signing.canonical(claim), hashlib.sha256).digest()


@transaction.atomic
def record(
    about: Member,
    *,
    by: Member,
    kind: str,
    source: str,
    claim: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Evidence | None:
    """The subject's chain has one more line, and the standing is asked to be recomputed.

    Once per (kind, source, about): a repetition returns None and changes nothing. Chains are written one at a time,
    under an advisory lock of the subject that the transaction holds.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 7))", [str(about.ledger_id)])
    chain = Evidence.objects.filter(about=about.ledger_id)
    if chain.filter(kind=kind, source=source).exists():
        return None
    last = chain.order_by("-number").first()
    salt, facts = secrets.token_bytes(32), claim or {}
    row = Evidence(
        about=about.ledger_id,
        number=last.number + 1 if last else 1,
        by=by.ledger_id,
        kind=kind,
        source=source,
        at=at or clock.now(),
        commitment=_commitment(salt, facts),
        previous=last.hash if last else GENESIS,
    )
    row.hash = _hash(row)
    row.save(force_insert=True)
    Claim.objects.create(evidence=row, salt=salt, claim=facts)
    jobs.add("standing", {"member": about.pk}, key=f"standing:{about.pk}")
    return row


def about(member: Member) -> QuerySet[Evidence]:
    """The member's chain, oldest first."""
    return Evidence.objects.filter(about=member.ledger_id).order_by("number")


def breaks(about: UUID) -> Iterator[str]:
    """What is wrong with one chain, in words; nothing for a whole one. A claim that was erased is no break."""
    previous, expected = GENESIS, 1
    for row in Evidence.objects.filter(about=about).order_by("number").select_related("claim"):
        if row.number != expected or bytes(row.previous) != previous or bytes(row.hash) != _hash(row):
            yield f"{about}: line {row.number} does not follow from line {expected - 1}"
        kept = getattr(row, "claim", None)
        if kept and _commitment(bytes(kept.salt), kept.claim) != bytes(row.commitment):
            yield f"{about}: the claim of line {row.number} is not what was committed to"
        previous, expected = bytes(row.hash), row.number + 1

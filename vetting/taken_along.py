"""What this floor keeps of a member, as they take it along. Signed documents go as they are."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from accounts.exporting import files, leaves_out, part, plain, rows
from accounts.models import Member
from vetting import standing, vouches
from vetting.models import Confirmation, Proof, Vouch

VOUCH = ("public_id", "voucher", "subject", "sentence", "context", "offered_at", "issued_at", "ends_at", "withdrawn_at")


@part("vouches", "vetting.Vouch")
def vouches_of(member: Member) -> dict[str, Any]:
    """As both sides see them: what was refused or withdrawn by the other is not told."""
    given = Vouch.objects.filter(voucher=member).select_related("voucher", "subject").order_by("pk")
    received = Q(pk__in=vouches.about(member).values("pk")) | Q(pk__in=vouches.offered_to(member).values("pk"))
    about = Vouch.objects.filter(received).select_related("voucher", "subject").order_by("pk")
    return {"given": rows(given, *VOUCH), "received": rows(about, *VOUCH[:-1])}


@files
def documents(member: Member) -> Iterable[tuple[str, str]]:
    """Each live vouch about the member, signed by both: `vouches/ID.json`."""
    for vouch in vouches.about(member):
        if vouch.credential:
            yield f"vouches/{vouch.public_id}.json", json.dumps(vouch.credential, ensure_ascii=False, indent=2)


@part("standing", "vetting.Standing")
def standing_of(member: Member) -> dict[str, Any]:
    held = standing.of(member)
    return {
        "points": round(held.points, 2),
        "computed": plain(held.computed_at),
        "rests_until": plain(held.rests_until),
    }


@part("confirmations", "vetting.Confirmation")
def confirmations(member: Member) -> list[dict[str, Any]]:
    found = Confirmation.objects.filter(Q(low=member) | Q(high=member)).select_related("low", "high", "organisation")
    return [
        {
            "with": (row.high if row.low_id == member.pk else row.low).address,
            "kind": row.kind,
            "organisation": row.organisation.name if row.organisation else "",
            "at": plain(row.at),
        }
        for row in found.order_by("pk")
    ]


@part("proofs", "vetting.Proof")
def proofs(member: Member) -> list[dict[str, Any]]:
    return rows(Proof.objects.filter(member=member).order_by("pk"), "kind", "domain", "at", "ends_at", "ended_at")


leaves_out("vetting.Doubt", "what others said of one's entries, and one said of theirs, counts only in sum")
leaves_out("vetting.Edge", "follows from the ledger; who lends stands in the confirmations and vouches")
leaves_out("vetting.Conduct", "a sum that the standing tells")
leaves_out("vetting.WorkDomain", "employers that moderators know")

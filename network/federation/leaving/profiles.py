"""What a member shows to everyone has changed, or they are leaving: other servers hear it."""

import hashlib

from accounts.models import Member
from foundation import jobs, signing
from foundation.signing import Document
from network.federation import addresses, circles, documents, outbox, vocabulary
from network.federation.models import Outbound


@jobs.handles("profile-leaves")
def send_profile(member: int) -> None:
    """Followers' and contacts' servers get the profile as everybody sees it, if that is not what they got last."""
    row = Member.objects.present().filter(pk=member, host="").first()
    readers = circles.near(row) if row else []
    if row is None or not readers:
        return
    shown = documents.actor(row)
    context = shown.pop("@context")
    last = _said(row)
    if last and last.body["object"] == shown:
        return
    key = f"profile:{row.pk}:{last.pk if last else ''}:{_digest(shown)}"
    activity = {
        "@context": [*context[:-1], "https://w3id.org/security/data-integrity/v1", context[-1]],
        "type": "Update",
        "to": [vocabulary.PUBLIC],
        "cc": [addresses.part(row, "followers")],
        "object": shown,
    }
    outbox.send(row, activity, to=readers, key=key, shared=True)


@jobs.handles("member-leaves")
def send_departure(member: int) -> None:
    """Every server that got anything of the member's hears that they are gone."""
    row = Member.objects.filter(pk=member, host="").first()
    if row:
        activity = {"type": "Delete", "to": [vocabulary.PUBLIC], "object": addresses.actor(row)}
        outbox.send(row, activity, to=circles.everybody(row), key=_farewell(row), shared=True)
        jobs.add("federation-erase", {"member": row.pk}, key=f"federation-erase:{row.pk}")


jobs.listen("profile-changed", "profile-leaves")
jobs.listen("member-left", "member-leaves")


def said_farewell(member: Member) -> bool:
    """Whether other servers hear, or have heard, that the member is gone."""
    return outbox.was_sent(_farewell(member))


def _farewell(member: Member) -> str:
    return f"gone:{member.public_id}"


def _said(member: Member) -> Outbound | None:
    about = Outbound.objects.filter(sender=member, object_uri=addresses.actor(member), body__type="Update")
    return about.order_by("-made_at").first()


def _digest(shown: Document) -> str:
    return hashlib.sha256(signing.canonical(shown)).hexdigest()

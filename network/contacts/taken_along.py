"""What this wing keeps of a member, as they take it along: a request as its side sees it, never what the other did."""

from typing import Any

from django.db.models import Q

from accounts.exporting import leaves_out, part, rows
from accounts.models import Member
from network.contacts import requests, vouching
from network.contacts.models import Contact, Follow, Invitation, Request, VouchQuestion, Whereabouts

SENT = ("public_id", "recipient", "context", "snapshot", "note", "asked_at", "grade", "status", "question", "reply")
RECEIVED = ("public_id", "asker", "context", "snapshot", "note", "asked_at", "grade", "answer", "answered_at")
UNSEEN = (Whereabouts.PENDING, Whereabouts.NOWHERE, Whereabouts.AWAY)


@part("requests", "contacts.Request")
def requests_of(member: Member) -> dict[str, Any]:
    """`sent` tells no answer but a yes. `received`: at the door and in the tray; what went nowhere is not there."""
    received = Request.objects.filter(recipient=member, withdrawn_at=None).exclude(whereabouts__in=UNSEEN)
    return {
        "sent": rows(requests.sent_by(member), *SENT),
        "received": rows(
            received.select_related("asker").order_by("-asked_at"), *RECEIVED, "question", "reply", "whereabouts"
        ),
    }


@part("vouch_questions", "contacts.VouchQuestion")
def questions_of(member: Member) -> list[dict[str, Any]]:
    """What the member was asked to vouch for, and said."""
    passed = VouchQuestion.objects.filter(pk__in=vouching.passed_on(member).values("pk"))
    fields = ("request__asker", "request__recipient", "passed_at", "answer", "answered_at", "sentence")
    found = passed.select_related("request__asker", "request__recipient").order_by("pk")
    return [
        {"asker": row.request.asker.address, "recipient": row.request.recipient.address, **one}
        for row, one in zip(found, rows(found, *fields[2:]), strict=True)
    ]


@part("contacts", "contacts.Contact")
def contacts_of(member: Member) -> list[dict[str, Any]]:
    mine = Contact.objects.filter(Q(asker=member) | Q(recipient=member)).select_related("asker", "recipient")
    return rows(mine.order_by("began_at"), "asker", "recipient", "began_at", "quiet_until", "lifted_at", "ended_at")


@part("follows", "contacts.Follow")
def follows_of(member: Member) -> dict[str, Any]:
    mine = Follow.objects.filter(follower=member).select_related("followed").order_by("pk")
    theirs = Follow.objects.filter(followed=member).select_related("follower").order_by("pk")
    times = ("asked_at", "accepted_at", "ended_at")
    return {"following": rows(mine, "followed", *times), "followers": rows(theirs, "follower", *times)}


@part("invitations", "contacts.Invitation")
def invitations_of(member: Member) -> list[dict[str, Any]]:
    mine = Invitation.objects.filter(inviter=member).select_related("spent_by").order_by("pk")
    return rows(mine, "label", "made_at", "expires_at", "spent_at", "spent_by")


leaves_out("contacts.Relocation", "who of others has moved; contacts say it")
leaves_out("contacts.KeepQuestion", "whether a contact goes on after a move; contacts say what became of it")

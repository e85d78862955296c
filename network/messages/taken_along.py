"""What this wing keeps of a member, as they take it along."""

from typing import Any

from django.db.models import Q

from accounts.exporting import part, rows
from accounts.models import Member
from network.messages import calls, drafts, keeping, promotions
from network.messages.models import Draft, OptOut, Pitch, Revision, Thread, Trade


@part(
    "threads",
    "threads.Thread",
    "threads.Message",
    "threads.File",
    "threads.Enclosed",
    "threads.Reading",
    "threads.Hidden",
)
def threads_of(member: Member) -> list[dict[str, Any]]:
    """Each as its page has it, without what the member has put away."""
    mine = Thread.objects.filter(Q(low=member) | Q(high=member)).select_related("low", "high").order_by("pk")
    return [{**keeping.taken_along(row, by=member), "muted": keeping.is_muted(row, member)} for row in mine]


@part("drafts", "threads.Draft", "threads.Revision")
def begun_by(member: Member) -> dict[str, Any]:
    """What the member began and did not send, and what their messages said before they edited them."""
    mine = Draft.objects.filter(writer=member).select_related("other").order_by("pk")
    before = Revision.objects.filter(message__writer=member).select_related("message").order_by("pk")
    return {
        "drafts": [{"to": row.other.address, "text": drafts.of(member, row.other)} for row in mine],
        "before_edits": [{"message": str(row.message.public_id), "text": row.text} for row in before],
    }


@part("pitches", "threads.Pitch")
def pitches_of(member: Member) -> dict[str, Any]:
    """What the member marked; and what of theirs was marked, with the appeal."""
    marks = Pitch.objects.filter(by=member).select_related("message__writer").order_by("pk")
    marked = Pitch.objects.filter(message__writer=member).order_by("pk")
    return {"marked": rows(marks, "at", "proof"), "of_mine": rows(marked, "at", "proof", "appeal", "appealed_at")}


@part("calls", "threads.Call", "threads.Trade")
def calls_of(member: Member) -> dict[str, Any]:
    trades = Trade.objects.filter(member=member).order_by("pk")
    opened = ("public_id", "kind", "topic", "region", "words", "opened_at", "ends_on", "closed_at")
    return {"opened": rows(calls.of(member), *opened), "answerable": rows(trades, "topic", "region")}


@part("promotions", "threads.Promotion", "threads.OptOut")
def promotions_of(member: Member) -> dict[str, Any]:
    """An opt-out is its member's own: whom it is about is not told of it."""
    out = OptOut.objects.filter(member=member).select_related("sender").order_by("pk")
    heard = promotions.folder_of(member)
    return {
        "sent": rows(promotions.sent_by(member), "public_id", "recipient", "text", "sent_at"),
        "received": rows(heard, "public_id", "sender", "text", "consent", "sent_at", "objected_at"),
        "opted_out_of": rows(out, "sender", "at"),
    }

"""What is kept of a reported thing: text, who, when. A copy for moderators, never shown to the reported."""

from typing import Any

from accounts import visibility
from accounts.models import Member
from network.contacts.models import Request
from network.messages import editing
from network.messages.models import File, Message, Promotion
from vetting.models import Vouch

Kept = dict[str, Any]


def of_message(message: Message) -> Kept:
    """That one message, with what it said before it was edited, and nothing else of its thread: what was not reported
    stays private."""
    kept: Kept = {
        "who": f"@{message.writer.called}",
        "when": message.sent_at.isoformat(),
        "text": message.text,
        "purpose": message.purpose,
    }
    before = editing.said_before(message)
    file = File.objects.filter(message=message).first()
    enclosed = {"name": file.name, "type": file.mime, "sha256": file.sha256} if file else None
    return kept | ({"before": before} if before else {}) | ({"file": enclosed} if enclosed else {})


def of_promotion(promotion: Promotion) -> Kept:
    """With the consent under which it was sent: who asked for it in an open call cannot say that nobody had."""
    return {
        "who": f"@{promotion.sender.called}",
        "when": promotion.sent_at.isoformat(),
        "text": promotion.text,
        "purpose": "promotion",
        "consent": promotion.consent,
    }


def of_request(request: Request) -> Kept:
    """What the recipient was told: note, named entry, grade, and the reply to a question back."""
    return {
        "who": f"@{request.asker.called}",
        "when": request.asked_at.isoformat(),
        "text": request.note,
        "context": request.context,
        "entry": {name: request.snapshot.get(name, "") for name in ("organisation", "unit", "title")},
        "grade": request.grade,
        "reply": request.reply,
    }


def of_vouch(vouch: Vouch) -> Kept:
    """As anybody reads it at its address."""
    when = vouch.issued_at.isoformat() if vouch.issued_at else ""
    return {"who": f"@{vouch.voucher.called}", "when": when, "text": vouch.sentence}


def of_member(about: Member, *, seen_by: Member | None) -> Kept:
    """The page as the reporter sees it, a server what everyone sees: a report is no way to read more."""
    seen = visibility.show(about, seen_by)
    fields = {field: getattr(seen, field) for field in Member.PROFILE if getattr(seen, field)}
    entries = [
        {"organisation": entry.organisation.name, "unit": entry.unit.name if entry.unit else "", "title": entry.title}
        for entry in visibility.entries(about, seen_by)
    ]
    return {"who": f"@{about.called}", "fields": fields, "entries": entries}

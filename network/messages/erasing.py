"""Somebody has left: their words are erased. The other side keeps what they themselves wrote, and that there was an
answer, and when."""

from django.db import transaction
from django.db.models import Q

from accounts.models import Member
from network.messages.models import (
    Call,
    Draft,
    File,
    Hidden,
    Message,
    OptOut,
    Pitch,
    Promotion,
    Reading,
    Revision,
    Trade,
)


@transaction.atomic
def erase(left: Member) -> None:
    """Messages of theirs are empty; calls and what was sent into them are gone, on either side. Twice is once."""
    if left.left_at is None:
        return
    Message.objects.filter(writer=left).exclude(text="").update(text="")
    Pitch.objects.filter(message__writer=left).update(proof="", appeal="")
    for rows in (
        Promotion.objects.filter(Q(sender=left) | Q(recipient=left)),
        Call.objects.filter(member=left),
        Trade.objects.filter(member=left),
        OptOut.objects.filter(Q(member=left) | Q(sender=left)),
        Hidden.objects.filter(member=left),
        File.objects.filter(message__writer=left),
        Revision.objects.filter(message__writer=left),
        Draft.objects.filter(Q(writer=left) | Q(other=left)),
        Reading.objects.filter(member=left),
    ):
        rows.delete()

"""Editing: for five minutes, in threads on this server, under every rule of writing. Both see that it was edited.

What it said before is shown to neither side and kept for a report. Nobody is told whether it was read by then.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import people, ties
from accounts.models import Member
from foundation import clock, retention, wakes
from foundation.refusals import Conflict, Forbidden, Refusal
from network.contacts import quiet
from network.messages import claims, proofreading, threads
from network.messages.models import Message, Pitch, Revision


class NotYoursToEdit(Forbidden):
    code = "not-yours-to-edit"
    message = _("You can edit what you have written yourself, in a thread with somebody on this server.")


class TooLateToEdit(Conflict):
    code = "too-late-to-edit"
    message = _("A message can be edited for %(minutes)d minutes, and as long as nobody has said what it is.")


def editable(message: Message, *, by: Member, other: Member) -> bool:
    """Whether the button belongs beside this message."""
    return _is_plain(message, by, other) and _is_young(message) and not (message.label or _is_marked(message))


def why_not(message: Message, *, by: Member, other: Member) -> Refusal:
    """What `edit` would refuse, for one that is not editable."""
    return TooLateToEdit(minutes=settings.EDIT_MINUTES) if _is_plain(message, by, other) else NotYoursToEdit()


def _is_plain(message: Message, by: Member, other: Member) -> bool:
    """Their own, written in the thread, to somebody here: other servers keep what they were sent."""
    mine = message.writer_id == by.pk and message.text != ""
    return mine and not by.host and not other.host and threads.is_written_here(message)


def _is_young(message: Message) -> bool:
    return clock.now() < message.sent_at + timedelta(minutes=settings.EDIT_MINUTES)


def _is_marked(message: Message) -> bool:
    return hasattr(message, "pitch")


@transaction.atomic
def edit(message: Message, *, by: Member, text: str) -> Message:
    """The message says this now, and that it was edited; what it said before is kept.

    The same words change nothing. What it claimed or to how many it went stays said of it. Raises `Frozen`,
    `NotYoursToEdit`, `TooLateToEdit`, `NotInContact`, and what `threads.write` raises for words.
    """
    people.check_may_act(by)
    if by.pk not in (message.thread.low_id, message.thread.high_id):
        raise NotYoursToEdit
    other = threads.other_side(message.thread, by)
    ties.lock(by, other)
    fresh = Message.objects.select_for_update(of=["self"]).select_related("thread").get(pk=message.pk)
    if not _is_plain(fresh, by, other):
        raise NotYoursToEdit
    if not _is_young(fresh) or fresh.label or Pitch.objects.filter(message=fresh).exists():
        raise TooLateToEdit(minutes=settings.EDIT_MINUTES)
    contact = quiet.between(by, other)
    if contact is None:
        raise threads.NotInContact
    words = threads.checked_words(by, contact, text)
    if words != fresh.text:
        _change(fresh, words, by, other)
        wakes.look_again(wakes.channel_of(by.public_id), wakes.channel_of(other.public_id))
    return fresh


def _change(message: Message, words: str, by: Member, other: Member) -> None:
    Revision.objects.create(message=message, text=message.text, until=clock.now())
    first = message.thread.met_at is None and not message.thread.messages.filter(pk__lt=message.pk).exists()
    message.claims_contact = message.claims_contact or (first and claims.made_in(words))
    message.sent_to_many = message.sent_to_many or proofreading.went_to_many(by, other, words)
    message.text, message.edited_at = words, clock.now()
    message.save(update_fields=["text", "edited_at", "claims_contact", "sent_to_many"])


def said_before(message: Message) -> list[str]:
    """What it said before, oldest first: for a report."""
    return list(message.revisions.order_by("pk").values_list("text", flat=True))


@retention.keeps("revisions", setting="REVISION_DAYS", what=_("What a message said before it was edited"))
def forget(before: datetime) -> None:
    Revision.objects.filter(until__lt=before).delete()

"""*That was a pitch*: one click of the recipient in the quiet period undoes the contact."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import ties
from accounts.models import Member
from foundation import audit, clock, jobs, wakes, wording
from foundation.refusals import Conflict, Forbidden, Invalid
from network.contacts import answers, quiet
from network.contacts.models import Contact
from network.messages import threads
from network.messages.models import Message, Pitch


class NotYoursToMark(Forbidden):
    code = "not-yours-to-mark"
    message = _("Only the person who was asked can mark a message, and only one from the side that asked.")


class QuietPeriodOver(Conflict):
    code = "quiet-period-over"
    message = _("The quiet period is over, or the contact has ended. You can report the message instead.")


class NoAppeal(Forbidden):
    code = "no-appeal"
    message = _("There is nothing here for you to appeal, or you have appealed already.")


class AppealEmpty(Invalid):
    code = "appeal-empty"
    message = _("Please say in a sentence why this was not a pitch.")


def markable(contact: Contact | None, message: Message, by: Member) -> bool:
    """Whether the button belongs beside this message."""
    bound = contact.quiet_of(message.writer) if contact and message.writer_id != by.pk else None
    return bound is not None and message.sent_at >= bound.since


@transaction.atomic
def mark(message: Message, *, by: Member) -> Pitch:
    """The contact has ended, its request counts as declined, and the message is kept as evidence.

    Raises `NotYoursToMark`, `QuietPeriodOver`.
    """
    other = threads.other_side(message.thread, by)
    if by.pk not in (message.thread.low_id, message.thread.high_id) or message.writer_id != other.pk:
        raise NotYoursToMark
    ties.lock(by, other)
    contact = quiet.between(by, other)
    if contact is None or not (contact.quiet_of(other) or contact.quiet_of(by)):
        raise QuietPeriodOver
    if not markable(contact, message, by):
        raise NotYoursToMark
    pitch = Pitch.objects.create(message=message, by=by, at=clock.now(), proof=message.text)
    quiet.end(contact, by=by, as_pitch=True)
    answers.turn_into_pitch(contact, writer=other, by=by, source=f"pitch:{pitch.public_id}")
    wakes.look_again(wakes.channel_of(by.public_id), wakes.channel_of(other.public_id))
    return pitch


@transaction.atomic
def appeal(pitch: Pitch, *, by: Member, text: str) -> None:
    """The writer says why this was no pitch; a moderator will decide. Once."""
    if pitch.message.writer_id != by.pk:
        raise NoAppeal
    words = wording.clean(text).strip()[:2000]
    if not words:
        raise AppealEmpty
    if not Pitch.objects.filter(pk=pitch.pk, appealed_at=None).update(appeal=words, appealed_at=clock.now()):
        raise NoAppeal
    jobs.announce("pitch-appealed", {"pitch": pitch.pk})
    audit.note(f"member:{by.pk}", "appealed-pitch", f"pitch:{pitch.pk}")


def of_thread(contact_ended: Contact | None) -> Pitch | None:
    """The pitch that ended this contact, if one did."""
    if contact_ended is None or not contact_ended.ended_as_pitch:
        return None
    low, high = ties.pair(contact_ended.asker, contact_ended.recipient)
    found = Pitch.objects.filter(message__thread__low=low, message__thread__high=high).select_related("message")
    return found.order_by("-at").first()

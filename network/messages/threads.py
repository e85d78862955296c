"""Threads: members in contact write to each other. Each side has an unread count that nobody else sees."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts import people, reach, ties
from accounts.models import Member
from foundation import clock, jobs, wakes, wording
from foundation.refusals import Forbidden, Invalid, NotThere
from network.contacts import quiet
from network.contacts.models import Contact, Quiet, Request
from network.messages import claims, drafts, files, proofreading, purposes
from network.messages.models import Message, Reading, Thread


class NotInContact(Forbidden):
    code = "not-in-contact"
    message = _("Only members in contact write to each other. Ask for contact first.")


class NoSuchThread(NotThere):
    code = "no-such-thread"
    message = _("There is no such thread.")


class MessageEmpty(Invalid):
    code = "message-empty"
    message = _("Please write something.")


class MessageTooLong(Invalid):
    code = "message-too-long"
    message = _("The message has %(length)d characters; %(limit)d fit.")


class NoFormYet(Forbidden):
    code = "purpose-without-form"
    message = _("Offers and promotions go through forms of their own.")


class StillQuiet(Forbidden):
    code = "quiet-period"
    message = _(
        "You asked for this contact, so until %(date)s your messages hold no %(what)s here (found: “%(example)s”)."
        " The other side can end this quiet period at any time."
    )


class QuietAgain(StillQuiet):
    code = "quiet-period-again"
    message = _(
        "A message of yours was unlabelled advertising, so until %(date)s your messages hold no %(what)s here (found:"
        " “%(example)s”). The other side can end this quiet period at any time."
    )


class WaitForReply(Forbidden):
    code = "wait-for-reply"
    message = _("You have written once. In a new thread the other side answers before you go on.")


@dataclass(frozen=True)
class Position:
    """Whether somebody may write now, and if not, why: for the form, before anything is typed."""

    may_write: bool
    why_not: str = ""
    quiet: Quiet | None = None
    other_is_quiet: Quiet | None = None


def between(one: Member, other: Member) -> Thread | None:
    low, high = ties.pair(one, other)
    return Thread.objects.filter(low=low, high=high).first()


def open_for(member: Member, public_id: UUID) -> Thread:
    """The thread, if it is the member's; raises `NoSuchThread` alike for others' and unknown ones."""
    mine = Thread.objects.filter(Q(low=member) | Q(high=member)).select_related("low", "high")
    thread = mine.filter(public_id=public_id).first()
    if thread is None:
        raise NoSuchThread
    return thread


def other_side(thread: Thread, member: Member) -> Member:
    return thread.high if thread.low_id == member.pk else thread.low


def of(member: Member) -> QuerySet[Thread]:
    """The member's threads, latest first, with `unread` and the last message's `last_text`, in one query."""
    read_to = Reading.objects.filter(thread=OuterRef("pk"), member=member).values("up_to")
    last = Message.objects.filter(thread=OuterRef("pk")).exclude(hidden__member=member).order_by("-pk")
    mine = Thread.objects.filter(Q(low=member) | Q(high=member)).select_related("low", "high")
    return (
        mine.annotate(read_to=Coalesce(Subquery(read_to), Value(0)))
        .annotate(
            unread=Count("messages", filter=Q(messages__pk__gt=F("read_to")) & ~Q(messages__writer=member)),
            last_text=Subquery(last.values("text")[:1]),
        )
        .order_by("-last_at", "-pk")
    )


def unread(member: Member) -> int:
    """How many messages the member has not read, over all threads they have not muted."""
    read_to = Reading.objects.filter(thread=OuterRef("thread"), member=member).values("up_to")
    muted = Reading.objects.filter(member=member, muted=True).values("thread")
    theirs = Message.objects.filter(Q(thread__low=member) | Q(thread__high=member)).exclude(writer=member)
    return theirs.exclude(thread__in=muted).filter(pk__gt=Coalesce(Subquery(read_to), Value(0))).count()


def read(thread: Thread, *, by: Member) -> None:
    """Everything in the thread so far counts as read, for this side alone."""
    last = thread.messages.aggregate(last=Max("pk"))["last"] or 0
    Reading.objects.update_or_create(thread=thread, member=by, defaults={"up_to": last})


def position(writer: Member, other: Member) -> Position:
    """Whether `writer` may write to `other` now, as the verb would decide."""
    if writer.frozen_at is not None:
        return Position(False, str(people.Frozen()))
    contact = quiet.between(writer, other)
    if contact is None:
        return Position(False, str(NotInContact()))
    mine, theirs = contact.quiet_of(writer), contact.quiet_of(other)
    if not reach.is_open(other):
        return Position(False, str(reach.NothingGoesThere()), mine, theirs)
    if _waits_for_reply(writer, other, contact):
        return Position(False, str(WaitForReply()), mine, theirs)
    return Position(True, "", mine, theirs)


def _waits_for_reply(writer: Member, other: Member, contact: Contact) -> bool:
    """At most one unanswered message in a new thread: new until both have written since the contact began."""
    thread = between(writer, other)
    if thread is None:
        return False
    writers = set(thread.messages.filter(sent_at__gte=contact.began_at).values_list("writer", flat=True))
    return writers == {writer.pk}


def both_wrote(contact: Contact) -> bool:
    """Since this contact began: a thread is new before."""
    sides = Message.objects.filter(thread__low=contact.tie.low_id, thread__high=contact.tie.high_id)
    return sides.filter(sent_at__gte=contact.began_at).values("writer").distinct().count() == 2


@transaction.atomic
def write(
    writer: Member, other: Member, *, text: str, key: str, purpose: str = "personal", file: files.Given | None = None
) -> Message:
    """The other has a new message. The same `key` returns the message that is there.

    Raises `Frozen`, `NotInContact`, `NothingGoesThere`, `NoFormYet`, `MessageEmpty`, `MessageTooLong`, `StillQuiet`,
    `WaitForReply`, and those of `files.may_not` and `files.enclose`.
    """
    people.check_may_act(writer)
    ties.lock(writer, other)
    before = Message.objects.filter(writer=writer, key=key).first()
    if before:
        return before
    contact = quiet.between(writer, other) or quiet.ended_meanwhile(writer, other)
    if contact is None:
        raise NotInContact
    reach.check(other)
    if not purposes.has_a_form(purpose):
        raise NoFormYet
    words = checked_words(writer, contact, text)
    if _waits_for_reply(writer, other, contact):
        raise WaitForReply
    why_not = files.may_not(writer, other, contact, both_wrote=both_wrote(contact)) if file else None
    if why_not:
        raise why_not
    thread = _thread(writer, other, came_by=contact.request)
    message = _keep(thread, writer, words, purpose=purpose, key=key, answers=_was_asked(writer, contact))
    if file:
        files.enclose(message, file)
    ties.met(writer, other, how="message")
    drafts.drop(writer, other)
    jobs.announce("message-sent", {"message": message.pk})
    if other.host:
        jobs.announce("message-for-elsewhere", {"message": message.pk})
    wakes.look_again(wakes.channel_of(writer.public_id), wakes.channel_of(other.public_id))
    return message


def deliver(contact: Contact, writer: Member, words: str, *, purpose: str, key: str) -> Message:
    """A message that came through a form of its own stands in the thread of the two. Call it inside a transaction.

    It is no answer to whatever request their contact came from: what the server knows of the two until now is told.
    """
    other = contact.recipient if contact.asker_id == writer.pk else contact.asker
    message = _keep(_thread(writer, other, came_by=None), writer, words, purpose=purpose, key=key)
    wakes.look_again(wakes.channel_of(writer.public_id), wakes.channel_of(other.public_id))
    return message


def is_written_here(message: Message) -> bool:
    """In the thread, and not through a form of its own."""
    return purposes.has_a_form(message.purpose)


def checked_words(writer: Member, contact: Contact, text: str) -> str:
    """The words as they are kept. Raises `MessageEmpty`, `MessageTooLong`, and `StillQuiet` for what they carry."""
    words = wording.clean(text).strip()
    if not words:
        raise MessageEmpty
    if len(words) > settings.MESSAGE_MAX_CHARACTERS:
        raise MessageTooLong(length=len(words), limit=settings.MESSAGE_MAX_CHARACTERS)
    _check_quiet(writer, contact, words)
    return words


def _check_quiet(writer: Member, contact: Contact, words: str) -> None:
    bound = contact.would_be_quiet_of(writer)
    if bound is None:
        return
    weighed = purposes.weigh(words)
    if weighed.carries:
        what = _("links, addresses, phone numbers or calendar invitations")
        refusal = QuietAgain if bound.again else StillQuiet
        raise refusal(date=bound.until.date(), what=what, example=weighed.example)


def met_before(one: Member, other: Member, *, came_by: Request | None) -> tuple[datetime | None, str]:
    """When and how the two last had to do with each other, before the request that brought them together if one did:
    that it was accepted is no earlier meeting."""
    if came_by:
        return came_by.met_at, came_by.met_how
    met = ties.last_met(one, other)
    return (met.at, met.how) if met else (None, "")


def _thread(writer: Member, other: Member, *, came_by: Request | None) -> Thread:
    """The thread of the two; a new one keeps what the server knew of them before (truth line)."""
    low, high = ties.pair(writer, other)
    met_at, met_how = met_before(writer, other, came_by=came_by)
    now = clock.now()
    values = {"opened_at": now, "last_at": now, "met_at": met_at, "met_how": met_how}
    thread, _created = Thread.objects.get_or_create(low_id=low, high_id=high, defaults=values)
    return thread


def _was_asked(writer: Member, contact: Contact) -> bool:
    """Whoever was asked for contact may well thank for it: the request is on record."""
    return contact.request is not None and contact.request.recipient_id == writer.pk


def _keep(thread: Thread, writer: Member, words: str, *, purpose: str, key: str, answers: bool = False) -> Message:
    message = Message.objects.create(
        sent_to_many=proofreading.went_to_many(writer, other_side(thread, writer), words),
        thread=thread,
        writer=writer,
        purpose=purpose,
        text=words,
        key=key,
        sent_at=clock.now(),
        claims_contact=not (answers or thread.met_at or thread.messages.exists()) and claims.made_in(words),
    )
    Thread.objects.filter(pk=thread.pk).update(last_at=message.sent_at)
    return message

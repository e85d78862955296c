"""An unread message is worth a letter: that there is one, never from whom or what it says. One letter a thread until
it is read; none for what is muted or from somebody blocked. Promotions are never told of."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts import ties
from accounts.models import Member
from network.messages import keeping, threads
from network.messages.models import Message, Reading, Thread
from network.notices import telling
from network.notices.facts import Fact, Found, register
from network.notices.models import Kind


def message_arrived(message: Message) -> None:
    """Its reader will hear of the thread, once for all that comes until they have read."""
    reader = threads.other_side(message.thread, message.writer)
    if not keeping.is_muted(message.thread, reader):
        telling.tell(reader, "message", f"{message.thread_id}:{_read_up_to(message.thread_id, reader)}")


def _read_up_to(thread: int, reader: Member) -> int:
    found = Reading.objects.filter(thread=thread, member=reader).values_list("up_to", flat=True).first()
    return found or 0


def _message(member: Member, ref: str) -> Found | None:
    """`ref`: the thread, and up to where it was read when the notice was made."""
    thread_id, up_to = map(int, ref.split(":"))
    thread = Thread.objects.select_related("low", "high").filter(pk=thread_id).first()
    if thread is None or _read_up_to(thread_id, member) != up_to or keeping.is_muted(thread, member):
        return None
    other = threads.other_side(thread, member)
    unread = _from(other, thread, member).filter(pk__gt=up_to)
    if not unread.exists() or ties.has_blocked(member, other):
        return None
    return Found(f"/messages/{thread.public_id}/")


def _from(other: Member, thread: Thread, reader: Member) -> QuerySet[Message]:
    return keeping.seen_by(thread.messages.filter(writer=other), reader)


register(
    "message",
    Fact(
        kind=Kind.MESSAGE,
        subject=_("You have an unread message"),
        sentence=_("One of your contacts has written to you. What it says stands here alone, and in no mail."),
        several=ngettext_lazy(
            "%(count)d thread has messages you have not read.",
            "%(count)d threads have messages you have not read.",
            "count",
        ),
        find=_message,
        page="/messages/",
    ),
)

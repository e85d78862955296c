"""Words that go to one person elsewhere: messages, a question back about a request, the reply to it."""

from accounts.models import Member
from foundation import jobs
from network.contacts.models import Request
from network.federation import actors, addresses, notes, outbox, references
from network.messages import threads
from network.messages.models import Message, Thread


@jobs.handles("message-leaves")
def send_message(message: int) -> None:
    row = Message.objects.select_related("thread__low", "thread__high", "writer").get(pk=message)
    reader = threads.other_side(row.thread, row.writer)
    uri = addresses.thing("message", row.public_id)
    activity = notes.to_one(
        row.writer,
        reader,
        uri=uri,
        text=row.text,
        at=row.sent_at,
        in_reply_to=_answered(row, reader),
        context=_name(row.thread),
    )
    outbox.send(row.writer, activity, to=[actors.of(reader)], key=f"message:{row.public_id}", proved=False)
    references.remember(uri, "message", row)


@jobs.handles("question-leaves")
def send_question(request: int) -> None:
    """The recipient, who lives here, asks back."""
    row = Request.objects.select_related("asker", "recipient").get(pk=request)
    if row.question_at:
        uri = addresses.thing("question", row.public_id)
        activity = notes.to_one(
            row.recipient,
            row.asker,
            uri=uri,
            text=row.question,
            at=row.question_at,
            in_reply_to=references.name_of("request", row),
        )
        to = [actors.of(row.asker)]
        outbox.send(row.recipient, activity, to=to, key=f"question:{row.public_id}", proved=False)
        references.remember(uri, "question", row)


@jobs.handles("reply-leaves")
def send_reply(request: int) -> None:
    """The asker, who lives here, replies."""
    row = Request.objects.select_related("asker", "recipient").get(pk=request)
    if row.reply_at:
        uri = addresses.thing("reply", row.public_id)
        activity = notes.to_one(
            row.asker,
            row.recipient,
            uri=uri,
            text=row.reply,
            at=row.reply_at,
            in_reply_to=references.name_of("question", row),
        )
        to = [actors.of(row.recipient)]
        outbox.send(row.asker, activity, to=to, key=f"reply:{row.public_id}", proved=False)
        references.remember(uri, "reply", row)


jobs.listen("message-for-elsewhere", "message-leaves")
jobs.listen("asked-back", "question-leaves")
jobs.listen("replied", "reply-leaves")


def _name(thread: Thread) -> str:
    """The thread's name on the wire: whoever wrote first gave it (FEP-7888)."""
    known = references.name_of("thread", thread)
    if not known:
        known = addresses.thing("thread", thread.public_id)
        references.remember(known, "thread", thread)
    return known


def _answered(message: Message, reader: Member) -> str:
    """The last message of the other side before this one."""
    before = message.thread.messages.filter(writer=reader, pk__lt=message.pk).order_by("-pk").first()
    return references.name_of("message", before) if before else ""

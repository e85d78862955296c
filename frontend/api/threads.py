"""Threads and messages: read, written with a purpose, marked. Nothing tells the other side what was read."""

import uuid
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import people, visibility
from accounts.models import Member, Scope
from foundation.refusals import Conflict
from frontend.api import paging
from frontend.api.described import door
from frontend.api.door import Door, done, read
from frontend.api.people import BriefOut
from frontend.api.request_shapes import TruthOut
from frontend.api.shapes import Choice, Flag, Id, Moment, Pages, Query, Shape, Text, page_of
from frontend.forms_messages import hint_for
from frontend.threads_shown import Conversation
from network.messages import keeping, pitches, threads
from network.messages.models import Message, Purpose, Thread

A_PAGE = 25


class ReadsLike(Conflict):
    """The hint before sending, once: whoever sends it as it is, is not asked again."""

    code = "reads-like"
    message = _("This reads like “%(purpose)s”, which has a form of its own. Send it with as_is if it is not.")


class ThreadOut(Shape):
    id = Id(source="thread.public_id")
    person = BriefOut()
    unread = serializers.IntegerField(source="thread.unread")
    last_at = Moment(source="thread.last_at")
    last_text = serializers.SerializerMethodField(help_text="Of the last message, its beginning.")

    def get_last_text(self, row: dict[str, Any]) -> str:
        return (row["thread"].last_text or "")[:200]


class ThreadPageOut(Shape):
    id = Id(source="thread.public_id")
    person = BriefOut()
    truth = TruthOut(allow_null=True, help_text="Above the first message; null where there are earlier ones.")
    may_write = serializers.BooleanField(source="position.may_write")
    why_not = Text(source="position.why_not")
    quiet_until = Moment(
        source="position.quiet.until", default=None, allow_null=True, help_text="Until then you may not sell."
    )
    muted = serializers.BooleanField()


class MessageOut(Shape):
    id = Id(source="message.public_id")
    mine = serializers.BooleanField()
    purpose = Text(source="message.shown_as")
    text = Text()
    edited = serializers.BooleanField(help_text="Says something else than it did at first.")
    file = Text(source="file.name", default="", help_text="The name of the file that goes with it; the pages have it.")
    sent_at = Moment(source="message.sent_at")
    sent_to_many = serializers.SerializerMethodField(help_text="Nearly the same text went to others.")
    markable = serializers.BooleanField(help_text="Can be marked as a pitch now.")
    marked = serializers.BooleanField(help_text="Was marked as a pitch.")

    def get_sent_to_many(self, line: Any) -> bool:
        return bool(line.message.sent_to_many and not line.mine)


class MessagesOut(Shape):
    """Newest last; `more`: there are earlier ones, asked for with `before` the first of these."""

    more = serializers.BooleanField()
    rows = MessageOut(many=True)


class Before(Query):
    before = Id(required=False, help_text="A message of this thread.")


class WriteIn(Shape):
    to = Text(help_text="A handle.")
    text = Text()
    purpose = Choice(choices=[str(one) for one in Purpose.values], default=str(Purpose.PERSONAL))
    as_is = Flag(default=False, help_text="Send it although it reads like something that has a form of its own.")
    key = Id(required=False, help_text="Of your own making: the same key again sends nothing twice.")


ThreadPage = page_of(ThreadOut, "ThreadPage")


class Threads(Door):
    scopes = {"get": Scope.MESSAGES_READ}
    queries = {"get": Pages}

    @door("threads", "Your threads, latest first", Scope.MESSAGES_READ, gives=ThreadPage, query=Pages)
    def get(self, request: Request) -> Response:
        rows = threads.of(self.member)
        return paging.page(self, rows, ThreadOut, shown=lambda found: _lines(self.member, found))


class OneThread(Door):
    scopes = {"get": Scope.MESSAGES_READ}

    @door("thread", "One of your threads", Scope.MESSAGES_READ, gives=ThreadPageOut, more=(404,))
    def get(self, request: Request, number: UUID) -> Response:
        return Response(ThreadPageOut(_conversation(self.member, number)).data)


class Messages(Door):
    scopes = {"get": Scope.MESSAGES_READ}
    queries = {"get": Before}

    @door(
        "messages",
        "Messages of a thread, the latest 25",
        Scope.MESSAGES_READ,
        gives=MessagesOut,
        query=Before,
        more=(404,),
        says="Reading them marks nothing as read.",
    )
    def get(self, request: Request, number: UUID) -> Response:
        before = self.asked.get("before")
        seen = _conversation(self.member, number, before=str(before) if before else "")
        lines = seen.lines
        more = seen.has_earlier or len(lines) > A_PAGE
        return Response(MessagesOut({"more": more, "rows": lines[-A_PAGE:]}).data)


class Read(Door):
    scopes = {"post": Scope.MESSAGES_WRITE}

    @door(
        "thread_read", "All messages of a thread count as read, for you", Scope.MESSAGES_WRITE, status=204, more=(404,)
    )
    def post(self, request: Request, number: UUID) -> Response:
        threads.read(threads.open_for(self.member, number), by=self.member)
        return done()


class Write(Door):
    scopes = {"post": Scope.MESSAGES_WRITE}

    @door(
        "write",
        "Write to a contact",
        Scope.MESSAGES_WRITE,
        takes=WriteIn,
        gives=MessageOut,
        status=201,
        more=(404, 409),
        says="Offers and promotions have forms of their own on the pages.",
    )
    def post(self, request: Request) -> Response:
        message = _write(self.member, read(WriteIn, request.data))
        line = Conversation(self.member, threads.other_side(message.thread, self.member), message.thread)
        return Response(MessageOut(line.shown([message])[0]).data, status=status.HTTP_201_CREATED)


class Pitch(Door):
    scopes = {"post": Scope.MESSAGES_WRITE}

    @door(
        "message_pitch",
        "That was a pitch: the contact ends, the message is kept as proof",
        Scope.MESSAGES_WRITE,
        status=204,
        more=(404, 409),
    )
    def post(self, request: Request, number: UUID) -> Response:
        pitches.mark(_message(self.member, number), by=self.member)
        return done()


def _lines(member: Member, rows: list[Thread]) -> list[dict[str, Any]]:
    others = [threads.other_side(row, member) for row in rows]
    names = visibility.names_for(member, others)
    return [{"thread": row, "person": names[other.pk]} for row, other in zip(rows, others, strict=True)]


def _conversation(member: Member, number: UUID, *, before: str = "") -> Conversation:
    row = threads.open_for(member, number)
    return Conversation(member, threads.other_side(row, member), row, before=before)


def _write(writer: Member, said: dict[str, Any]) -> Message:
    other, text = people.by_handle(said["to"]), said["text"]
    hint = None if said["as_is"] else hint_for(writer, other, text, threads.between(writer, other))
    if hint:
        raise ReadsLike(purpose=str(Purpose(hint.purpose).label))
    key = str(said.get("key") or uuid.uuid4())
    return threads.write(writer, other, text=text, key=key, purpose=said["purpose"])


def _message(member: Member, number: UUID) -> Message:
    mine = Q(thread__low=member) | Q(thread__high=member)
    rows = keeping.seen_by(Message.objects.select_related("thread__low", "thread__high", "writer"), member)
    found = rows.filter(mine, public_id=number).first()
    if found is None:
        raise threads.NoSuchThread
    return found

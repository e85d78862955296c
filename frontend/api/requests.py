"""Requests: asked with a context, read by each side as its pages show them, answered."""

import uuid
from collections import Counter
from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework import status
from rest_framework.request import Request as Asked
from rest_framework.response import Response

from accounts import people, visibility
from accounts.models import Member, Scope
from accounts.visibility import Shown
from foundation.refusals import NotThere
from frontend import requests_shown
from frontend.api import paging
from frontend.api.contacts import ContactOut, contact_lines
from frontend.api.described import door
from frontend.api.door import Door, done, read
from frontend.api.request_shapes import (
    AcceptIn,
    AskBackIn,
    AskedOut,
    AskIn,
    DeclineIn,
    ReceivedOut,
    ReceivedPage,
    ReceivedPageOut,
    ReplyIn,
    SentOut,
    SentPage,
    SentPageOut,
)
from frontend.api.shapes import Pages
from network.contacts import answers, requests, vouching
from network.contacts.models import Request, VouchAnswer, VouchQuestion, Whereabouts


class AtTheDoor(Door):
    scopes = {"get": Scope.REQUESTS_READ}
    queries = {"get": Pages}

    @door("requests", "Requests that may knock", Scope.REQUESTS_READ, gives=ReceivedPage, query=Pages)
    def get(self, request: Asked) -> Response:
        return paging.page(self, requests.at_the_door(self.member), ReceivedOut, shown=_letters)


class Tray(Door):
    scopes = {"get": Scope.REQUESTS_READ}
    queries = {"get": Pages}

    @door("requests_in_tray", "What waits in your tray", Scope.REQUESTS_READ, gives=ReceivedPage, query=Pages)
    def get(self, request: Asked) -> Response:
        return paging.page(self, requests.in_the_tray(self.member), ReceivedOut, shown=_letters)


class Received(Door):
    scopes = {"get": Scope.REQUESTS_READ}

    @door("request", "A request you received", Scope.REQUESTS_READ, gives=ReceivedPageOut, more=(404,))
    def get(self, request: Asked, number: UUID) -> Response:
        return Response(_received_out(self.member, number))


class Accept(Door):
    scopes = {"post": Scope.REQUESTS_WRITE}

    @door(
        "request_accept",
        "Accept a request",
        Scope.REQUESTS_WRITE,
        takes=AcceptIn,
        gives=ContactOut,
        more=(404, 409),
    )
    def post(self, request: Asked, number: UUID) -> Response:
        said = read(AcceptIn, request.data)
        contact = answers.accept(_received(self.member, number), by=self.member, both_there=said["both_there"])
        return Response(ContactOut(contact_lines(self.member, [contact])[0]).data)


class Decline(Door):
    scopes = {"post": Scope.REQUESTS_WRITE}

    @door(
        "request_decline",
        "Decline a request; whoever asked is told nothing",
        Scope.REQUESTS_WRITE,
        takes=DeclineIn,
        status=204,
        more=(404, 409),
    )
    def post(self, request: Asked, number: UUID) -> Response:
        said = read(DeclineIn, request.data)
        answers.decline(_received(self.member, number), by=self.member, answer=said["answer"])
        return done()


class AskBack(Door):
    scopes = {"post": Scope.REQUESTS_WRITE}

    @door(
        "request_ask_back",
        "Ask one question back",
        Scope.REQUESTS_WRITE,
        takes=AskBackIn,
        gives=ReceivedPageOut,
        more=(404, 409),
    )
    def post(self, request: Asked, number: UUID) -> Response:
        said = read(AskBackIn, request.data)
        answers.ask_back(_received(self.member, number), by=self.member, question=said["question"])
        return Response(_received_out(self.member, number))


class Sent(Door):
    scopes = {"get": Scope.REQUESTS_READ, "post": Scope.REQUESTS_WRITE}
    queries = {"get": Pages}

    @door("requests_sent", "Requests you sent", Scope.REQUESTS_READ, gives=SentPage, query=Pages)
    def get(self, request: Asked) -> Response:
        rows = requests.sent_by(self.member).select_related("asker", "recipient", "entry")
        return paging.page(self, rows, SentOut, shown=lambda found: _sent_lines(self.member, found))

    @door(
        "ask",
        "Ask somebody for contact",
        Scope.REQUESTS_WRITE,
        takes=AskIn,
        gives=AskedOut,
        status=201,
        more=(404, 409),
        says="Your name, headline and the named entry are told to them.",
    )
    def post(self, request: Asked) -> Response:
        made = _ask(self.member, read(AskIn, request.data))
        mine = made.asker_id == self.member.pk
        said = {"sent": _sent_page(self.member, made) if mine else None, "in_contact": not mine}
        return Response(AskedOut(said).data, status=status.HTTP_201_CREATED)


class OneSent(Door):
    scopes = {"get": Scope.REQUESTS_READ}

    @door("request_sent", "A request you sent", Scope.REQUESTS_READ, gives=SentPageOut, more=(404,))
    def get(self, request: Asked, number: UUID) -> Response:
        return Response(SentPageOut(_sent_page(self.member, _sent(self.member, number))).data)


class Withdraw(Door):
    scopes = {"post": Scope.REQUESTS_WRITE}

    @door("request_withdraw", "Withdraw a request", Scope.REQUESTS_WRITE, status=204, more=(404,))
    def post(self, request: Asked, number: UUID) -> Response:
        requests.withdraw(_sent(self.member, number), by=self.member)
        return done()


class Reply(Door):
    scopes = {"post": Scope.REQUESTS_WRITE}

    @door(
        "request_reply",
        "Reply to the question back, once",
        Scope.REQUESTS_WRITE,
        takes=ReplyIn,
        status=204,
        more=(404, 409),
    )
    def post(self, request: Asked, number: UUID) -> Response:
        answers.reply(_sent(self.member, number), by=self.member, text=read(ReplyIn, request.data)["text"])
        return done()


def _ask(asker: Member, said: dict[str, Any]) -> Request:
    recipient, entry = people.by_handle(said["to"]), said.get("entry")
    return requests.ask(
        asker,
        recipient,
        context=said["context"],
        entry=asker.entries.filter(public_id=entry).first() if entry else None,
        key=str(said.get("key") or uuid.uuid4()),
        note=said["note"],
        vouchers=_contacts(said["vouchers"]),
    )


def _contacts(handles: list[str]) -> list[Member]:
    """Whom the handles name; nobody of that name is nobody's contact."""
    try:
        return [people.by_handle(handle) for handle in handles]
    except people.NoSuchMember:
        raise vouching.NotAContactOfYours(limit=settings.VOUCH_QUESTIONS_A_REQUEST) from None


def _received(member: Member, number: UUID) -> Request:
    row = requests.for_recipient(member, number)
    if row is None:
        raise NotThere
    return row


def _sent(member: Member, number: UUID) -> Request:
    rows = requests.sent_by(member).select_related("asker", "recipient", "entry")
    row = rows.filter(public_id=number).first()
    if row is None:
        raise NotThere
    return row


def _letters(rows: list[Request]) -> list[dict[str, Any]]:
    given = VouchQuestion.objects.filter(request__in=rows, answer=VouchAnswer.VOUCH)
    vouches = Counter(given.values_list("request", flat=True))
    return [_letter(row, vouches[row.pk]) for row in rows]


def _letter(row: Request, vouches: int) -> dict[str, Any]:
    person, context = requests.disclosed(row), requests_shown.context(row)
    return {
        "row": row,
        "person": person,
        "context": context,
        "truth": requests_shown.truth_line(row),
        "vouches": vouches,
    }


def _received_out(member: Member, number: UUID) -> Any:
    row = _received(member, number)
    given = list(vouching.vouches(row))
    names = visibility.names_for(member, [vouch.voucher for vouch in given])
    more = {
        "reasons": requests_shown.reasons(row.reasons),
        "words": [{"person": names[vouch.voucher_id], "sentence": vouch.sentence} for vouch in given],
        "in_tray": row.whereabouts == Whereabouts.TRAY,
        "open": requests.waiting_for(member).filter(pk=row.pk).exists(),
    }
    return ReceivedPageOut(_letter(row, len(given)) | more).data


def _sent_lines(member: Member, rows: list[Request]) -> list[dict[str, Any]]:
    names = visibility.names_for(member, [row.recipient for row in rows])
    return [_sent_line(row, names[row.recipient_id]) for row in rows]


def _sent_line(row: Request, person: Shown) -> dict[str, Any]:
    return {"row": row, "person": person, "context": requests_shown.context(row)}


def _sent_page(member: Member, row: Request) -> dict[str, Any]:
    """As the page of what was sent has it: nothing here reads where the request went or what was answered."""
    asked = [question.voucher for question in row.vouch_questions.select_related("voucher").order_by("pk")]
    names = visibility.names_for(member, [row.recipient, *asked])  # as many queries, blocked or not
    graded = requests_shown.graded(row)
    more = {
        "grade": graded.grade,
        "reasons": graded.reasons,
        "asked": [names[voucher.pk] for voucher in asked],
    }
    return _sent_line(row, names[row.recipient_id]) | more

"""Questions to vouch for a request: those that were passed on to the member, and no others."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import visibility
from accounts.models import Member, Scope
from foundation.refusals import NotThere
from frontend import requests_shown
from frontend.api import paging
from frontend.api.described import door
from frontend.api.door import Door, done, read
from frontend.api.people import BriefOut
from frontend.api.request_shapes import ContextOut
from frontend.api.shapes import Choice, Id, Moment, Pages, Shape, Text, page_of
from network.contacts import vouching
from network.contacts.models import VouchAnswer, VouchQuestion

ANSWERS = [str(one) for one in (VouchAnswer.VOUCH, VouchAnswer.NO, VouchAnswer.UNKNOWN)]


class QuestionOut(Shape):
    id = Id(source="question.public_id")
    asker = BriefOut()
    recipient = BriefOut()
    context = ContextOut()  # type: ignore[assignment]  # a name of DRF, too
    asked_at = Moment(source="question.asked_at")


class QuestionPageOut(QuestionOut):
    open = serializers.BooleanField(help_text="Can still be answered.")
    answer = Text(source="question.answer", help_text="Yours.")


class AnswerIn(Shape):
    answer = Choice(choices=ANSWERS)
    sentence = Text(default="", help_text="In your own words; needed to vouch, read by the person asked alone.")


QuestionPage = page_of(QuestionOut, "QuestionPage")


class Questions(Door):
    scopes = {"get": Scope.QUESTIONS_READ}
    queries = {"get": Pages}

    @door("questions", "Who asks for your word", Scope.QUESTIONS_READ, gives=QuestionPage, query=Pages)
    def get(self, request: Request) -> Response:
        rows = vouching.waiting_for(self.member).order_by("-passed_at", "-pk")
        return paging.page(self, rows, QuestionOut, shown=lambda found: _lines(self.member, found))


class OneQuestion(Door):
    scopes = {"get": Scope.QUESTIONS_READ}

    @door("question", "A question to you", Scope.QUESTIONS_READ, gives=QuestionPageOut, more=(404,))
    def get(self, request: Request, number: UUID) -> Response:
        row = _passed_on(self.member, number)
        still = vouching.waiting_for(self.member).filter(pk=row.pk).exists()
        return Response(QuestionPageOut(_lines(self.member, [row])[0] | {"open": still}).data)


class AnswerQuestion(Door):
    scopes = {"post": Scope.QUESTIONS_WRITE}

    @door(
        "question_answer",
        "Vouch, or not; the last two answers have no effect and are never shown",
        Scope.QUESTIONS_WRITE,
        takes=AnswerIn,
        status=204,
        more=(404, 409),
    )
    def post(self, request: Request, number: UUID) -> Response:
        said = read(AnswerIn, request.data)
        row = _passed_on(self.member, number)
        vouching.answer(row, by=self.member, answer=said["answer"], sentence=said["sentence"])
        return done()


def _passed_on(member: Member, number: UUID) -> VouchQuestion:
    """The question, if a worker passed it on to this member; one that never was does not exist for them."""
    row = vouching.passed_on(member).filter(public_id=number).first()
    if row is None:
        raise NotThere
    return row


def _lines(member: Member, rows: list[VouchQuestion]) -> list[dict[str, Any]]:
    people = [side for row in rows for side in (row.request.asker, row.request.recipient)]
    names = visibility.names_for(member, people)
    return [
        {
            "question": row,
            "asker": names[row.request.asker_id],
            "recipient": names[row.request.recipient_id],
            "context": requests_shown.context(row.request),
        }
        for row in rows
    ]

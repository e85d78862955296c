"""Requests: those that knock, those in the tray, those sent; and the answers, one click each."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import visibility
from frontend import requests_shown
from frontend.doors import MemberRequest, members_only
from frontend.forms_asking import QuestionForm, ReplyForm
from frontend.requests_shown import Letter
from network.contacts import answers, vouching
from network.contacts import requests as asking
from network.contacts.models import Answer, ContextKind, Request, VouchAnswer, VouchQuestion
from network.notices import telling

A_PAGE = 20


@require_safe
@members_only
def requests(request: MemberRequest) -> HttpResponse:
    telling.seen(request.member, "request")
    return _received(request, asking.at_the_door(request.member), "pages/requests.html")


@require_safe
@members_only
def tray(request: MemberRequest) -> HttpResponse:
    telling.seen(request.member, "tray")
    return _received(request, asking.in_the_tray(request.member), "pages/tray.html")


def _received(request: MemberRequest, rows: QuerySet[Request], template: str) -> HttpResponse:
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    given = VouchQuestion.objects.filter(request__in=list(page), answer=VouchAnswer.VOUCH)
    vouches = Counter(given.values_list("request", flat=True))
    letters = [
        Letter(
            request=row,
            person=asking.disclosed(row),
            context=requests_shown.context(row),
            grade=row.grade,
            truth=requests_shown.truth_line(row),
            vouches=vouches[row.pk],
        )
        for row in page
    ]
    return render(request, template, {"letters": letters, "page": page})


@require_safe
@members_only
def requests_sent(request: MemberRequest) -> HttpResponse:
    telling.seen(request.member, "accepted", "asked-back")
    rows = asking.sent_by(request.member).select_related("asker", "recipient", "entry")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    names = visibility.names_for(request.member, [row.recipient for row in page])
    letters = [
        Letter(row, names[row.recipient_id], requests_shown.context(row), requests_shown.graded(row).grade)
        for row in page
    ]
    return render(request, "pages/requests_sent.html", {"letters": letters, "page": page})


def _sent(request: MemberRequest, public_id: UUID) -> Request:
    found = asking.sent_by(request.member).select_related("asker", "recipient", "entry").filter(public_id=public_id)
    row = found.first()
    if row is None:
        raise Http404
    return row


@require_safe
@members_only
def request_sent(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row = _sent(request, public_id)
    telling.seen(request.member, "accepted", "asked-back", ref=row.pk)
    return _sent_page(request, row, ReplyForm())


def _sent_page(request: MemberRequest, row: Request, form: ReplyForm) -> HttpResponse:
    asked = [question.voucher for question in row.vouch_questions.select_related("voucher").order_by("pk")]
    names = visibility.names_for(request.member, [row.recipient, *asked])  # as many queries, blocked or not
    values = {
        "row": row,
        "person": names[row.recipient_id],
        "context": requests_shown.context(row),
        "graded": requests_shown.graded(row),
        "asked": [names[voucher.pk] for voucher in asked],
        "ends_days": settings.REQUEST_ENDS_DAYS,
        "wrote_back": asking.waiting_for(request.member)
        .filter(asker=row.recipient, context=ContextKind.MESSAGE)
        .first(),
        "form": form,
    }
    return render(request, "pages/request_sent.html", values, status=form.status)


@require_POST
@members_only
def request_withdraw(request: MemberRequest, public_id: UUID) -> HttpResponse:
    asking.withdraw(_sent(request, public_id), by=request.member)
    return redirect("request_sent", public_id=public_id)


@require_POST
@members_only
def request_reply(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row, form = _sent(request, public_id), ReplyForm(request.POST)
    if form.is_valid() and form.send(row, by=request.member):
        return redirect("request_sent", public_id=public_id)
    return _sent_page(request, row, form)


def _received_one(request: MemberRequest, public_id: UUID) -> Request:
    row = asking.for_recipient(request.member, public_id)
    if row is None:
        raise Http404
    return row


@require_safe
@members_only
def request(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row = _received_one(request, public_id)
    telling.seen(request.member, "request", ref=row.pk)
    return _letter_page(request, row, QuestionForm())


def _letter_page(request: MemberRequest, row: Request, form: QuestionForm) -> HttpResponse:
    values = {
        "row": row,
        "person": asking.disclosed(row),
        "context": requests_shown.context(row),
        "reasons": requests_shown.reasons(row.reasons),
        "truth": requests_shown.truth_line(row),
        "vouches": _vouches(request, row),
        "open": asking.waiting_for(request.member).filter(pk=row.pk).exists(),
        "declines": [answer for answer in Answer if answer in answers.DECLINES and _fits(answer, row)],
        "form": form,
    }
    return render(request, "pages/request.html", values, status=form.status)


def _fits(answer: Answer, row: Request) -> bool:
    """A message names no place where one could not have been."""
    return answer != Answer.NOT_TRUE or row.context != ContextKind.MESSAGE


def _vouches(request: MemberRequest, row: Request) -> list[dict[str, Any]]:
    given = list(vouching.vouches(row))
    names = visibility.names_for(request.member, [vouch.voucher for vouch in given])
    return [{"vouch": vouch, "person": names[vouch.voucher_id]} for vouch in given]


@require_POST
@members_only
def accept(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row = _received_one(request, public_id)
    answers.accept(row, by=request.member, both_there="both_there" in request.POST)
    messages.success(request, _("You are in contact now."))
    return redirect("thread_with", handle=row.asker.called)


@require_POST
@members_only
def decline(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row = _received_one(request, public_id)
    answers.decline(row, by=request.member, answer=request.POST.get("answer", ""))
    messages.success(request, _("Declined. The person who asked is told nothing."))
    return redirect("requests")


@require_POST
@members_only
def ask_back(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row, form = _received_one(request, public_id), QuestionForm(request.POST)
    if form.is_valid() and form.send(row, by=request.member):
        messages.success(request, _("Your question is on its way. The request stays here."))
        return redirect("request", public_id=public_id)
    return _letter_page(request, row, form)

"""Questions to a mutual contact: would you vouch for this request?"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import visibility
from frontend import requests_shown
from frontend.doors import MemberRequest, members_only
from frontend.forms_asking import VouchForm
from network.contacts import vouching
from network.contacts.models import VouchQuestion
from network.notices import telling


@require_safe
@members_only
def questions(request: MemberRequest) -> HttpResponse:
    telling.seen(request.member, "vouch-asked")
    waiting = list(vouching.waiting_for(request.member).order_by("-passed_at"))
    people = [side for row in waiting for side in (row.request.asker, row.request.recipient)]
    names = visibility.names_for(request.member, people)
    rows = [
        {
            "question": row,
            "asker": names[row.request.asker_id],
            "recipient": names[row.request.recipient_id],
            "context": requests_shown.context(row.request),
        }
        for row in waiting
    ]
    return render(request, "pages/questions.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def question(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row = _passed_on(request, public_id)
    telling.seen(request.member, "vouch-asked", ref=row.pk)
    form = VouchForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and form.send(row, by=request.member):
        messages.success(request, _("Thank you. Your answer is kept."))
        return redirect("questions")
    return _page(request, row, form)


def _passed_on(request: MemberRequest, public_id: UUID) -> VouchQuestion:
    """The question, if a worker passed it on to this member; one that never was does not exist for them."""
    row = vouching.passed_on(request.member).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


def _page(request: MemberRequest, row: VouchQuestion, form: VouchForm) -> HttpResponse:
    names = visibility.names_for(request.member, [row.request.asker, row.request.recipient])
    values = {
        "question": row,
        "asker": names[row.request.asker_id],
        "recipient": names[row.request.recipient_id],
        "context": requests_shown.context(row.request),
        "open": vouching.waiting_for(request.member).filter(pk=row.pk).exists(),
        "form": form,
    }
    return render(request, "pages/question.html", values, status=form.status)

"""Open calls: one's own, those one may answer, the topics one can speak to; and writing into one."""

from math import floor
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frontend import promotions_shown
from frontend.doors import MemberRequest, members_only
from frontend.forms_calls import CallForm, PromotionForm, TopicsForm
from network.messages import calls as verbs
from network.messages import promotions
from network.messages.models import Call
from vetting import allowance, standing

OWN_MAX = 20


@require_safe
@members_only
def calls(request: MemberRequest) -> HttpResponse:
    return _page(request)


def _page(request: MemberRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    me = request.member
    mine = list(verbs.of(me)[:OWN_MAX])
    open_ = [call for call in mine if call.is_open]
    values = {
        "mine": open_,
        "past": [call for call in mine if call not in open_],
        "answerable": promotions_shown.answerable(me, verbs.seen_by(me)),
        "form": CallForm(),
        "topics": TopicsForm(member=me),
        **forms,
    }
    return render(request, "pages/calls.html", values, status=status)


@require_POST
@members_only
def call_open(request: MemberRequest) -> HttpResponse:
    form = CallForm(request.POST)
    if form.is_valid() and form.send(request.member):
        messages.success(request, _("Your call is open. You can close it at any moment."))
        return redirect("calls")
    return _page(request, form=form, status=form.status)


@require_POST
@members_only
def call_topics(request: MemberRequest) -> HttpResponse:
    form = TopicsForm(request.POST, member=request.member)
    if form.is_valid() and form.send(request.member):
        messages.success(request, _("Kept. Only you see what you can speak to."))
        return redirect("calls")
    return _page(request, topics=form, status=form.status)


@require_POST
@members_only
def call_close(request: MemberRequest, public_id: UUID) -> HttpResponse:
    verbs.close(verbs.own(request.member, public_id), by=request.member)
    messages.success(request, _("Closed: nothing more can be sent into it."))
    return redirect("calls")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def call(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """An open call of somebody else's, and the form of a promotion into it."""
    found = verbs.for_sender(request.member, public_id)
    form = PromotionForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and form.send(request.member, found):
        messages.success(request, _("Sent. It lies in their folder of promotions and rings nowhere."))
        return redirect("promotions_sent")
    return render(request, "pages/call.html", _facts(request, found, form), status=form.status)


def _facts(request: MemberRequest, found: Call, form: PromotionForm) -> dict[str, Any]:
    """What the form says beforehand: what is left, or what it would need."""
    me = request.member
    refusal = promotions.refusal(me, found)
    return {
        "call": found,
        "person": promotions_shown.answerable(me, [found])[0][1],
        "form": form,
        "refusal": refusal,
        "needs_standing": isinstance(refusal, allowance.NoAllowance),
        "left": floor(allowance.left(me, allowance.Kind.PROMOTION)),
        "points": floor(standing.of(me).points),
        "first_points": -floor(-allowance.first_points()),
    }

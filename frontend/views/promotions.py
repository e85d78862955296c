"""The folder of promotions, those one sent, the opt-out of one click and the way back, and reporting one."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import visibility
from frontend import promotions_shown
from frontend.doors import MemberRequest, members_only
from frontend.forms_reporting import ReportForm
from network.messages import promotions as verbs

A_PAGE = 20


@require_safe
@members_only
def promotions(request: MemberRequest) -> HttpResponse:
    me = request.member
    page = Paginator(verbs.folder_of(me), A_PAGE).get_page(request.GET.get("page"))
    values = {"rows": promotions_shown.received(me, page), "page": page, "refused": verbs.opted_out_of(me)}
    return render(request, "pages/promotions.html", values)


@require_safe
@members_only
def promotions_sent(request: MemberRequest) -> HttpResponse:
    me = request.member
    page = Paginator(verbs.sent_by(me), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "pages/promotions_sent.html", {"rows": promotions_shown.sent(me, page), "page": page})


@require_POST
@members_only
def promotion_opt_out(request: MemberRequest, public_id: UUID) -> HttpResponse:
    verbs.opt_out(verbs.for_recipient(request.member, public_id), by=request.member)
    messages.success(request, _("You will hear no more promotions from there."))
    return redirect("promotions")


@require_POST
@members_only
def promotion_opt_in(request: MemberRequest, public_id: UUID) -> HttpResponse:
    verbs.take_opt_out_back(verbs.for_recipient(request.member, public_id), by=request.member)
    messages.success(request, _("They may answer your calls again."))
    return redirect("promotions")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def promotion_report(request: MemberRequest, public_id: UUID) -> HttpResponse:
    found = verbs.for_recipient(request.member, public_id)
    form = ReportForm(request.POST if request.method == "POST" else None, about=found.sender)
    if form.is_valid() and form.send(request.member, found.sender, promotion=found):
        messages.success(request, _("Thank you. Moderators will look at it; nobody else is told."))
        return redirect("promotions")
    values = {"form": form, "person": visibility.show(found.sender, request.member), "reported": found}
    return render(request, "pages/report.html", values, status=form.status)

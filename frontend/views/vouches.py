"""Public vouches: given, offered, countersigned, shown, withdrawn."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import people, visibility
from accounts.models import Member
from frontend import vouches_shown
from frontend.doors import MemberRequest, members_only
from frontend.forms_vouches import CircleForm, OfferForm
from network.notices import telling
from vetting import vouches as verbs
from vetting.models import Vouch


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def vouch(request: MemberRequest, handle: str) -> HttpResponse:
    """The form; who may not vouch for this person reads why before they type."""
    subject, sent = people.by_handle(handle), request.method == "POST"
    refusal = None if sent else verbs.why_not(request.member, subject)
    if refusal:
        raise refusal
    form = OfferForm(request.POST if sent else None, voucher=request.member, subject=subject)
    if form.is_valid() and form.send():
        messages.success(request, _("Your vouch is with them now. It shows nowhere before they countersign it."))
        return redirect("vouches")
    return _offer_page(request, subject, form)


def _offer_page(request: MemberRequest, subject: Member, form: OfferForm) -> HttpResponse:
    values = {"form": form, "person": visibility.show(subject, request.member), "numbers": settings}
    return render(request, "pages/vouch.html", values, status=form.status)


@require_safe
@members_only
def vouches(request: MemberRequest) -> HttpResponse:
    me = request.member
    telling.seen(me, "vouch-offered")
    offered, about, given = list(verbs.offered_to(me)), list(verbs.about(me)), list(verbs.given_by(me))
    agreed = list(verbs.agreed_by(me))
    people_ = [*(one.voucher for one in (*offered, *agreed, *about)), *(one.subject for one in given)]
    names = visibility.names_for(me, people_)
    values = {
        "offered": [(line, CircleForm(vouch=line.vouch)) for line in vouches_shown.lines(offered, names)],
        "agreed": vouches_shown.lines(agreed, names),
        "about": [(line, CircleForm(vouch=line.vouch)) for line in vouches_shown.lines(about, names)],
        "given": vouches_shown.lines(given, names, given=True),
    }
    return render(request, "pages/vouches.html", values)


@require_POST
@members_only
def vouch_countersign(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row = verbs.by_public_id(public_id, request.member)
    fresh = verbs.countersign(row, by=request.member, visible_to=CircleForm(request.POST, vouch=row).chosen())
    if fresh.issued_at:
        messages.success(request, _("Countersigned. The vouch has an address now, and whom you chose sees it."))
    else:
        messages.success(request, _("Countersigned. It goes back to their server, which has the last signature."))
    return redirect("vouches")


@require_POST
@members_only
def vouch_refuse(request: MemberRequest, public_id: UUID) -> HttpResponse:
    verbs.refuse(verbs.by_public_id(public_id, request.member), by=request.member)
    messages.success(request, _("It shows nowhere, and nobody is told."))
    return redirect("vouches")


@require_POST
@members_only
def vouch_show(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row = verbs.by_public_id(public_id, request.member)
    verbs.show_to(row, by=request.member, visible_to=CircleForm(request.POST, vouch=row).chosen())
    messages.success(request, _("Changed who sees the vouch."))
    return redirect("vouches")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def vouch_withdraw(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row = _given(request, public_id)
    if request.method == "POST":
        verbs.withdraw(row, by=request.member)
        messages.success(request, _("Withdrawn. Nobody is told."))
        return redirect("vouches")
    [line] = vouches_shown.lines([row], visibility.names_for(request.member, [row.subject]), given=True)
    return render(request, "pages/vouch_withdraw.html", {"line": line})


def _given(request: MemberRequest, public_id: UUID) -> Vouch:
    row = verbs.by_public_id(public_id, request.member)
    if row.voucher_id != request.member.pk:
        raise verbs.NotYourVouch
    return row

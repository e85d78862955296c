"""Invitations: a link made for a person one knows, shown once; read by GET, spent by POST alone."""

import uuid
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import visibility
from foundation import clock, sealing
from foundation.refusals import Refusal
from frontend.doors import MemberRequest, members_only
from frontend.forms_invitations import InvitationForm
from frontend.middleware import PageRequest
from network.contacts import invitations as verbs

page = require_http_methods(["GET", "HEAD", "POST"])
REMEMBERED = "invitation"
MADE = "invitation-key"
LISTED = 50


@page
@members_only
def invitations(request: MemberRequest) -> HttpResponseBase:
    form, link = InvitationForm(request.POST or None, initial={"key": uuid.uuid4().hex}), ""
    if form.is_valid() and form.cleaned_data["key"] == request.session.get(MADE):
        return redirect("invitations")  # sent twice: the link was shown the first time
    if form.is_valid():
        made = form.carry_out(verbs.make, request.member, label=form.cleaned_data["label"])
        if made:
            request.session[MADE] = form.cleaned_data["key"]
            link = settings.PAGES_URL + reverse("invited", args=[made[1]])
            form = InvitationForm(initial={"key": uuid.uuid4().hex})
    seen = {"form": form, "link": link, "made": _made(request), "now": clock.now(), "days": settings.INVITATION_DAYS}
    return render(request, "pages/invitations.html", seen, status=form.status)


def _made(request: MemberRequest) -> list[dict[str, object]]:
    rows = list(request.member.invitations.select_related("spent_by").order_by("-made_at")[:LISTED])
    names = visibility.names_for(request.member, [row.spent_by for row in rows if row.spent_by])
    return [{"invitation": row, "guest": names[row.spent_by.pk] if row.spent_by else None} for row in rows]


@require_POST
@members_only
def invitation_call_back(request: MemberRequest, public_id: UUID) -> HttpResponseBase:
    invitation = request.member.invitations.filter(public_id=public_id).first()
    if invitation is None:
        raise verbs.InvitationGone
    verbs.call_back(invitation, by=request.member)
    messages.success(request, _("The link works no longer."))
    return redirect("invitations")


@page
def invited(request: PageRequest, token: str) -> HttpResponseBase:
    """Looking spends nothing: preview bots and curious proxies only ever look."""
    if request.method == "POST":
        return _private(_said_yes(request, token))
    inviter = verbs.find(token).inviter
    seen = {
        "token": token,
        "inviter": visibility.disclosed(inviter),
        "own": request.member is not None and request.member.pk == inviter.pk,
    }
    return _private(render(request, "pages/invited.html", seen))


def _said_yes(request: PageRequest, token: str) -> HttpResponse:
    if request.member is None:
        verbs.find(token)
        request.session[REMEMBERED] = sealing.seal(token.encode(), where=REMEMBERED)
        return redirect("account_login" if "sign-in" in request.POST else "account_signup")
    contact = verbs.spend(token, by=request.member)
    request.session.pop(REMEMBERED, None)
    messages.success(request, _("You two are in contact."))
    return redirect("person", handle=contact.asker.called)


def remembered(request: HttpRequest) -> dict[str, object] | None:
    """The invitation this browser said yes to before it had a member; forgotten once it cannot be spent."""
    sealed = request.session.get(REMEMBERED)
    if not sealed:
        return None
    try:
        token = sealing.open_(sealed, where=REMEMBERED).decode()
        return {"token": token, "inviter": visibility.disclosed(verbs.find(token).inviter)}
    except (Refusal, sealing.Broken, sealing.KeyLost):
        del request.session[REMEMBERED]
        return None


def _private(answer: HttpResponse) -> HttpResponse:
    """The address is a secret: no page it leads to learns it, nobody keeps or lists it (threat 9)."""
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "no-store"
    return answer

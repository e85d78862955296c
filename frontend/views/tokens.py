"""Tokens for programs: listed and revoked; a new one is shown once, to whoever has just proved who they are."""

import uuid
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import tokens as verbs
from accounts.models import Scope
from frontend.doors import MemberRequest, members_only
from frontend.forms_tokens import TokenForm

MADE = "token-key"


@require_safe
@members_only
def tokens(request: MemberRequest) -> HttpResponseBase:
    return render(request, "pages/tokens.html", {"rows": _rows(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def token_make(request: MemberRequest) -> HttpResponseBase:
    """Whoever has not lately shown password or factor does so first; what was typed comes back."""
    form = TokenForm(request.POST if request.method == "POST" else None, initial=_initial(request))
    if not form.is_bound:
        _proved(request)
    elif not _is_proved(request):
        return redirect(f"{reverse('token_make')}?{form.typed()}")
    if form.is_valid() and form.cleaned_data["key"] == request.session.get(MADE):
        return redirect("tokens")  # sent twice: the token was shown the first time
    made = form.make(request.member) if form.is_valid() else None
    if made is None:
        return render(request, "pages/token_make.html", {"form": form}, status=form.status)
    request.session[MADE] = form.cleaned_data["key"]
    return _shown_once(request, made[1])


def _initial(request: HttpRequest) -> dict[str, Any]:
    asked = request.GET
    before = {"name": asked.get("name", ""), "scopes": asked.getlist("scopes"), "days": asked.get("days", "90")}
    return {**before, "key": uuid.uuid4().hex}


def _shown_once(request: MemberRequest, text: str) -> HttpResponse:
    answer = render(request, "pages/tokens.html", {"rows": _rows(request), "token": text})
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _rows(request: MemberRequest) -> list[dict[str, Any]]:
    return [
        {"token": row, "may": [Scope(scope).label for scope in row.scopes if scope in Scope.values]}
        for row in verbs.of(request.member)
    ]


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types
def _proved(request: HttpRequest) -> None:
    """Raises what leads to "Is it you?" and back, unless that was answered in the last minutes."""


def _is_proved(request: HttpRequest) -> bool:
    try:
        _proved(request)
    except ReauthenticationRequired:
        return False
    return True


@require_POST
@members_only
def token_revoke(request: MemberRequest, public_id: UUID) -> HttpResponseBase:
    verbs.revoke(request.member, public_id)
    messages.success(request, _("Revoked. It works no longer."))
    return redirect("tokens")

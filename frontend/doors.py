"""Who may come in: the pages' doors. What a member may do is decided by the verbs."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Member
from frontend.middleware import PageRequest

P = ParamSpec("P")


class MemberRequest(PageRequest):
    """A request that has passed `members_only`."""

    member: Member


MembersPage = Callable[Concatenate[MemberRequest, P], HttpResponseBase]
AnyPage = Callable[Concatenate[PageRequest, P], HttpResponseBase]


def members_only(page: MembersPage[P]) -> AnyPage[P]:
    """Visitors are sent to the sign-in and come back; an account without a confirmed member is told to confirm."""

    @wraps(page)
    def door(request: PageRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return sign_in(request)
        if request.member is None:
            return confirm_first(request)
        return page(cast(MemberRequest, request), *args, **kwargs)

    return door


def proved_again(page: MembersPage[P]) -> MembersPage[P]:
    """Only for who has shown password or factor within the last five minutes; others show it first, and come back."""

    @wraps(page)
    def door(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        raise_if_reauthentication_required(request, app="")
        return page(request, *args, **kwargs)

    return door


def sign_in(request: PageRequest) -> HttpResponse:
    """To the sign-in and back here; a fragment's page is led there as a whole, and a form's page starts at home."""
    if request.htmx:
        return HttpResponseClientRedirect(resolve_url("account_login"))
    return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else "/")


def confirm_first(request: PageRequest) -> HttpResponse:
    return render(request, "pages/confirm_first.html", status=403)

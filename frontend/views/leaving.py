"""Leaving this server: what happens is said first, and then it happens."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import leaving
from frontend.doors import MemberRequest, members_only, proved_again
from frontend.forms_leaving import LeaveForm


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
@proved_again
def leave(request: MemberRequest) -> HttpResponseBase:
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        leaving.leave(request.member)
        logout(request)
        return redirect("left")
    return render(request, "pages/leave.html", {"form": form, "numbers": settings})


@require_safe
def left(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/left.html")

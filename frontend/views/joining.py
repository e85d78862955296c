"""A newcomer's first steps, and the invitation that waits for its yes."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import people
from accounts.models import DoorLevel
from foundation import clock
from frontend.doors import MemberRequest, members_only
from frontend.forms_profile import WelcomeForm
from frontend.views import invitations

DOOR_CHOSEN = "door-chosen"
WELCOMED = "welcomed"


def open_step(request: MemberRequest) -> int:
    """1 who you are, 2 where you were, 3 your door (in the first week alone); 0 when nothing is left to do."""
    member = request.member
    if not (member.name_to or member.headline or member.place):
        return 1
    if not member.entries.exists():
        return 2
    new = clock.now() - member.joined_at < timedelta(days=settings.ENTRIES_FREE_DAYS)
    untouched = member.door.lowest == DoorLevel.B and not request.session.get(DOOR_CHOSEN)
    return 3 if new and untouched else 0


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def welcome(request: MemberRequest) -> HttpResponseBase:
    request.session[WELCOMED] = True
    form = WelcomeForm.of(request.member, request.POST or None)
    if form.is_valid():
        form.carry_out(people.change_profile, request.member, form.cleaned_data)
        if form.is_valid():
            return redirect("entries" if open_step(request) == 2 else "home")
    waits = {"form": form, "invitation": invitations.remembered(request)}
    return render(request, "pages/welcome.html", waits, status=form.status)

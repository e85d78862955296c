"""What a member says of themselves, what may knock at their door, and how the pages speak to them."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import people
from frontend.doors import MemberRequest, members_only
from frontend.forms_profile import DoorForm, MeForm, SettingsForm
from frontend.views import joining

page = require_http_methods(["GET", "HEAD", "POST"])


@page
@members_only
def me(request: MemberRequest) -> HttpResponseBase:
    form = MeForm.of(request.member, request.POST or None)
    if form.is_valid():
        form.carry_out(people.change_profile, request.member, form.cleaned_data)
        if form.is_valid():
            messages.success(request, _("Your profile is saved."))
            return redirect("me")
    step = joining.open_step(request)
    return render(request, "pages/me.html", {"form": form, "step": step}, status=form.status)


@page
@members_only
def door(request: MemberRequest) -> HttpResponseBase:
    form = DoorForm(request.POST or None, initial={"lowest": request.member.door.lowest})
    if form.is_valid():
        people.set_door(request.member, form.cleaned_data["lowest"])
        request.session[joining.DOOR_CHOSEN] = True
        messages.success(request, _("Your door is set. Nobody else can tell how."))
        return redirect("home")
    return render(request, "pages/door.html", {"form": form, "step": joining.open_step(request)})


@page
@members_only
def settings(request: MemberRequest) -> HttpResponseBase:
    member = request.member
    now = {"language": member.language, "time_zone": member.time_zone}
    form = SettingsForm(request.POST or None, initial=now, zone=member.time_zone)
    if form.is_valid():
        people.change_profile(member, form.cleaned_data)
        return redirect("settings")
    return render(request, "pages/settings.html", {"form": form})

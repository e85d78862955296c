"""Other homes of a member: accounts elsewhere that are theirs too, and moving there."""

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import homes as verbs
from accounts import remotes
from accounts.models import Elsewhere, Lookup, Member
from frontend.doors import MemberRequest, members_only
from frontend.forms_homes import HomeForm


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def homes(request: MemberRequest) -> HttpResponse:
    """What one says of other homes; an address typed is looked up, and the page shows who was found there."""
    form = HomeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (row := form.look_up(request.member)):
        return redirect(f"{request.path}?{urlencode({'address': row.address})}")
    home = verbs.of(request.member)
    named = [*(home.aliases if home else []), *([home.moved_to, home.moving_to] if home else [])]
    known = {one.uri: one.member for one in Elsewhere.objects.filter(uri__in=named).select_related("member")}
    values = {
        "form": form,
        "found": _found(request),
        "home": home,
        "aliases": [(uri, known.get(uri)) for uri in home.aliases] if home else [],
        "moved_to": known.get(home.moved_to) if home else None,
        "moving_to": known.get(home.moving_to) if home else None,
        "why_not": verbs.REASONS.get(home.why_not, "") if home else "",
        "days": settings.MOVE_AGAIN_DAYS,
        "own": request.member.address,
    }
    return render(request, "pages/homes.html", values, status=form.status)


def _found(request: MemberRequest) -> dict[str, object] | None:
    """The look-up that this page waits for, and what came of it."""
    row = Lookup.objects.select_related("member").filter(address=request.GET.get("address", "")[:500]).first()
    if row is None:
        return None
    return {"row": row, "person": row.member, "why_not": remotes.REASONS.get(row.why_not, "")}


def _elsewhere(public_id: UUID) -> Member:
    return get_object_or_404(Member.objects.present().exclude(host=""), public_id=public_id)


@require_POST
@members_only
def home_add(request: MemberRequest, public_id: UUID) -> HttpResponse:
    verbs.add_alias(request.member, _elsewhere(public_id))
    messages.success(request, _("Your page says now that this is you, too. Say the same there, and you can move."))
    return redirect("homes")


@require_POST
@members_only
def home_forget(request: MemberRequest) -> HttpResponse:
    verbs.remove_alias(request.member, request.POST.get("uri", "")[:500])
    messages.success(request, _("Your page no longer says that this is you."))
    return redirect("homes")


@require_POST
@members_only
def home_move(request: MemberRequest, public_id: UUID) -> HttpResponse:
    verbs.move(request.member, _elsewhere(public_id))
    messages.success(request, _("We are asking that server whether it says the same."))
    return redirect("homes")


@require_POST
@members_only
def home_back(request: MemberRequest) -> HttpResponse:
    verbs.come_back(request.member)
    messages.success(request, _("You live here again. Who went along stays where they are."))
    return redirect("homes")

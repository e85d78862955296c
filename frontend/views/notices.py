"""What moderators decided about a member, or on their word."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import visibility
from frontend.doors import MemberRequest, members_only
from frontend.forms_moderation import AppealForm
from network.moderation import notices as verbs
from network.moderation import reports
from network.moderation.review import NothingToAppeal
from network.notices import telling


@require_safe
@members_only
def notices(request: MemberRequest) -> HttpResponse:
    """Each decision as this side may read it, then the member's own reports that still wait."""
    telling.seen(request.member, "decision")
    decided = verbs.notices_for(request.member)
    waiting = reports.waiting_of(request.member)
    seen = visibility.names_for(request.member, [one.case.about for one in waiting])
    known = visibility.names_for(request.member, [one.reported for one in decided if one.reported])
    return render(
        request,
        "pages/notices.html",
        {
            "notices": [(one, known[one.reported.pk] if one.reported else None) for one in decided],
            "waiting": [(one, seen[one.case.about_id]) for one in waiting],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def appeal_case(request: MemberRequest, public_id: UUID) -> HttpResponse:
    form = AppealForm(request.POST if request.method == "POST" else None)
    made = form.is_valid() and form.about_case(public_id, request.member)
    return _appealed(request, form, made=bool(made), case=str(public_id))


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def appeal_freeze(request: MemberRequest, pk: int) -> HttpResponse:
    form = AppealForm(request.POST if request.method == "POST" else None)
    made = form.is_valid() and form.about_freeze(pk, request.member)
    return _appealed(request, form, made=bool(made), freeze=pk)


def _appealed(request: MemberRequest, form: AppealForm, *, made: bool, case: str = "", freeze: int = 0) -> HttpResponse:
    """The form beside the decision it is against; 404 for every other decision."""
    if made:
        messages.success(request, _("Your appeal has arrived. Another moderator will answer it."))
        return redirect("notices")
    decided = verbs.notices_for(request.member)
    found = [one for one in decided if (case and one.case == case) or (freeze and one.freeze == freeze)]
    if not found:
        raise NothingToAppeal
    return render(request, "pages/appeal.html", {"form": form, "notice": found[0]}, status=form.status)

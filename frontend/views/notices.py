"""What moderators decided about a member, or on their word."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import visibility
from frontend.doors import MemberRequest, members_only
from network.moderation import notices as verbs
from network.moderation import reports
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

""" "Why is it so?": the member's own standing, every line behind it, and what it permits."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frontend import standing_shown
from frontend.doors import MemberRequest, members_only
from vetting import standing as verbs
from vetting import why


@require_safe
@members_only
def standing(request: MemberRequest) -> HttpResponse:
    me, told = request.member, why.explain(request.member)
    held, lines = verbs.of(me), standing_shown.lines(told, me)
    points = sum(line.tenths for line in lines)
    values = {
        "lines": lines,
        "points": points,
        "sum": standing_shown.plain(points),
        "advice": round(told.advice),
        "chart": standing_shown.chart(told.weeks, computed_at=held.computed_at),
        "permitted": standing_shown.permitted(me),
        "saved_days": settings.PROMOTIONS_DAYS,
        "computed_at": held.computed_at if held.pk and not held._state.adding else None,
    }
    return render(request, "pages/standing.html", values)

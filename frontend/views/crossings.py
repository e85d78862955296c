"""Who was there when I was: ten a page, rarest places first."""

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import crossings as verbs
from accounts import ties
from frontend.doors import MemberRequest, members_only
from network.contacts import requests


@require_safe
@members_only
def crossings(request: MemberRequest) -> HttpResponseBase:
    page = _page(request.GET.get("page", ""))
    found, more = verbs.browse(request.member, page=page)
    people = [crossing.person.member for crossing in found]
    asked = requests.sent_by(request.member).filter(recipient__in=people, ended_at=None)
    seen = {
        "found": found,
        "page": page,
        "more": more and page < settings.CROSSING_PAGES_A_DAY,
        "contacts": ties.among(people, request.member),
        "asked": set(asked.values_list("recipient", flat=True)),
        "matchable": request.member.entries.filter(matchable=True).count(),
        "pages_a_day": settings.CROSSING_PAGES_A_DAY,
    }
    return render(request, "pages/crossings.html", seen)


def _page(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
    return max(1, min(number, settings.CROSSING_PAGES_A_DAY))

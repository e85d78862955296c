"""Who was there when I was: ten a page, rarest places first."""

from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts import crossings as verbs
from accounts import ties
from accounts.crossings import Crossing
from accounts.models import Member
from frontend.doors import MemberRequest, members_only
from network.contacts import requests


@require_safe
@members_only
def crossings(request: MemberRequest) -> HttpResponseBase:
    page = _page(request.GET.get("page", ""))
    found, more = verbs.browse(request.member, page=page)
    seen = {
        "rows": _rows(request.member, found),
        "page": page,
        "more": more and page < settings.CROSSING_PAGES_A_DAY,
        "matchable": request.member.entries.filter(matchable=True).exists(),
        "pages_a_day": settings.CROSSING_PAGES_A_DAY,
    }
    return render(request, "pages/crossings.html", seen)


def _rows(member: Member, found: list[Crossing]) -> list[dict[str, Any]]:
    """Each crossing with its unit, where both agree on one, and what is between the two already."""
    people = [crossing.person.member for crossing in found]
    contacts = ties.among(people, member)
    asked = requests.sent_by(member).filter(recipient__in=people, ended_at=None).values_list("recipient", flat=True)
    states = {**dict.fromkeys(asked, pgettext("a request", "sent")), **dict.fromkeys(contacts, _("in contact"))}
    return [{"crossing": one, "unit": unit_of(one), "state": states.get(one.person.member.pk, "")} for one in found]


def unit_of(crossing: Crossing) -> str:
    both = crossing.mine.unit if crossing.mine.unit_id and crossing.mine.unit_id == crossing.theirs.unit_id else None
    return both.name if both else ""


def _page(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
    return max(1, min(number, settings.CROSSING_PAGES_A_DAY))

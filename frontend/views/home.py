"""The front page: for visitors what this is, for members what waits for them."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts import crossings, visibility
from accounts.models import Member
from frontend import requests_shown
from frontend.doors import MemberRequest, confirm_first, members_only
from frontend.middleware import PageRequest
from frontend.requests_shown import Letter
from frontend.views import invitations, joining
from network.contacts import requests, vouching
from network.contacts.models import Request, VouchAnswer
from network.messages import threads
from network.offers import answers as offers
from vetting import vouches

SHOWN = 4
PATHS_SHOWN = 3


@require_safe
def home(request: PageRequest) -> HttpResponseBase:
    if request.member:
        return desk(request)
    if request.user.is_authenticated:
        return confirm_first(request)
    if request.htmx:
        return HttpResponseClientRefresh()
    return render(request, "pages/landing.html")


@members_only
def desk(request: MemberRequest) -> HttpResponseBase:
    step = joining.open_step(request)
    if step == 1 and not request.session.get(joining.WELCOMED):
        return redirect("welcome")
    waits = _waiting(request.member)
    if request.htmx:
        answer = render(request, "pages/desk_waiting.html", waits)
    else:
        found, _more = crossings.find(request.member)
        more = {"step": step, "paths": found[:PATHS_SHOWN], "invitation": invitations.remembered(request)}
        answer = render(request, "pages/desk.html", {**waits, **more})
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _waiting(member: Member) -> dict[str, Any]:
    """What the desk shows and looks for again: requests, questions for a vouch, vouches offered, offers, unread."""
    vouched = Count("vouch_questions", filter=Q(vouch_questions__answer=VouchAnswer.VOUCH))
    asked = requests.at_the_door(member).annotate(vouched=vouched)
    unread = list(threads.of(member).filter(unread__gt=0)[:SHOWN])  # type: ignore[misc]  # `of` annotates it
    questions = list(vouching.waiting_for(member).order_by("-passed_at")[:SHOWN])
    offered = list(vouches.offered_to(member)[:SHOWN])
    writers = [threads.other_side(thread, member) for thread in unread]
    asking = [*(question.request.asker for question in questions), *(vouch.voucher for vouch in offered)]
    names = visibility.names_for(member, [*writers, *asking])
    return {
        "letters": [_letter(request) for request in asked[:SHOWN]],
        "questions": [{"question": one, "asker": names[one.request.asker_id]} for one in questions],
        "offered": [names[vouch.voucher_id] for vouch in offered],
        "offers": [{"offer": one, "role": one.form["role"]} for one in offers.waiting_for(member)[:SHOWN]],
        "unread": [{"thread": one, "person": names[who.pk]} for one, who in zip(unread, writers, strict=True)],
    }


def _letter(request: Request) -> Letter:
    return Letter(
        request=request,
        person=requests.disclosed(request),
        context=requests_shown.context(request),
        grade=request.grade,
        vouches=getattr(request, "vouched", 0),
    )

"""Following across servers: the member's list, whom they let, and the look-up of somebody elsewhere."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import people, remotes, visibility
from frontend.doors import MemberRequest, members_only
from frontend.forms_profile import FollowersForm
from network.contacts import follows as verbs
from network.contacts.models import Follow

A_PAGE = 25
MOST = 500  # begun by hand, twenty a day


@require_safe
@members_only
def follows(request: MemberRequest) -> HttpResponse:
    me = request.member
    asking, following = list(verbs.asking(me)[:A_PAGE]), list(verbs.followed_by(me)[:MOST])
    page = Paginator(verbs.followers_of(me), A_PAGE).get_page(request.GET.get("page"))
    others = [*(row.follower for row in (*asking, *page)), *(row.followed for row in following)]
    names = visibility.names_for(me, others)
    mutual = {row.follower_id for row in page} & {row.followed_id for row in following if row.accepted_at}
    values = {
        "asking": [names[row.follower_id] for row in asking],
        "followers": [(names[row.follower_id], row.follower_id in mutual) for row in page],
        "following": [(row, names[row.followed_id]) for row in following],
        "page": page,
        "form": FollowersForm(initial={"followers": me.door.followers}),
    }
    return render(request, "pages/follows.html", values)


@require_POST
@members_only
def follows_who(request: MemberRequest) -> HttpResponse:
    people.set_followers(request.member, request.POST.get("followers", ""))
    messages.success(request, _("Saved. Other servers are told."))
    return redirect("follows")


@require_POST
@members_only
def follow(request: MemberRequest, handle: str) -> HttpResponse:
    verbs.ask_from_here(request.member, people.by_handle(handle))
    return redirect("person", handle=handle)


@require_POST
@members_only
def unfollow(request: MemberRequest, handle: str) -> HttpResponse:
    verbs.end(request.member, people.by_handle(handle))
    return _back(request, handle)


@require_POST
@members_only
def follower_accept(request: MemberRequest, handle: str) -> HttpResponse:
    verbs.accept(_follow_of(request, handle))
    return _back(request, handle)


@require_POST
@members_only
def follower_put_away(request: MemberRequest, handle: str) -> HttpResponse:
    verbs.put_away(_follow_of(request, handle))
    messages.success(request, _("Put away. They are told nothing."))
    return _back(request, handle)


@require_POST
@members_only
def follower_remove(request: MemberRequest, handle: str) -> HttpResponse:
    row = _follow_of(request, handle)
    verbs.end(row.follower, request.member, by=request.member)
    messages.success(request, _("They follow you no more. Their server has been told."))
    return _back(request, handle)


@require_POST
@members_only
def look_up(request: MemberRequest) -> HttpResponse:
    """Somebody elsewhere is asked for; the search page waits for the answer."""
    row = remotes.look_up(request.POST.get("address", ""), by=request.member)
    answer = redirect("people")
    answer["Location"] += "?" + urlencode({"q": row.address})
    return answer


def _follow_of(request: MemberRequest, handle: str) -> Follow:
    return verbs.from_whom(request.member, people.by_handle(handle))


def _back(request: MemberRequest, handle: str) -> HttpResponse:
    """To the list, if the button was there; else to the person's page."""
    return redirect("follows") if request.POST.get("from") == "list" else redirect("person", handle=handle)

"""Members found, and one member's page: whatever is visible to whoever looks."""

from dataclasses import dataclass

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import crossings, ties, visibility
from accounts import people as verbs
from accounts.models import Member, Visibility
from accounts.remotes import is_elsewhere
from frontend import elsewhere_shown, entry_lines, vouches_shown
from frontend.doors import MemberRequest, confirm_first, members_only, sign_in
from frontend.middleware import PageRequest
from frontend.views.crossings import unit_of
from network.contacts import quiet, requests
from network.contacts.models import Contact, Request
from vetting import vouches

LONGEST = 320  # an address: 64 characters, @, a server of 253
PREVIEWS = {"contacts": Visibility.CONTACTS, "members": Visibility.MEMBERS, "everyone": Visibility.EVERYONE}


@require_safe
@members_only
def people(request: MemberRequest) -> HttpResponseBase:
    typed = request.GET.get("q", "")[:LONGEST]
    found = list(verbs.search(request.member, typed))
    shown = visibility.names_for(request.member, found)
    values = {
        "typed": typed,
        "found": [shown[one.pk] for one in found],
        "sought": elsewhere_shown.sought(request.member, typed),
    }
    return render(request, "pages/people.html", values)


@dataclass(frozen=True)
class Between:
    """What is between the viewer and the person: it decides which actions the page offers."""

    contact: Contact | None = None
    asked: Request | None = None
    asks_me: Request | None = None
    blocked: bool = False
    may_vouch: bool = False


def between(viewer: Member, person: Member) -> Between:
    contact = quiet.between(viewer, person)
    return Between(
        contact=contact,
        asked=requests.open_between(viewer, person),
        asks_me=requests.waiting_for(viewer).filter(asker=person).first(),
        blocked=ties.has_blocked(viewer, person),
        may_vouch=contact is not None and vouches.why_not(viewer, person) is None,
    )


@require_safe
def person(request: PageRequest, handle: str) -> HttpResponseBase:
    """Pages of people elsewhere are for members; visitors are not told whom this server knows."""
    viewer = request.member
    if viewer is None and is_elsewhere(handle):
        return confirm_first(request) if request.user.is_authenticated else sign_in(request)
    owner = verbs.by_handle(handle)
    own = viewer is not None and viewer.pk == owner.pk
    preview = request.GET.get("as", "") if own else ""
    near = PREVIEWS.get(preview) if preview in PREVIEWS else visibility.nearness(viewer, owner)
    assert near is not None
    seen = {
        "person": visibility.show_at(owner, near),
        "lines": [entry_lines.line(entry) for entry in visibility.entries_at(owner, near)],
        "own": own,
        "preview": preview if preview in PREVIEWS else "",
        "between": between(viewer, owner) if viewer and not own else None,
        "paths": paths(viewer, owner, near) if viewer and not own else [],
        "away": elsewhere_shown.away(owner, viewer) if viewer else None,
        "vouched": vouches_shown.about(owner, viewer, near, preview=preview in PREVIEWS),
    }
    answer = render(request, "pages/person.html", seen)
    if owner.host or not owner.may_be_indexed:
        answer["X-Robots-Tag"] = "noindex"
    return answer


def paths(viewer: Member, owner: Member, near: Visibility) -> list[dict[str, str]]:
    """Crossed paths of the two; none for those who see no more than a visitor."""
    found = crossings.with_person(viewer, owner) if near < Visibility.EVERYONE else []
    return [{"place": one.mine.organisation.name, "unit": unit_of(one), "months": one.months} for one in found]

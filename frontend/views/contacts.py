"""Contacts: since when, quiet periods, ending them; blocks; reporting somebody."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import people, visibility
from accounts.models import Block, Member
from frontend.doors import MemberRequest, members_only
from frontend.forms_reporting import ReportForm
from network.contacts import blocks, moves, quiet, requests
from network.contacts.models import Contact, Request
from network.notices import telling

A_PAGE = 25


@require_safe
@members_only
def contacts(request: MemberRequest) -> HttpResponse:
    me = request.member
    telling.seen(me, "accepted", "moved")
    page = Paginator(quiet.of(me), A_PAGE).get_page(request.GET.get("page"))
    others = [row.recipient if row.asker_id == me.pk else row.asker for row in page]
    blocked = [row.blocked for row in Block.objects.filter(blocker=me).select_related("blocked").order_by("-since")]
    names = visibility.names_for(me, [*others, *blocked])
    asked = list(moves.waiting_for(me))
    seen = visibility.names_for(me, [one for question in asked for one in (question.other, question.before)])
    values = {
        "moved": [(one, seen[one.other_id], seen[one.before_id]) for one in asked],
        "rows": [_row(row, me, other, names[other.pk]) for row, other in zip(page, others, strict=True)],
        "blocked": [names[member.pk] for member in blocked],
        "page": page,
    }
    return render(request, "pages/contacts.html", values)


def _row(contact: Contact, me: Member, other: Member, person: visibility.Shown) -> dict[str, object]:
    return {"contact": contact, "person": person, "mine": contact.quiet_of(me), "theirs": contact.quiet_of(other)}


def _mine(request: MemberRequest, public_id: UUID) -> Contact:
    row = quiet.of(request.member).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


@require_POST
@members_only
def contact_end(request: MemberRequest, public_id: UUID) -> HttpResponse:
    quiet.end(_mine(request, public_id), by=request.member)
    messages.success(request, _("The contact has ended."))
    return redirect("contacts")


@require_POST
@members_only
def contact_keep(request: MemberRequest, public_id: UUID) -> HttpResponse:
    moves.keep(moves.by_public_id(public_id, request.member), by=request.member)
    messages.success(request, _("You are in contact at the new home."))
    return redirect("contacts")


@require_POST
@members_only
def contact_let_go(request: MemberRequest, public_id: UUID) -> HttpResponse:
    moves.let_go(moves.by_public_id(public_id, request.member), by=request.member)
    messages.success(request, _("Nothing begins there, and nobody is told."))
    return redirect("contacts")


@require_POST
@members_only
def contact_lift(request: MemberRequest, public_id: UUID) -> HttpResponse:
    quiet.lift(_mine(request, public_id), by=request.member)
    messages.success(request, _("The quiet period is over: both of you may write what you like."))
    return redirect("contacts")


@require_POST
@members_only
def block(request: MemberRequest, handle: str) -> HttpResponse:
    other = people.by_handle(handle)
    blocks.block(request.member, other)
    messages.success(request, _("Blocked. They see what any visitor sees, and are not told."))
    return redirect("contacts")


@require_POST
@members_only
def unblock(request: MemberRequest, handle: str) -> HttpResponse:
    blocks.unblock(request.member, people.by_handle(handle))
    messages.success(request, _("No longer blocked."))
    return redirect("contacts")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def report(request: MemberRequest, handle: str) -> HttpResponse:
    """Reports a member's page, or with `?request=…` the request they sent."""
    me, about = request.member, people.by_handle(handle)
    named = _named_request(request)
    form = ReportForm(request.POST if request.method == "POST" else None, about=about)
    if form.is_valid() and form.send(me, about, request=named):
        messages.success(request, _("Thank you. Moderators will look at it; nobody else is told."))
        return redirect("home")
    values = {"form": form, "person": visibility.show(about, me), "letter": named}
    return render(request, "pages/report.html", values, status=form.status)


def _named_request(request: MemberRequest) -> Request | None:
    if "request" not in request.GET:
        return None
    try:
        row = requests.for_recipient(request.member, UUID(request.GET["request"]))
    except ValueError:
        raise Http404 from None
    if row is None:
        raise Http404
    return row

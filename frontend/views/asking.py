"""Asking somebody for contact: the form, and the grade before anything is sent."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import people, reach, remotes, ties, visibility
from accounts.models import Member
from foundation import clock
from frontend import requests_shown
from frontend.doors import MemberRequest, members_only
from frontend.forms_asking import AskForm
from network.contacts import places, requests
from network.contacts.models import Request


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def ask(request: MemberRequest, handle: str) -> HttpResponse:
    me, recipient = request.member, people.by_handle(handle)
    if instead := _instead(me, recipient):
        return instead
    data = request.POST if request.method == "POST" else None
    form = AskForm(data, asker=me, recipient=recipient, wanted=request.GET.get("entry", ""))
    sent = form.send() if form.is_valid() else None
    return _after(sent, me) if sent else _page(request, form)


@require_POST
@members_only
def ask_grade(request: MemberRequest, handle: str) -> HttpResponse:
    """The grade of what is chosen: as a fragment for htmx, else the whole form with all that was typed."""
    me, recipient = request.member, people.by_handle(handle)
    if instead := _instead(me, recipient):
        return instead
    form = AskForm(request.POST, asker=me, recipient=recipient)
    if request.htmx:
        return render(request, "pages/ask_grade.html", _foreseen(form))
    return _page(request, AskForm.as_typed(form))


def _instead(me: Member, recipient: Member) -> HttpResponse | None:
    """Where the form makes no sense: oneself, a contact, somebody already asked or out of reach."""
    if me.pk == recipient.pk:
        raise requests.AskingOneself
    if ties.in_contact(me, recipient):
        return redirect("thread_with", handle=recipient.called)
    before = requests.open_between(me, recipient)
    if before is None:
        reach.check(recipient)
    return redirect("request_sent", public_id=before.public_id) if before else None


def _after(sent: Request, me: Member) -> HttpResponse:
    """To what was sent; or to the thread, where the other's waiting request was accepted by asking."""
    if sent.asker_id == me.pk:
        return redirect("request_sent", public_id=sent.public_id)
    return redirect("thread_with", handle=sent.asker.called)


def _page(request: MemberRequest, form: AskForm) -> HttpResponse:
    me, recipient = request.member, form.recipient
    values = {
        **_foreseen(form),
        "form": form,
        "person": visibility.names_for(me, [recipient])[recipient.pk],
        "told": visibility.disclosed(me),
        "room": places.left(me),
        "speaks": remotes.speaks(recipient),
        "waiting": requests.waiting_for(me).filter(asker=recipient).first(),
        "lately": requests.asked_lately(me, recipient, before=clock.now(), but=0),
    }
    return render(request, "pages/ask.html", values, status=form.status)


def _foreseen(form: AskForm) -> dict[str, Any]:
    grading, picked = form.preview(), form.picked()
    return {"foreseen": requests_shown.foreseen(grading, picked[1] if picked else None) if grading else None}

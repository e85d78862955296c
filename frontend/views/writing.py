"""Around writing: a draft is kept, a message edited."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import people
from frontend.doors import MemberRequest, members_only
from frontend.forms_messages import EditForm
from frontend.threads_shown import Conversation, Hinted
from frontend.views.conversations import message_of
from network.messages import drafts, editing
from network.messages import threads as verbs


@require_POST
@members_only
def draft(request: MemberRequest, handle: str) -> HttpResponse:
    """Kept while it is written, or by the button; nobody else hears of it."""
    other = people.by_handle(handle)
    kept = drafts.keep(request.member, other, text=request.POST.get("text", ""), key=request.POST.get("key", ""))
    words = _("Kept as a draft, for you alone.") if kept else _("No draft is kept.")
    if request.htmx:
        return HttpResponse(words)
    messages.success(request, words)
    return redirect("thread_with", handle=other.called)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def message_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    message = message_of(request, public_id=public_id)
    other = verbs.other_side(message.thread, request.member)
    if request.method != "POST" and not editing.editable(message, by=request.member, other=other):
        raise editing.why_not(message, by=request.member, other=other)
    form = EditForm(request.POST if request.method == "POST" else None, initial={"text": message.text})
    hint = form.hint(message, other) if form.is_valid() else None
    if form.is_valid() and not hint and form.save(message, by=request.member):
        return redirect("thread", public_id=message.thread.public_id)
    values = {"form": form, "message": message, "conversation": Conversation(request.member, other, message.thread)}
    values["hint"] = Hinted(hint, request.POST.get("it_is", "")) if hint else None
    return render(request, "pages/message_edit.html", values, status=form.status)

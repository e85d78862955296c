"""Threads: read, write, look again, mark a pitch and answer to it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import people, visibility
from accounts.models import Member
from frontend.doors import MemberRequest, members_only
from frontend.forms_messages import AppealForm, WriteForm
from frontend.forms_reporting import ReportForm
from frontend.threads_shown import Conversation, Hinted
from network.messages import drafts, keeping, pitches
from network.messages import threads as writing
from network.messages.models import Message, Thread
from network.moderation import labels

A_PAGE = 25


@require_safe
@members_only
def threads(request: MemberRequest) -> HttpResponse:
    me, words = request.member, request.GET.get("q", "")[: keeping.WORDS_MAX_CHARACTERS]
    if words.strip():
        return _found(request, words)
    page = Paginator(writing.of(me), A_PAGE).get_page(request.GET.get("page"))
    names = visibility.names_for(me, [writing.other_side(row, me) for row in page])
    rows = [{"thread": row, "person": names[writing.other_side(row, me).pk]} for row in page]
    return render(request, "pages/threads.html", {"rows": rows, "page": page})


def _found(request: MemberRequest, words: str) -> HttpResponse:
    """Messages of the member's own that hold the words."""
    me = request.member
    page = Paginator(keeping.found(me, words), A_PAGE).get_page(request.GET.get("page"))
    names = visibility.names_for(me, [writing.other_side(row.thread, me) for row in page])
    rows = [
        {"message": row, "person": names[writing.other_side(row.thread, me).pk], "href": _place_of(row)} for row in page
    ]
    return render(request, "pages/threads_found.html", {"rows": rows, "page": page, "words": words})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def thread(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row = writing.open_for(request.member, public_id)
    other = writing.other_side(row, request.member)
    return _write(request, other) if request.method == "POST" else _page(request, other, row)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def thread_with(request: MemberRequest, handle: str) -> HttpResponse:
    other = people.by_handle(handle)
    row = writing.between(request.member, other)
    if request.method == "POST":
        return _write(request, other)
    if row:
        return redirect("thread", public_id=row.public_id)
    conversation = Conversation(request.member, other, None)
    if conversation.contact is None:
        raise writing.NotInContact
    return _render(request, conversation, {"form": _blank(request, other)})


def _place_of(message: Message) -> str:
    """The thread as it stood when the message came, and the message in it."""
    return f"{_url(message.thread)}?at={message.public_id}#m-{message.public_id}"


def _write(request: MemberRequest, other: Member) -> HttpResponse:
    form = WriteForm(request.POST, request.FILES, draft_url=reverse("draft", args=[other.called]))
    row = writing.between(request.member, other)
    hint = form.hint(request.member, other, row) if form.is_valid() else None
    sent = form.send(request.member, other) if form.is_valid() and not hint else None
    if sent:
        return redirect(f"{_url(sent.thread)}#m-{sent.public_id}")
    values = {"form": form, "hint": Hinted(hint, request.POST.get("it_is", "")) if hint else None}
    return _render(request, Conversation(request.member, other, row), values, status=form.status)


def _page(request: MemberRequest, other: Member, row: Thread, **values: Any) -> HttpResponse:
    status = values.pop("status", 200)
    place = {"before": request.GET.get("before", ""), "at": request.GET.get("at", "")}
    conversation = Conversation(request.member, other, row, **place)
    answer = _render(request, conversation, {"form": _blank(request, other), **values}, status=status)
    if not conversation.is_past:
        writing.read(row, by=request.member)
    return answer


def _blank(request: MemberRequest, other: Member) -> WriteForm:
    """The form with what was begun and not sent."""
    draft = drafts.of(request.member, other)
    return WriteForm(draft=draft, draft_url=reverse("draft", args=[other.called]))


def _render(
    request: MemberRequest, conversation: Conversation, values: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    known = {"conversation": conversation, "appeal_form": AppealForm(), **values}
    return render(request, "pages/thread.html", known, status=status)


@require_safe
@members_only
def thread_new(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """What came since `after`, to be appended; 204 if nothing did. Another form under it, if the stance changed."""
    row = writing.open_for(request.member, public_id)
    conversation = Conversation(request.member, writing.other_side(row, request.member), row)
    lines = conversation.since(request.GET.get("after", ""))
    turned = conversation.stance != request.GET.get("stance", "")
    edited = conversation.edited_lately(request.GET.get("after", ""))
    if not lines and not turned and not edited:
        return HttpResponse(status=204)
    writing.read(row, by=request.member)
    forms = {"form": _blank(request, conversation.other), "appeal_form": AppealForm()}
    values = {"conversation": conversation, "lines": lines, "edited": edited, "turned": turned, **forms}
    return render(request, "pages/thread_new.html", values)


def _url(row: Thread) -> str:
    return str(redirect("thread", public_id=row.public_id)["Location"])


def message_of(request: MemberRequest, **wanted: object) -> Message:
    """A message of one of the member's own threads; others' are as unknown as those that never were."""
    mine = Q(thread__low=request.member) | Q(thread__high=request.member)
    rows = Message.objects.select_related("thread__low", "thread__high", "writer", "pitch")
    found = rows.filter(mine, **wanted).first()
    if found is None:
        raise writing.NoSuchThread
    return found


@require_POST
@members_only
def label_message(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The reader says what a message is; moderators decide."""
    message = message_of(request, public_id=public_id)
    labels.mark(message, by=request.member, label=request.POST.get("label", ""))
    messages.success(request, _("Marked. Moderators will look at it; until they decide nothing changes."))
    return redirect("thread", public_id=message.thread.public_id)


@require_POST
@members_only
def pitch(request: MemberRequest, public_id: UUID) -> HttpResponse:
    message = message_of(request, public_id=public_id)
    pitches.mark(message, by=request.member)
    return redirect("thread", public_id=message.thread.public_id)


@require_POST
@members_only
def pitch_appeal(request: MemberRequest, public_id: UUID) -> HttpResponse:
    message = message_of(request, pitch__public_id=public_id)
    form = AppealForm(request.POST)
    if form.is_valid() and form.send(message.pitch, by=request.member):
        messages.success(request, _("Your appeal is with the moderators."))
        return redirect("thread", public_id=message.thread.public_id)
    other = writing.other_side(message.thread, request.member)
    return _page(request, other, message.thread, appeal_form=form, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def report_message(request: MemberRequest, public_id: UUID) -> HttpResponse:
    message = message_of(request, public_id=public_id)
    other = writing.other_side(message.thread, request.member)
    form = ReportForm(request.POST if request.method == "POST" else None, about=other)
    if form.is_valid() and form.send(request.member, other, message=message):
        messages.success(request, _("Thank you. Moderators will look at it; nobody else is told."))
        return redirect("thread", public_id=message.thread.public_id)
    values = {"form": form, "person": visibility.show(other, request.member), "reported": message}
    return render(request, "pages/report.html", values, status=form.status)

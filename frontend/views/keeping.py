"""What one side does with a thread for themselves: mute it, put a message away, take it along."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from frontend.doors import MemberRequest, members_only
from frontend.views.conversations import message_of
from network.messages import files, keeping, threads


@require_POST
@members_only
def thread_mute(request: MemberRequest, public_id: UUID) -> HttpResponse:
    row = threads.open_for(request.member, public_id)
    keeping.mute(row, by=request.member, muted=request.POST.get("muted") == "yes")
    return redirect("thread", public_id=row.public_id)


@require_POST
@members_only
def message_put_away(request: MemberRequest, public_id: UUID) -> HttpResponse:
    message = message_of(request, public_id=public_id)
    keeping.put_away(message, by=request.member)
    messages.success(request, _("The message is out of your sight. The other side still has it."))
    return redirect("thread", public_id=message.thread.public_id)


@require_safe
@members_only
def thread_take_along(request: MemberRequest, public_id: UUID) -> HttpResponseBase:
    row = threads.open_for(request.member, public_id)
    if keeping.files_of(row, by=request.member).exists():
        name = f"messages-{row.opened_at:%Y-%m-%d}.zip"
        return FileResponse(keeping.packed(row, by=request.member), as_attachment=True, filename=name)
    text = json.dumps(keeping.taken_along(row, by=request.member), ensure_ascii=False, indent=2)
    name = f"messages-{row.opened_at:%Y-%m-%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/json", headers=headers)


@require_safe
@members_only
def file(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Handed out, never shown: no page of ours runs or draws what somebody sent."""
    found = files.open_for(request.member, public_id)
    answer = HttpResponse(files.content_of(found), content_type=found.mime)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer

"""Everything of one's own in one file: asked for once a day, fetched once."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import exporting
from foundation import clock
from frontend.doors import MemberRequest, members_only, proved_again


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
@proved_again
def export(request: MemberRequest) -> HttpResponseBase:
    if request.method == "POST":
        exporting.ask(request.member)
        messages.success(request, _("We are making it. A letter tells you when it is ready."))
        return redirect("export")
    last = exporting.last(request.member)
    ready = last is not None and exporting.is_ready(last)
    values = {"last": last, "ready": ready, "today": clock.today(), "days": settings.EXPORT_DAYS}
    return render(request, "pages/export.html", values)


@require_POST
@members_only
@proved_again
def export_fetch(request: MemberRequest, public_id: UUID) -> HttpResponse:
    data = exporting.fetch(request.member, public_id)
    name = f"{request.member.handle}-{clock.today()}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type="application/zip", headers=headers)

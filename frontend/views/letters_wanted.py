"""Which letters a member has from us, and the one click in each that ends its kind (RFC 8058)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from frontend.doors import MemberRequest, members_only
from frontend.forms_letters import LettersForm
from frontend.middleware import PageRequest
from network.notices import unsubscribing


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def letters_wanted(request: MemberRequest) -> HttpResponse:
    form = LettersForm(request.POST if request.method == "POST" else None, member=request.member)
    if form.is_valid() and form.save(request.member):
        messages.success(request, _("Saved. What waits goes by it."))
        return redirect("letters_wanted")
    return render(request, "pages/letters_wanted.html", {"form": form}, status=form.status)


@csrf_exempt  # the mail server of the reader presses it, and knows nothing but the address
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: PageRequest, token: str) -> HttpResponse:
    found = unsubscribing.read(token)
    names = found.names
    if request.method == "POST":
        unsubscribing.stop(token)
    with translation.override(found.member.language):
        values = {"names": names, "done": request.method == "POST"}
        answer = render(request, "pages/unsubscribe.html", values)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    answer["Cache-Control"] = "no-store"
    return answer

"""A member's own terms: the one page that shows them, to the one member they belong to."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontend.doors import MemberRequest, members_only
from frontend.forms_terms import TermsForm


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def terms(request: MemberRequest) -> HttpResponseBase:
    form = TermsForm(request.POST if request.method == "POST" else None, member=request.member)
    if form.is_valid() and form.save():
        messages.success(request, _("Your terms are sealed. Nobody but you reads them."))
        return redirect("terms")
    return render(request, "pages/terms.html", {"form": form}, status=form.status)

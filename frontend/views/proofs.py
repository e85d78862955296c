"""Proving who one is: what an anchor is, what the member has, and the letter to an address at work."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation import clock
from frontend.doors import MemberRequest, members_only
from frontend.forms_proofs import WorkMailForm
from vetting import proofs as verbs
from vetting import work_mail

page = require_http_methods(["GET", "HEAD", "POST"])


@page
@members_only
def proofs(request: MemberRequest) -> HttpResponseBase:
    """The answer is the same whether or not the domain is known here."""
    form = WorkMailForm(request.POST or None)
    if form.is_valid():
        form.carry_out(work_mail.ask, request.member, form.cleaned_data["address"])
        if form.is_valid():
            messages.success(request, _("If this domain is known here, a letter is on its way."))
            return redirect("proofs")
    mine = verbs.live(clock.now()).filter(member=request.member).order_by("at")
    proved = any(proof.kind == work_mail.KIND for proof in mine)
    return render(request, "pages/proofs.html", {"form": form, "proofs": mine, "proved": proved}, status=form.status)


@page
@members_only
def proof_confirm(request: MemberRequest, token: str) -> HttpResponseBase:
    """Looking proves nothing: mail scanners and curious proxies only ever look."""
    if request.method == "POST":
        work_mail.confirm(request.member, token)
        messages.success(request, _("You are proved by your work mail."))
        return redirect("proofs")
    claim = work_mail.look(request.member, token)
    return render(request, "pages/proof_confirm.html", {"token": token, "domain": claim.domain})

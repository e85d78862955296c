"""Anybody verifies a vouch: pasted or as a file. Nothing is kept, and nobody else is asked."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from foundation import clock
from frontend import verdicts
from frontend.forms_vouches import VerifyForm
from frontend.middleware import PageRequest


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: PageRequest) -> HttpResponse:
    form, verdict = VerifyForm(), None
    if request.method == "POST":
        form = VerifyForm(request.POST, request.FILES)
        if form.is_valid():
            verdict = verdicts.judge(form.cleaned_data["credential"], form.cleaned_data["status"], now=clock.now())
    answer = render(request, "pages/verify.html", {"form": form, "verdict": verdict}, status=form.status)
    answer["Cache-Control"] = "no-store"
    return answer

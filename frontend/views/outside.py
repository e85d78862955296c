"""Reports of people without an account: giving one, and reading what was decided. Nothing here needs a script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from frontend.forms_moderation import AppealForm, NoticeForm
from network.moderation import notices, outside, review, statements

page = require_http_methods(["GET", "HEAD", "POST"])
UNLISTED = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}


@page
def notice(request: HttpRequest) -> HttpResponse:
    """`?about=` is the address of the page one comes from."""
    form = NoticeForm(request.POST if request.method == "POST" else None, initial={"url": request.GET.get("about", "")})
    if form.is_valid() and form.give(str(request.META.get("REMOTE_ADDR"))):
        return redirect("notice_given")
    return render(request, "pages/notice.html", {"form": form}, status=form.status)


@require_safe
def notice_given(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/notice_given.html")


@page
def notice_read(request: HttpRequest, token: str) -> HttpResponse:
    """The decision, for whoever has the link of the letter; and an appeal, sent by POST."""
    notifier = outside.by_token(token)
    case = notifier.report.case
    form = AppealForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and form.about_case(case.public_id, notifier):
        return _unlisted(redirect("notice_read", token=token))
    seen = {
        "said": notices.said_outside(case),
        "case": case,
        "objecting": statements.remedies(case.decided_at) if case.decided_at else "",
        "appeal": case.appeals.filter(notifier=notifier).first(),
        "form": form if review.may_appeal(case, notifier) else None,
    }
    return _unlisted(render(request, "pages/notice_read.html", seen, status=form.status))


def _unlisted(answer: HttpResponse) -> HttpResponse:
    """The address is a secret: nobody keeps, lists or passes it on."""
    for name, value in UNLISTED.items():
        answer[name] = value
    return answer

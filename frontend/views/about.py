"""What this house is, what it deliberately is not, its rules, and who answers for it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation import retention

ROBOTS = """User-agent: *
Disallow: /account/
Disallow: /panel/
Disallow: /invited/
Disallow: /undo-address/
Disallow: /notice/
Disallow: /letters/
Disallow: /live/
"""


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/about.html")


@require_safe
def absent(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/absent.html")


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/rules.html", {"numbers": settings})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html", {"rules": retention.table(), "contact": settings.PRIVACY_CONTACT})


@require_safe
def impressum(request: HttpRequest) -> HttpResponse:
    values = {"text": settings.IMPRESSUM, "contact": settings.CONTACT, "privacy": settings.PRIVACY_CONTACT}
    return render(request, "pages/impressum.html", values)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")

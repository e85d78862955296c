"""The answers nobody wants, in plain words."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from frontend.middleware import OUTAGES, not_now


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: most often a page that was open too long."""
    return render(request, "errors/403_csrf.html", status=403)


def not_there(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault; or 503 where PostgreSQL or Redis was away in a middleware: Django turns what those raise into an
    answer at once, so that `Doorman` never sees it."""
    if isinstance(sys.exc_info()[1], OUTAGES):
        return not_now(request)
    return render(None, "errors/500.html", status=500)

"""Between the wire and the pages: who is asking, in which language, and how a refusal is said."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import redis
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation

from accounts.models import Account, Member
from foundation.refusals import Refusal, TooOften

GetResponse = Callable[[HttpRequest], HttpResponseBase]
RETRY_AFTER_S = 5
OUTAGES = (OperationalError, InterfaceError, redis.RedisError)
PERMISSIONS = "browsing-topics=(), camera=(), geolocation=(), interest-cohort=(), microphone=(), payment=(), usb=()"


class PageRequest(HttpRequest):
    """A request after `WhoIsAsking`: `member` is None for visitors."""

    member: Member | None
    user: Account | AnonymousUser
    htmx: Any


class Doorman:
    """Headers of every answer; and 503 with Retry-After, not 500, while PostgreSQL or Redis is away."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD", "POST", "OPTIONS"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
        if too_large(request):
            return HttpResponse(status=413)
        try:
            response = self.get_response(request)
        except OUTAGES:
            response = not_now(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OUTAGES):
            return not_now(request)
        return None


def too_large(request: HttpRequest) -> bool:
    """The limit of forms holds for whatever is sent (Django lets files pass it); with a message goes a file."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if "HTTP_TRANSFER_ENCODING" in request.META:  # of unsaid length: no browser sends a form so
        return True
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if request.path.startswith("/messages/") and str(request.META.get("CONTENT_TYPE", "")).startswith("multipart/"):
        limit = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    return not length.isdecimal() or int(length[:20]) > limit


def not_now(request: HttpRequest) -> HttpResponse:
    """503: nothing was kept, and the same form can be sent again in a moment. Touches neither database nor session."""
    with translation.override(translation.get_language_from_request(request)):
        answer = render(None, "errors/503.html", status=503)
    answer["Retry-After"] = str(RETRY_AFTER_S)
    return answer


class WhoIsAsking:
    """`request.member`, the language (member's, else session's, else the browser's) and the time zone are set.

    Language and zone are what they were before when the answer is made: the next in this thread inherits neither.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponseBase:
        member = _member_of(request)
        request.member = member
        chosen = member.language if member else request.session.get("language")
        language = chosen or translation.get_language_from_request(request)
        with translation.override(language), timezone.override(ZoneInfo(member.time_zone) if member else None):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if member:
            response.headers["Cache-Control"] = "no-store"
            if not request.user.is_authenticated:  # signed out just now, or gone
                response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def _member_of(request: PageRequest) -> Member | None:
    if not request.user.is_authenticated:
        return None
    return Member.objects.filter(account=request.user, confirmed_at__isnull=False).first()


class Refusals:
    """A verb's refusal becomes a page in the member's words, with the refusal's status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        answer = render(request, "pages/refused.html", {"refusal": exception}, status=exception.status)
        if isinstance(exception, TooOften) and exception.again_at:
            answer["Retry-After"] = str(max(1, int((exception.again_at - timezone.now()).total_seconds())))
        return answer

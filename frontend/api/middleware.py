"""Requests of programs go straight to their doors: no session, no cookie, no page's machinery.

The language is the one asked for; where none is, the member's own (`door`).
"""

from collections.abc import Callable

import redis
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, resolve
from django.utils import timezone, translation

from foundation.refusals import NotNow, NotThere, Refusal
from frontend.api import problems
from frontend.middleware import PERMISSIONS, too_large

BEGINNING = "/api/"


class Programs:
    """Answers what programs ask; everything else is the pages' affair."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(BEGINNING):
            return self.get_response(request)
        request.get_host()  # raises DisallowedHost
        with translation.override(translation.get_language_from_request(request)), timezone.override(None):
            return _for_nobody_else(_answer(request), translation.get_language())


def _answer(request: HttpRequest) -> HttpResponseBase:
    try:
        if too_large(request):
            raise problems.TooLarge
        door = resolve(request.path_info)
        request.resolver_match = door
        response: HttpResponseBase = door.func(request, *door.args, **door.kwargs)
        return response.render() if isinstance(response, SimpleTemplateResponse) else response
    except Resolver404:
        return problems.answer(NotThere())
    except (OperationalError, InterfaceError, redis.RedisError):
        return problems.answer(NotNow())
    except Refusal as refusal:
        return problems.answer(refusal)


def _for_nobody_else(response: HttpResponseBase, language: str) -> HttpResponseBase:
    """Nothing keeps an answer, and no page shows it."""
    response.headers.setdefault("Content-Language", language)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Authorization, Accept-Language"
    response.headers["Permissions-Policy"] = PERMISSIONS
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return response

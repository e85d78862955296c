"""Every no of the API is one document: problem details (RFC 9457), in the language asked for.

`type` is `about:blank`, hence `title` the phrase of the status; what happened says `code`, for people `detail`.
`errors` lists the fields that cannot be read. A rule of the house that answers a page with 400 answers a program with
422, so that 400 always means: the request itself is malformed.
"""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from foundation import strict_json
from foundation.refusals import Forbidden, Forged, Invalid, NotNow, NotThere, Refusal, TooOften

KIND = "application/problem+json"
RETRY_AFTER_S = 5
Fields = list[dict[str, str]]


class Malformed(Invalid):
    code = "malformed"
    message = ngettext_lazy("%(count)d field cannot be read.", "%(count)d fields cannot be read.", "count")


class NoSuchMethod(Refusal):
    code = "method-not-allowed"
    message = _("This cannot be done here.")
    status = 405


class OtherKind(Refusal):
    code = "not-json"
    message = _("Send JSON: application/json.")
    status = 415


class TooLarge(Refusal):
    code = "too-large"
    message = _("That is too large.")
    status = 413


class TokenNeeded(Forged):
    code = "token-needed"
    message = _("Send a token: Authorization: Bearer …")


class TokenInAddress(Invalid):
    code = "token-in-address"
    message = _(
        "A token in an address is written down wherever the request passes. Send it in the header, and revoke this one."
    )


class ScopeMissing(Forbidden):
    code = "scope-missing"
    message = _("This token may not do that; it needs the scope %(scope)s.")


def of(refusal: Refusal, errors: Fields | None = None) -> dict[str, Any]:
    status = status_of(refusal)
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": refusal.code,
        "detail": str(refusal),
    }
    return {**problem, "errors": errors} if errors else problem


def status_of(refusal: Refusal) -> int:
    as_it_is = refusal.status != 400 or isinstance(refusal, Malformed | TokenInAddress | strict_json.Unreadable)
    return refusal.status if as_it_is else 422


def answer(refusal: Refusal) -> HttpResponse:
    """For what does not get as far as a door."""
    text = json.dumps(of(refusal), cls=JSONEncoder, ensure_ascii=False)
    return HttpResponse(text, status=status_of(refusal), content_type=KIND, headers=_headers(refusal))


def respond(exception: Exception, context: dict[str, Any]) -> Response | None:
    """What a door answers where it or a verb raised; None for what nobody foresaw."""
    errors: Fields = []
    if isinstance(exception, exceptions.ValidationError):
        errors = list(_fields(exception.detail))
    refusal = exception if isinstance(exception, Refusal) else _meant_by(exception, errors)
    if refusal is None:
        return None
    headers = {**_headers(refusal), **_allowed(refusal, context)}
    return Response(of(refusal, errors), status=status_of(refusal), content_type=KIND, headers=headers)


def _meant_by(exception: Exception, errors: Fields) -> Refusal | None:
    """A refusal for what the framework raises by itself."""
    if isinstance(exception, exceptions.ValidationError):
        return Malformed(count=len(errors))
    kinds: dict[type[Exception], type[Refusal]] = {
        exceptions.MethodNotAllowed: NoSuchMethod,
        exceptions.UnsupportedMediaType: OtherKind,
        exceptions.NotAuthenticated: TokenNeeded,
        exceptions.NotFound: NotThere,
    }
    return next((kind() for raised, kind in kinds.items() if isinstance(exception, raised)), None)


def _fields(detail: Any, path: str = "") -> Fields:
    """One line a field, named by its path: `vouchers.0`."""
    if isinstance(detail, dict):
        return [line for name, below in detail.items() for line in _fields(below, f"{path}.{name}".lstrip("."))]
    if isinstance(detail, list):
        return [line for below in detail for line in _fields(below, path)]
    return [{"field": path, "code": str(getattr(detail, "code", "invalid")), "message": str(detail)}]


def _headers(refusal: Refusal) -> dict[str, str]:
    if isinstance(refusal, TooOften) and refusal.again_at:
        return {"Retry-After": str(max(1, int((refusal.again_at - timezone.now()).total_seconds())))}
    if isinstance(refusal, NotNow):
        return {"Retry-After": str(RETRY_AFTER_S)}
    return {"WWW-Authenticate": 'Bearer realm="api"'} if isinstance(refusal, Forged) else {}


def _allowed(refusal: Refusal, context: dict[str, Any]) -> dict[str, str]:
    return {"Allow": ", ".join(context["view"].allowed_methods)} if isinstance(refusal, NoSuchMethod) else {}

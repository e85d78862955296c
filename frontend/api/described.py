"""How the doors are described (drf-spectacular); `manage.py member_api` writes docs/openapi.yaml."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiResponse, extend_schema

from accounts.models import Scope
from frontend.api import problems
from frontend.api.shapes import Problem, Query, Shape

F = TypeVar("F", bound=Callable[..., Any])
JSON = "application/json"
WORDS = {
    400: "Malformed: fields, query or body cannot be read.",
    401: "No token, or one that does not work.",
    403: "The token lacks the scope, or the rules say no.",
    404: "Not there, or not for you: one answer for both.",
    409: "The world has moved on meanwhile.",
    413: "More than 64 KiB.",
    415: "Not application/json.",
    422: "Understood, and against a rule of the house.",
    429: "Too many; Retry-After says when.",
    503: "Not just now; Retry-After says when.",
}
ALWAYS = (400, 401, 403, 429, 503)
OF_WRITING = (413, 415, 422)


def door(
    name: str,
    summary: str,
    scope: Scope,
    *,
    gives: type[Shape] | Shape | None = None,
    takes: type[Shape] | None = None,
    query: type[Query] | None = None,
    status: int = 200,
    more: tuple[int, ...] = (),
    says: str = "",
) -> Callable[[F], F]:
    """The decorated method answers `status` with `gives`, or one of the refusals, all of them problems."""
    refusals = {*ALWAYS, *more, *(OF_WRITING if takes else ())}
    kept = OpenApiResponse(gives, description=summary) if gives else OpenApiResponse(description="Done.")
    responses: dict[Any, Any] = {(status, JSON) if gives else status: kept}
    for number in sorted(refusals):
        responses[number, problems.KIND] = OpenApiResponse(Problem, description=WORDS[number])
    described: Callable[[F], F] = extend_schema(
        operation_id=name,
        summary=summary,
        description=f"{summary}. {says + ' ' if says else ''}Scope: `{scope.value}`.",
        tags=[scope.value.partition(":")[0]],
        parameters=[query] if query else [],
        request={JSON: takes} if takes else None,
        responses=responses,
    )
    return described


class Bearer(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "frontend.api.door.ByToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token that a member made in their settings, with scopes and an end.",
        }

"""A request as the gate sees it: every header line that came in, none joined with another."""

from collections.abc import Mapping
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest

from foundation import clock
from network.federation.gate import Knock


def of(request: HttpRequest, body: bytes = b"") -> Knock:
    """The knock; `body` is empty for requests that only read."""
    return Knock(
        method=request.method or "",
        target=_target(request),
        host=request.headers.get("host", ""),
        headers=_headers(request),
        body=body,
        at=clock.now(),
    )


def _target(request: HttpRequest) -> str:
    """Path and query as they were sent, if the web server says so: Django would write some characters anew."""
    raw: bytes | None = request.scope.get("raw_path") if isinstance(request, ASGIRequest) else None
    if not raw:
        return request.get_full_path()
    query = request.META.get("QUERY_STRING", "")
    return raw.decode("latin-1") + (f"?{query}" if query else "")


def _headers(request: HttpRequest) -> list[tuple[str, str]]:
    if isinstance(request, ASGIRequest):
        return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"]]
    return [(name.lower(), value) for name, value in request.headers.items()]


def of_scope(scope: Mapping[str, Any], body: bytes) -> Knock:
    """The knock, as an ASGI server hands it on."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    query: bytes = scope.get("query_string") or b""
    return Knock(
        method=scope["method"],
        target=(scope["raw_path"] + (b"?" + query if query else b"")).decode("latin-1"),
        host=next((value for name, value in headers if name == "host"), ""),
        headers=headers,
        body=body,
        at=clock.now(),
    )

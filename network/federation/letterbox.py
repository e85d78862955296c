"""The way of a post from the web server to the letter box: read no further than allowed, answered by threads that stay.

Django's own way opens a thread, and in it a connection to the database, for each request; a busy server's posts pay
more for that than for everything else (docs/decisions/0052-the-letter-box.md).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import HttpResponseBase, JsonResponse

from network.federation import middleware

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)
THREADS = 4
WAITING_MAX = 200
"""Posts of a process that may wait for a thread; more are told to come again."""
READ_S = 10.0
RETRY_AFTER_S = 30

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="letterbox")
_waiting = 0


def is_for(scope: Scope) -> bool:
    """Whether the request is a post to an inbox."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    path: str = scope["path"]
    return path == "/inbox" or (path.endswith("/inbox") and path.startswith("/@") and path.count("/") == 2)


async def take(scope: Scope, receive: Receive, send: Send) -> None:
    """The post is answered; nothing is if the other side has gone."""
    try:
        async with asyncio.timeout(READ_S):
            body = await _read(receive, settings.INBOX_MAX_BYTES)
    except (TimeoutError, Gone):
        return
    await _say(await _answer(scope, body), send)


class Gone(Exception):
    """The other side has closed the connection."""


async def _read(receive: Receive, most: int) -> bytes:
    """The body; of a larger one so much that the gate can see that it is too large."""
    parts, length, more = [], 0, True
    while more and length <= most:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        more = message.get("more_body", False)
    return b"".join(parts)


async def _answer(scope: Scope, body: bytes) -> HttpResponseBase:
    global _waiting  # noqa: PLW0603  (only the event loop's thread counts)
    if _waiting >= WAITING_MAX:
        return _not_now()
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, _open, scope, body)
    finally:
        _waiting -= 1


def _open(scope: Scope, body: bytes) -> HttpResponseBase:
    """In a thread: the view's answer. The thread keeps its connection to the database until that breaks."""
    try:
        request = ASGIRequest(scope, BytesIO(body))
        door = middleware.door_of(request)
        response = middleware.answer(request, door) if door else JsonResponse({"error": "not-there"}, status=404)
    except SuspiciousOperation:  # a host that is none of ours
        return JsonResponse({"error": "malformed"}, status=400)
    except Exception:
        log.exception("A post could not be answered.")
        response = _not_now()
    if response.status_code >= 500:
        connection.close()
    return response


def _not_now() -> HttpResponseBase:
    """Nothing was kept; the sender keeps it and comes again."""
    return JsonResponse({"error": "not-now"}, status=503, headers={"Retry-After": str(RETRY_AFTER_S)})


async def _say(response: HttpResponseBase, send: Send) -> None:
    body: bytes = getattr(response, "content", b"")
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.items()]
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": body})

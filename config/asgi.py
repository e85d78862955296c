"""The web server's door: `uvicorn config.asgi:application`.

Pages are sync, streams are async. Django's own handler would hop between loop and thread at each middleware; this
one goes into a thread once a request, which answers several times as many (docs/decisions/0003-asgi-server.md).
Posts of other servers have a way of their own (docs/decisions/0052-the-letter-box.md).
"""

import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase, StreamingHttpResponse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class OneHop(ASGIHandler):
    """Middleware and view run in one thread; what a stream yields comes from the event loop."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if letterbox.is_for(scope):
            await letterbox.take(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        response = await sync_to_async(self.get_response, thread_sensitive=True)(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _in_threads(iter(response))  # a static file, an export
        return response


async def _in_threads(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The parts, each read where it may take its time."""
    read = sync_to_async(lambda: next(parts, None), thread_sensitive=False)
    while (part := await read()) is not None:
        yield part


django.setup(set_prefix=False)

from network.federation import letterbox  # noqa: E402  (needs Django's set-up)

application = OneHop()

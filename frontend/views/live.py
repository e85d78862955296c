"""Live pages: a stream that only ever says "look again". What there is to see, the page asks for itself."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import cast

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from foundation import wakes
from frontend.middleware import PageRequest

BREATH_S = 20
"""A comment line this often keeps proxies from closing the stream and finds browsers that are gone."""
LONGEST_S = 15 * 60
"""Then the browser connects anew, and whoever has signed out is no longer let in."""


async def stream(request: PageRequest) -> HttpResponseBase:
    """Server-sent events for the signed-in member; 204 tells EventSource of a visitor to stop."""
    if request.member is None:
        return HttpResponse(status=204)
    channel = wakes.channel_of(request.member.public_id)
    await sync_to_async(_let_go)()
    answer = StreamingHttpResponse(_looks(channel), content_type="text/event-stream")
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"
    return answer


def _let_go() -> None:
    """A stream lasts: it must not keep a connection from the pool. Looked up here, in the thread that opened it."""
    connection.close()


async def _looks(channel: str) -> AsyncIterator[bytes]:
    yield b"retry: 3000\n\n"
    news = cast(AsyncGenerator[bool, None], wakes.listen_for(channel))
    coming = asyncio.ensure_future(anext(news))
    ends = asyncio.get_running_loop().time() + LONGEST_S
    try:
        while asyncio.get_running_loop().time() < ends:
            done, _waiting = await asyncio.wait({coming}, timeout=BREATH_S)
            if not done:
                yield b": still here\n\n"
                continue
            yield b"event: look\ndata: again\n\n"
            coming = asyncio.ensure_future(anext(news))
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await news.aclose()

"""The way of a post from the web server to the letter box: read no further than allowed, taken with all that wait.

Django's own way opens a thread, and in it a connection to the database, for each request; a busy server's posts pay
more for that than for everything else (docs/decisions/0052-the-letter-box.md). Here one thread that stays takes
whatever has come in meanwhile; a post for which another server has to be asked first goes to a thread of its own,
so that it keeps nobody waiting.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import connection

from foundation.refusals import NotNow
from network.federation import knocks, known_keys, taking
from network.federation.taking import Answer, Post

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)
WAITING_MAX = 200
"""Posts of a process that may wait; more are told to come again."""
ALONE_MAX = 40
"""Of those that wait for another server's answer. Four are asked at once (`actors.KEYS_AT_ONCE`), for 3 s each."""
TOGETHER = 32
"""Posts of one commit. Of sixteen a row costs a sixth of what it costs alone; beyond that little is gained."""
GATHER_S = 0.002
"""So long the first one waits for others."""
READ_S = 10.0
_PERSONAL = re.compile(r"/@([^/]+)/inbox", re.DOTALL)

_one = ThreadPoolExecutor(1, thread_name_prefix="letterbox")
_askers = ThreadPoolExecutor(4, thread_name_prefix="letterbox-asks")


def is_for(scope: Scope) -> bool:
    """Whether the request is a post to an inbox."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    path: str = scope["path"]
    return path == "/inbox" or bool(_PERSONAL.fullmatch(path))


async def take(scope: Scope, receive: Receive, send: Send) -> None:
    """The post is answered; nothing is if the other side has gone."""
    try:
        async with asyncio.timeout(READ_S):
            body = await _read(receive, settings.INBOX_MAX_BYTES)
    except (TimeoutError, Gone):
        return
    personal = _PERSONAL.fullmatch(scope["path"])
    address = str(scope["client"][0]) if scope.get("client") else ""
    post = Post(knocks.of_scope(scope, body), address, personal[1] if personal else "")
    await _say(await _desk().answer(post), send)


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


class Desk:
    """What waits in one process. Only its event loop's thread touches this, so there is nothing to lock."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._waiting: list[tuple[Post, asyncio.Future[Answer | None]]] = []
        self._inside = self._alone = 0
        self._busy = False

    async def answer(self, post: Post) -> Answer:
        if self._inside >= WAITING_MAX:
            return taking.refused(NotNow())
        self._inside += 1
        try:
            return await self._together(post) or await self._by_itself(post)
        finally:
            self._inside -= 1

    async def _together(self, post: Post) -> Answer | None:
        """The answer; None if another server has to be asked first."""
        answer: asyncio.Future[Answer | None] = self.loop.create_future()
        self._waiting.append((post, answer))
        self._begin_soon()
        return await answer

    async def _by_itself(self, post: Post) -> Answer:
        if self._alone >= ALONE_MAX:
            return taking.refused(NotNow())
        self._alone += 1
        try:
            (answer,) = await self.loop.run_in_executor(_askers, _take, [post], known_keys.Keys())
        finally:
            self._alone -= 1
        return answer or taking.refused(NotNow())

    def _begin_soon(self) -> None:
        if not self._busy:
            self._busy = True
            self.loop.call_later(GATHER_S, self._begin)

    def _begin(self) -> None:
        some, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
        posts = [post for post, _answer in some]
        done = self.loop.run_in_executor(_one, _take, posts, known_keys.Remembered())
        done.add_done_callback(lambda answers: self._end(some, answers.result()))

    def _end(
        self, some: Sequence[tuple[Post, asyncio.Future[Answer | None]]], answers: Sequence[Answer | None]
    ) -> None:
        for (_post, waits), answer in zip(some, answers, strict=True):
            if not waits.done():
                waits.set_result(answer)
        self._busy = False
        if self._waiting:
            self._begin_soon()


_only: Desk | None = None


def _desk() -> Desk:
    """That of the running loop; a process has one loop."""
    global _only  # noqa: PLW0603
    loop = asyncio.get_running_loop()
    if _only is None or _only.loop is not loop:
        _only = Desk(loop)
    return _only


def _take(posts: Sequence[Post], keys: known_keys.Keys) -> list[Answer | None]:
    """In a thread: the answers. The thread keeps its connection to the database until that breaks."""
    try:
        answers = taking.take(posts, keys)
    except Exception:
        log.exception("%d posts could not be answered.", len(posts))
        answers = [taking.refused(NotNow())] * len(posts)
    if any(answer and answer.status >= 500 for answer in answers):
        connection.close()
    return answers


async def _say(answer: Answer, send: Send) -> None:
    lines = (*answer.headers, ("Content-Length", str(len(answer.body))))
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in lines]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})

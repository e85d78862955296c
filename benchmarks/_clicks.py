"""Members at their browsers, for `faults`: an open-loop load of real form posts that keep coming whatever happens.

A click is one form sent: with the session's cookie, the CSRF token and an idempotency key. Where the line breaks or
the server says "not now" (503), the member sends the same form again, with the same key.
"""

import asyncio
import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from random import Random
from typing import Literal

import httpx

from benchmarks._people import People, Person

ANSWER_MAX_S = 30.0  # a member waits that long for a page
AGAIN_AFTER_S = (0.5, 1.5)  # and about that long before sending the form again
PATIENCE_S = 60.0  # after the load has ended
STORED = {"message": "/messages/", "request": "/requests/sent/"}  # where a stored form leads
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Click:
    """One form: what it says, and how it went. `tag` stands in its text, in letters only, and nowhere else."""

    kind: Literal["message", "request"]
    who: Person
    whom: Person
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    statuses: list[int] = field(default_factory=list)  # 0 for a broken line
    acknowledged: bool = False

    @property
    def tag(self) -> str:
        return "".join(chr(ord("g") + int(digit, 16)) for digit in self.key.replace("-", ""))

    @property
    def address(self) -> str:
        handle = self.whom.member.handle
        return f"/messages/with/{handle}/" if self.kind == "message" else f"/@{handle}/ask/"

    @property
    def fields(self) -> dict[str, str]:
        if self.kind == "message":
            return {"key": self.key, "text": f"How are you? {self.tag}", "purpose": "personal"}
        return {"key": self.key, "context": f"entry:{self.who.entry}", "note": f"Do you remember me? {self.tag}"}

    @property
    def broke_at_first(self) -> bool:
        """The first answer was a 5xx that did not say "not now"."""
        return bool(self.statuses) and self.statuses[0] >= 500 and self.statuses[0] != 503


class Crowd:
    """Everybody's browser. Two clicks in three are messages, one is a request."""

    def __init__(self, people: People, *, base: str, chance: Random) -> None:
        self.base, self.chance = base, chance
        self.tokens: dict[str, tuple[str, str]] = {}
        self.wishes = self._wishes(people)

    @staticmethod
    def _wishes(people: People) -> Iterator[Click]:
        writers, askers = cycle(people.writers), iter(people.askers)
        while True:
            for who, whom in islice(writers, 2):
                yield Click("message", who, whom)
            for who, whom in islice(askers, 1):
                yield Click("request", who, whom)

    def click_for(self, seconds: float, *, a_second: float, until: Callable[[], bool]) -> list[Click]:
        """Clicks at that rate for so long and `until` that is true; returns when each was answered or given up."""
        return asyncio.run(self._click_for(seconds, a_second, until))

    async def _click_for(self, seconds: float, a_second: float, until: Callable[[], bool]) -> list[Click]:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
        async with httpx.AsyncClient(base_url=self.base, timeout=ANSWER_MAX_S, limits=limits) as browser:
            clicks, tasks = [], []
            began = time.monotonic()
            while time.monotonic() < began + seconds or not until():
                click = next(self.wishes)
                clicks.append(click)
                tasks.append(asyncio.create_task(self._play(browser, click)))
                await asyncio.sleep(max(0.0, began + len(clicks) / a_second - time.monotonic()))
            await asyncio.wait(tasks, timeout=PATIENCE_S)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return clicks

    async def _play(self, browser: httpx.AsyncClient, click: Click) -> None:
        """The form is sent until it is stored, or refused for good."""
        while True:
            status, location = await self._send(browser, click)
            click.statuses.append(status)
            click.acknowledged = status in {302, 303} and location.startswith(STORED[click.kind])
            if click.acknowledged or 200 <= status < 500:
                return
            await asyncio.sleep(self.chance.uniform(*AGAIN_AFTER_S))

    async def _send(self, browser: httpx.AsyncClient, click: Click) -> tuple[int, str]:
        """Status and where it leads; (0, "") if the line broke."""
        try:
            cookie, token = await self._token(browser, click)
            if not token:
                return 503, ""
            said = {**click.fields, "csrfmiddlewaretoken": token}
            headers = {"Cookie": f"sessionid={click.who.session}; csrftoken={cookie}"}
            answer = await browser.post(click.address, data=said, headers=headers)
        except httpx.HTTPError:
            return 0, ""
        return answer.status_code, answer.headers.get("location", "")

    async def _token(self, browser: httpx.AsyncClient, click: Click) -> tuple[str, str]:
        """The CSRF cookie and the form's token, read from the form once a session; empty while there is no form."""
        known = self.tokens.get(click.who.session)
        if known:
            return known
        headers = {"Cookie": f"sessionid={click.who.session}"}
        page = await browser.get(click.address, headers=headers, follow_redirects=True)
        found = _TOKEN.search(page.text)
        cookie = page.cookies.get("csrftoken") or ""
        browser.cookies.clear()
        if page.status_code != 200 or not (found and cookie):
            return "", ""
        self.tokens[click.who.session] = cookie, found[1]
        return self.tokens[click.who.session]

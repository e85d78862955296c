"""Best effort: wake the workers, and tell open pages to look again. Nothing may depend on either.

One daemon thread a process does the talking, so that a request never waits for Redis; what piles up meanwhile
is said once. Errors are swallowed: workers poll by themselves, pages look again by themselves.
"""

import asyncio
import logging
import os
import threading
import time
from collections.abc import AsyncIterator

import redis
import redis.asyncio
from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu import Connection

from foundation import redis_door

log = logging.getLogger(__name__)

ASLEEP_S = 2  # a lane is woken at most once in this time while nobody answers
PAUSE_S = 1.0  # after Redis failed
GATHER_S = 0.01
PREFIX = "look:"


class Herald:
    """Gathers lanes and channels from any thread and says them from its own."""

    def __init__(self) -> None:
        self.begin()
        os.register_at_fork(after_in_child=self.begin)

    def begin(self) -> None:
        """Start anew: a fork copies neither threads nor the state of locks."""
        self._news = threading.Condition()
        self._lanes: set[str] = set()
        self._channels: set[str] = set()
        self._thread: threading.Thread | None = None
        self._broker: Connection | None = None

    def tell(self, *, lanes: tuple[str, ...] = (), channels: tuple[str, ...] = ()) -> None:
        with self._news:
            self._lanes.update(lanes)
            self._channels.update(channels)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._talk, name="wakes", daemon=True)
                self._thread.start()
            self._news.notify()

    def _talk(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._lanes or self._channels)
            time.sleep(GATHER_S)
            with self._news:
                lanes, channels = self._lanes, self._channels
                self._lanes, self._channels = set(), set()
            try:
                self._say(lanes, channels)
            except Exception as error:
                log.info("Redis is away (%s): nobody was woken, all will look by themselves.", type(error).__name__)
                self._broker = None
                time.sleep(PAUSE_S)

    def _say(self, lanes: set[str], channels: set[str]) -> None:
        door = redis_door.client()
        for channel in channels:
            door.publish(PREFIX + channel, b"")
        for lane in lanes:
            if door.set(_asleep(lane), b"1", nx=True, ex=ASLEEP_S):
                self._knock(lane)

    def _knock(self, lane: str) -> None:
        if self._broker is None:
            self._broker = current_app.connection_for_write()
            self._broker.ensure_connection(max_retries=1, timeout=2)
        current_app.send_task("foundation.drain", args=[lane], connection=self._broker, retry=False, ignore_result=True)


_herald = Herald()


def nudge(lane: str) -> None:
    """A worker will soon look into `lane`, if Redis and a worker are there. Returns at once, never raises."""
    _tell(lanes=(lane,))


def heard(lane: str) -> None:
    """A worker looks now: whatever comes from here on needs a new wake-up."""
    try:
        redis_door.client().delete(_asleep(lane))
    except redis.RedisError as error:
        log.info("Redis is away (%s).", type(error).__name__)


def look_again(*channel: str) -> None:
    """Open pages on these channels will look again once this transaction is committed."""

    def publish() -> None:  # named: on_commit(partial, robust=True) raises AttributeError in 5.2 (ticket 36487)
        _tell(channels=channel)

    transaction.on_commit(publish, robust=True)


def channel_of(member_public_id: object) -> str:
    return f"member:{member_public_id}"


async def listen_for(*channel: str, beat_s: float | None = None) -> AsyncIterator[bool]:
    """Yield True whenever somebody says "look again", until the caller stops; the message itself is empty.

    With `beat_s`, yield False after that many quiet seconds, so that the caller can keep its line open.
    While Redis is away nothing but beats is yielded, and when it is back one True: something may have been missed.
    """
    missed = False
    while True:
        url, patience_s = settings.REDIS_URL, redis_door.SOCKET_TIMEOUT_S
        try:
            async with (
                redis.asyncio.Redis.from_url(url, socket_connect_timeout=patience_s) as door,
                door.pubsub() as ear,
            ):
                await ear.subscribe(*(PREFIX + one for one in channel))
                if missed:
                    yield True
                while True:
                    said = await ear.get_message(ignore_subscribe_messages=True, timeout=beat_s)
                    if said is not None or beat_s is not None:
                        yield said is not None
        except (redis.RedisError, OSError):
            missed = True
            if beat_s is not None:
                yield False
            await asyncio.sleep(PAUSE_S)


def _tell(*, lanes: tuple[str, ...] = (), channels: tuple[str, ...] = ()) -> None:
    try:
        _herald.tell(lanes=lanes, channels=channels)
    except RuntimeError as error:  # no new thread can be started, or the process is going down
        log.info("Nobody was woken (%s).", type(error).__name__)


def _asleep(lane: str) -> str:
    return f"asleep:{lane}"

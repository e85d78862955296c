"""The faults of `faults`, each a function that returns when it is over and everything runs again."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import redis
from django.conf import settings

from benchmarks._house import House
from config import embedded
from config.embedded import postgres, valkey
from config.embedded.ground import lay

KILL_WITHIN_S = 30.0  # the supervisor's longest back-off is 15 s


@dataclass(frozen=True)
class Scene:
    """What can be broken, and how often or how long."""

    house: House
    folder: Path
    chance: Random
    kills: int
    between_s: tuple[float, float]
    redis_gone_s: float
    postgres_gone_s: float

    def repeat(self, act: Callable[[int], bool]) -> None:
        """`act` strikes so many times; where there is nothing to strike yet, it waits until there is."""
        for number in range(self.kills):
            until = time.monotonic() + KILL_WITHIN_S
            while not act(number):
                if time.monotonic() > until:
                    raise RuntimeError("nothing came up that could be killed")
                time.sleep(0.05)
            time.sleep(self.chance.uniform(*self.between_s))


def worker_killed(scene: Scene) -> None:
    """Each of the two workers in turn, parent first; the supervisor sweeps its pool away."""
    scene.repeat(lambda number: scene.house.kill(("quick@", "slow@")[number % 2]))
    scene.house.wait()


def child_killed(scene: Scene) -> None:
    scene.repeat(lambda _number: scene.house.kill_child_of("quick@", number=scene.chance.randrange(8)))


def web_killed(scene: Scene) -> None:
    scene.repeat(lambda _number: scene.house.kill("uvicorn"))
    scene.house.wait()


def flushed(scene: Scene) -> None:
    """Everything in Redis is forgotten: wake-ups, broker queues, rate limits."""

    def flush(_number: int) -> bool:
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            return bool(client.flushall())

    scene.repeat(flush)


def redis_gone(scene: Scene) -> None:
    valkey.stop(lay(scene.folder), crash=True)
    time.sleep(scene.redis_gone_s)
    embedded.start(scene.folder)


def redis_frozen(scene: Scene) -> None:
    """It takes connections and does not answer: for a sixth of the time it is gone otherwise, at least 3 s."""
    pid = valkey.pid_of(lay(scene.folder))
    if pid is None:
        raise RuntimeError("Valkey does not run")
    os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(max(3.0, scene.redis_gone_s / 6))
    finally:
        os.kill(pid, signal.SIGCONT)


def postgres_crashed(scene: Scene) -> None:
    """As `pg_ctl stop -m immediate`, and up again at once: recovery from its log, every connection broken."""

    def crash(_number: int) -> bool:
        postgres.stop(lay(scene.folder), crash=True)
        embedded.start(scene.folder)
        return True

    scene.repeat(crash)


def postgres_gone(scene: Scene) -> None:
    postgres.stop(lay(scene.folder), crash=True)
    time.sleep(scene.postgres_gone_s)
    embedded.start(scene.folder)


FAULTS: dict[str, Callable[[Scene], None]] = {
    "worker-killed": worker_killed,
    "child-killed": child_killed,
    "web-killed": web_killed,
    "flushed": flushed,
    "redis-gone": redis_gone,
    "redis-frozen": redis_frozen,
    "postgres-crashed": postgres_crashed,
    "postgres-gone": postgres_gone,
}

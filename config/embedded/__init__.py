"""Embedded PostgreSQL and Valkey for laptops, tests and benchmarks: the real programs, in a folder, as ours alone.

    services = embedded.start(Path(".run"))
    …
    embedded.stop(Path(".run"))

Both calls may be made twice. What was killed comes back with what it had committed.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from config.embedded import postgres, valkey
from config.embedded.ground import NoGround, alone, lay

__all__ = ["NoGround", "Services", "passing", "remove", "running", "start", "stop"]


@dataclass(frozen=True)
class Services:
    """Where they answer; both URLs hold a password."""

    database_url: str
    redis_url: str

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this house needs to use them."""
        return {"DEMO": "1", "DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


def start(folder: Path, *, name: str = "leumund", bound: bool = False, durable: bool = True) -> Services:
    """Both run in `folder` with a database `name`: started now, or found running.

    `bound`: what is started now ends when this process dies. `durable=False` (tests): a power cut may lose all.
    Raises `NoGround`.
    """
    ground = lay(folder)
    with alone(ground.folder):
        database_url = postgres.start(ground, name=name, bound=bound, durable=durable)
        return Services(database_url=database_url, redis_url=valkey.start(ground, bound=bound))


def stop(folder: Path) -> None:
    """Neither runs in `folder` any longer. The data stays."""
    ground = lay(folder)
    with alone(ground.folder):
        valkey.stop(ground)
        postgres.stop(ground)


def remove(folder: Path) -> None:
    """Neither runs there, and nothing is left of what they kept."""
    stop(folder)
    ground = lay(folder)
    for place in (ground.sockets, ground.data, ground.folder):
        shutil.rmtree(place, ignore_errors=True)


def passing(kind: str) -> Path:
    """A folder under .run/ for services that end with this process; what a killed one left there is removed."""
    house = Path(__file__).resolve().parents[2] / ".run"
    house.mkdir(exist_ok=True)
    with alone(house, "sweep"):
        for left in house.glob(f"{kind}-*"):
            if not Path(f"/proc/{left.name.rsplit('-', 1)[1]}").exists():
                remove(left)
    return house / f"{kind}-{os.getpid()}"


def running(folder: Path) -> bool:
    """Whether one of them runs in `folder`."""
    ground = lay(folder)
    return bool(postgres.pid_of(ground) or valkey.pid_of(ground))

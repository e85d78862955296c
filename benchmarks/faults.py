"""Faults: requests and messages keep coming while workers, web server, Redis and PostgreSQL are killed one by one.

Starts the house as `script/server` does, lets members ask and write through its pages at a steady rate, and injects
one fault after the other. After each it waits until everything acknowledged is settled, at most 60 s, and looks
(benchmarks/_judge.py). Fails unless nothing is missing, undone or doubled, if nothing was measured, and if a row lost
on purpose in the end is not found missing.
"""

import argparse
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from django.core.management import call_command
from django.db import Error, connection

from benchmarks import _people
from benchmarks._clicks import Click, Crowd
from benchmarks._figures import figures, say
from benchmarks._house import House
from benchmarks._injections import FAULTS, Scene
from benchmarks._judge import Verdict, judge
from network.messages.models import Message

UNDONE_AFTER_S = 60.0


@dataclass(frozen=True)
class Size:
    """How hard and how long. The load's rates leave room on two cores: what is measured are losses, not speed."""

    a_second: float
    lead_s: float  # load before a fault begins, and after it has ended
    between_s: tuple[float, float]
    pairs: int
    askers: int
    asked: int
    kills: int
    redis_gone_s: float
    postgres_gone_s: float
    settle_each: bool


FULL = Size(
    a_second=12,
    lead_s=3,
    between_s=(1.5, 3.5),
    pairs=20,
    askers=50,
    asked=40,
    kills=6,
    redis_gone_s=60,
    postgres_gone_s=20,
    settle_each=True,
)
SHORT = Size(
    a_second=8,
    lead_s=1,
    between_s=(0.5, 1),
    pairs=4,
    askers=16,
    asked=16,
    kills=1,
    redis_gone_s=5,
    postgres_gone_s=5,
    settle_each=False,
)


@dataclass
class Run:
    """What has been clicked so far and what became of it."""

    house: House
    crowd: Crowd
    scene: Scene
    size: Size
    clicks: list[Click] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)

    def through(self, name: str, *, last: bool) -> None:
        """The fault happens under load; what was clicked and, once settled, found is said and kept."""
        fault = Injection(lambda: FAULTS[name](self.scene), lead_s=self.size.lead_s)
        fault.start()
        clicks = self.crowd.click_for(2 * self.size.lead_s, a_second=self.size.a_second, until=fault.is_over)
        self.clicks += clicks
        if fault.error:
            raise SystemExit(f"{name} could not be injected: {fault.error!r}\n{self.house.said()}")
        say(f"{name:<18} {fault.lasted_s:5.1f} s · {_told(clicks)}")
        if self.size.settle_each or last:
            self.settle(since=fault.ended_at)

    def settle(self, *, since: float) -> None:
        """Waits until nothing is undone, at most 60 s after the fault ended, and keeps what is found then."""
        while True:
            verdict = _look(self.clicks)
            if not verdict.undone or time.monotonic() > since + UNDONE_AFTER_S:
                break
            time.sleep(0.5)
        self.verdicts.append(verdict)
        waited_s = time.monotonic() - since
        say(f"{'':<18} settled {waited_s:.1f} s after it: {verdict}")


class Injection(threading.Thread):
    """The fault in a thread of its own: a little load before it, a little after it."""

    def __init__(self, act: Callable[[], None], *, lead_s: float) -> None:
        super().__init__(daemon=True)
        self.act, self.lead_s = act, lead_s
        self.error: BaseException | None = None
        self.began_at = self.ended_at = 0.0

    def run(self) -> None:
        time.sleep(self.lead_s)
        self.began_at = time.monotonic()
        try:
            self.act()
        except BaseException as error:
            self.error = error
        self.ended_at = time.monotonic()
        time.sleep(self.lead_s)

    def is_over(self) -> bool:
        return not self.is_alive()

    @property
    def lasted_s(self) -> float:
        return self.ended_at - self.began_at


def _look(clicks: list[Click]) -> Verdict:
    """The judge's verdict, as soon as PostgreSQL answers."""
    while True:
        connection.close()
        try:
            return judge(clicks)
        except Error:
            time.sleep(0.5)


def _told(clicks: list[Click]) -> str:
    first = [click.statuses[0] for click in clicks if click.statuses]
    at_once = sum(click.acknowledged and len(click.statuses) == 1 for click in clicks)
    acknowledged = sum(click.acknowledged for click in clicks)
    return (
        f"{acknowledged} of {len(clicks)} acknowledged, {at_once} at the first try; first tries: "
        f"{first.count(503)} x 503, {sum(status == 0 for status in first)} x broken line, "
        f"{sum(click.broke_at_first for click in clicks)} x other 5xx"
    )


def _refused(click: Click) -> bool:
    return not click.acknowledged and bool(click.statuses) and 200 <= click.statuses[-1] < 500


def _found_when_planted(clicks: list[Click]) -> int:
    """An acknowledged message is lost on purpose in the end: how many are missing then, which has to be 1 more."""
    lost = next(click for click in clicks if click.acknowledged and click.kind == "message")
    before = _look(clicks).missing
    Message.objects.get(text__endswith=lost.tag).delete()
    return _look(clicks).missing - before


def main(arguments: list[str]) -> int:
    asked = _read(arguments)
    folder = Path(os.environ["BENCH_FOLDER"])
    size, chance = SHORT if asked.short else FULL, Random(asked.seed)
    call_command("migrate", verbosity=0)
    people = _people.gather(pairs=size.pairs, askers=size.askers, asked=size.asked, chance=chance)
    house = House(logs=folder / "log")
    try:
        house.wait()
        scene = Scene(house, folder, chance, size.kills, size.between_s, size.redis_gone_s, size.postgres_gone_s)
        run = Run(house, Crowd(people, base=house.base, chance=chance), scene, size)
        names = asked.only or list(FAULTS)
        for name in names:
            run.through(name, last=name == names[-1])
        return _report(run)
    finally:
        connection.close()
        house.end()


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench faults")
    parser.add_argument("--short", action="store_true", help="outages of 5 s, one kill each, a smaller load")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", choices=list(FAULTS), help="this fault alone; may be repeated")
    return parser.parse_args(arguments)


def _report(run: Run) -> int:
    acknowledged = sum(click.acknowledged for click in run.clicks)
    clean = all(verdict.clean for verdict in run.verdicts)
    planted = _found_when_planted(run.clicks) if acknowledged else 0
    refused = sum(map(_refused, run.clicks))
    if not clean or refused or not acknowledged:
        say(run.house.said())
        say(f"Refused: {[(c.kind, c.statuses) for c in run.clicks if _refused(c)][:5]}")
    figures(
        {
            "clicks": len(run.clicks),
            "acknowledged": acknowledged,
            "refused": refused,
            "first_try_5xx_not_503_share": sum(c.broke_at_first for c in run.clicks) / len(run.clicks),
            "first_try_acknowledged_share": sum(c.acknowledged and len(c.statuses) == 1 for c in run.clicks)
            / len(run.clicks),
            "missing": sum(verdict.missing for verdict in run.verdicts),
            "undone_after_60_s": sum(verdict.undone for verdict in run.verdicts),
            "doubled": sum(verdict.doubled for verdict in run.verdicts),
            "missing_when_planted": planted,
        }
    )
    return 0 if clean and acknowledged and not refused and planted == 1 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The ledger: events a second, in batches and singly, over bare inserts of the same rows; and lines proved a second.

Records lines of all kinds about and by 20,000 members with `ledger.record_many` and `ledger.record`, then puts the very
rows that were written into the same tables, emptied, with the same indexes, constraints and triggers, without the house
(benchmarks/_ledger_rows.py). Then it records a million, walks all chains, and fails if anything is missing or broken.
Options: `--events N`, `--short` (2,000 events: for the tests).
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.management import call_command

from accounts.models import Member
from benchmarks import _ledger_rows as rows
from benchmarks._figures import figures, quantile, say
from vetting import ledger
from vetting.ledger import Line
from vetting.models import Evidence

BATCH = 500
TURNS = 3


@dataclass(frozen=True)
class Options:
    """`compared`, `singly`: lines a turn. `window`: lines over which a speed is measured."""

    events: int = 1_000_000
    members: int = 20_000
    compared: int = 50_000
    singly: int = 1_000
    window: int = 50_000


SHORT = Options(events=2_000, members=200, compared=1_000, singly=50, window=1_000)


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    call_command("migrate", verbosity=0)
    members = rows.people(options.members)
    found = _compare(members, options) | _compare_singly(members, options)
    wrong: list[str] = []
    found |= _fill(members, options, wrong)
    found |= _prove(options, wrong)
    for words in wrong:
        say(f"WRONG: {words}")
    figures(found)
    return 1 if wrong else 0


def _options(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="script/bench ledger", description=__doc__)
    parser.add_argument("--events", type=int, default=Options.events)
    parser.add_argument("--short", action="store_true", help="2,000 events: for the tests")
    asked = parser.parse_args(arguments)
    return SHORT if asked.short else Options(events=asked.events)


def _compare(members: Sequence[Member], options: Options) -> dict[str, float]:
    """The verb in batches against INSERT and COPY of what it wrote, in turns; medians of the ratios."""
    over_insert, over_copy = [], []
    for turn in range(TURNS):
        rows.empty()
        ours_s = _record(rows.lines(members, options.compared, seed=turn))
        written = rows.written()
        insert_s, copy_s = rows.insert_s(written, BATCH), rows.copy_s(written, BATCH)
        over_insert.append(ours_s / insert_s)
        over_copy.append(ours_s / copy_s)
        say(f"{options.compared:,} lines in batches: {ours_s:.2f} s; INSERT {insert_s:.2f} s, COPY {copy_s:.2f} s.")
    return {"batched_over_bare": quantile(over_insert, 0.5), "batched_over_copy": quantile(over_copy, 0.5)}


def _compare_singly(members: Sequence[Member], options: Options) -> dict[str, float]:
    """One line a transaction."""
    over_insert, speeds = [], []
    for turn in range(TURNS):
        rows.empty()
        began = time.perf_counter()
        for line in rows.lines(members, options.singly, seed=turn):
            ledger.record_many([line])
        ours_s = time.perf_counter() - began
        insert_s = rows.insert_s(rows.written(), 1)
        over_insert.append(ours_s / insert_s)
        speeds.append(options.singly / ours_s)
        say(f"{options.singly:,} lines singly: {ours_s:.2f} s; INSERT {insert_s:.2f} s.")
    return {"single_events_s": quantile(speeds, 0.5), "single_over_bare": quantile(over_insert, 0.5)}


def _fill(members: Sequence[Member], options: Options, wrong: list[str]) -> dict[str, float]:
    """From an empty ledger to all events; the speed of the first and of the last lines."""
    rows.empty()
    speeds = []
    for start in range(0, options.events, options.window):
        count = min(options.window, options.events - start)
        took_s = _record(rows.lines(members, count, seed=1000 + start))
        speeds.append(count / took_s)
        if start // options.window % 5 == 0:
            say(f"{start:,} lines are there: {speeds[-1]:.0f} events a second.")
    there = Evidence.objects.count()
    if there != options.events:
        wrong.append(f"{there} lines are there, {options.events} were recorded.")
    return {
        "batched_events_s": len(speeds) / sum(1 / speed for speed in speeds),
        "events_s_at_empty": speeds[0],
        "events_s_at_the_end": speeds[-1],
        "growth": speeds[0] / speeds[-1],
    }


def _record(lines: Iterator[Line]) -> float:
    """Seconds, without the making of the lines."""
    waiting = list(lines)
    began = time.perf_counter()
    for start in range(0, len(waiting), BATCH):
        ledger.record_many(waiting[start : start + BATCH])
    return time.perf_counter() - began


def _prove(options: Options, wrong: list[str]) -> dict[str, float]:
    """All chains walked here, and by the command in a process of its own, whose memory is looked at."""
    say("Walking all chains …")
    began = time.perf_counter()
    wrong += ledger.breaks()
    took_s = time.perf_counter() - began
    done = subprocess.run([sys.executable, "-c", _PROVE], capture_output=True, text=True, check=False)
    if done.returncode:
        wrong.append(f"The command says that the ledger does not hold: {done.stderr}")
        return {"prove_lines_s": options.events / took_s}
    words, peak_mb = done.stdout.splitlines()
    say(words)
    return {"prove_lines_s": options.events / took_s, "prove_mb": float(peak_mb)}


_PROVE = """
from benchmarks._standing_nights import peak_mb
from django.core.management import call_command
call_command("prove_ledger")
print(peak_mb())
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

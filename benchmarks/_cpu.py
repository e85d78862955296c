"""Seconds of processor time that processes have used, as the kernel counts them (proc(5), stat, fields 14 to 17)."""

import os
from collections.abc import Iterable
from pathlib import Path

TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def used_s(roots: Iterable[int]) -> float:
    """By these processes and all that descend from them, those among them that have ended included."""
    stats = _stats()
    wanted, waiting = set[int](), list(roots)
    while waiting:
        pid = waiting.pop()
        wanted.add(pid)
        waiting += [child for child, (parent, _own, _gone) in stats.items() if parent == pid]
    return TICK_S * sum(stats[pid][1] + stats[pid][2] for pid in wanted if pid in stats)


def _stats() -> dict[int, tuple[int, int, int]]:
    """Of every process: its parent, its own ticks, those of its children that have ended."""
    found = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        utime, stime, cutime, cstime = (int(field) for field in fields[11:15])
        found[int(file.parent.name)] = (int(fields[1]), utime + stime, cutime + cstime)
    return found

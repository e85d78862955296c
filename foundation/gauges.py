"""Figures for operators: each floor says which, `config.metrics` shows them to Prometheus. No figure is about a person.

A figure is read when it is asked for, from the rows that are the truth; nothing is counted along.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Read = Callable[[], float] | Callable[[], Mapping[str, float]]


@dataclass(frozen=True, kw_only=True)
class Gauge:
    """`name` holds the unit (`…_seconds`). With a `label`, `read` gives a figure for each of its values."""

    name: str
    help: str
    label: str
    read: Read


GAUGES: dict[str, Gauge] = {}


def shows(name: str, words: str, *, label: str = "") -> Callable[[Read], Read]:
    """The decorated function reads that figure."""

    def enter(read: Read) -> Read:
        GAUGES[name] = Gauge(name=name, help=words, label=label, read=read)
        return read

    return enter

"""What can be worth telling: each wing registers its facts, with words that name nobody and quote nothing (threat 23).

A letter travels in the open and lies on other people's servers. It says that there is something, and where.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import Promise

from accounts.models import Member
from network.notices.models import Kind


@dataclass(frozen=True)
class Found:
    """Where the fact is to be seen, as long as it matters. `values` fill its sentence: figures and grades, no words
    of others. `letter`: what the letter says instead, where a decision and its reasons have to be told in full."""

    path: str
    values: dict[str, str] = field(default_factory=dict)
    letter: str = ""


@dataclass(frozen=True)
class Fact:
    """`find` looks whether the fact still matters to the member: answered, withdrawn, blocked or read, it is None.

    `several` is its line in a digest, with `%(count)d`.
    """

    kind: Kind
    subject: str | Promise
    sentence: str | Promise
    several: str | Promise
    find: Callable[[Member, str], Found | None]
    page: str


_facts: dict[str, Fact] = {}


def register(what: str, fact: Fact) -> None:
    _facts[what] = fact


def of(what: str) -> Fact:
    return _facts[what]


def of_kind(kind: str) -> list[str]:
    """The facts that this switch is for."""
    return [what for what, fact in _facts.items() if fact.kind == kind]

"""The audit log as one chain: each line's link holds the hash of the link before it, and a walk proves it.

The links are written by the database when a transaction commits (migration 0004): so there is no line without one,
whoever wrote it, and no two transactions wait for each other in the middle of their work. What a chain alone cannot
show is that its end is missing; for that a head is kept elsewhere (`manage.py prove_audit --head`).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

GENESIS = bytes(32)
"""What the first link has before it."""
AT_ONCE = 5000
"""Links read by one statement."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEXT = """
SELECT link.number, link.previous, link.hash, line.made_at, line.actor, line.act, line.about, line.detail::text
FROM foundation_auditlink AS link LEFT JOIN foundation_auditentry AS line ON line.id = link.entry_id
WHERE link.number > %s ORDER BY link.number LIMIT %s
"""
_LOOSE = """
SELECT line.id FROM foundation_auditentry AS line
WHERE NOT EXISTS (SELECT FROM foundation_auditlink WHERE entry_id = line.id) ORDER BY line.id
"""


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was read: `wrong` says in words what is wrong with it, "" where it is whole."""

    number: int
    hash: bytes
    wrong: str = ""


def link_hash(number: int, previous: bytes, made_at: datetime, *texts: str) -> bytes:
    """SHA-256 over the parts as netstrings (length in octets, colon, octets, comma): no two lines share one text.

    `texts`: actor, act, about, and the detail as the database writes it. The moment counts in microseconds since 1970.
    """
    moment = (made_at - _EPOCH) // timedelta(microseconds=1)
    parts = (str(number), previous.hex(), str(moment), *texts)
    octets = [part.encode() for part in parts]
    return hashlib.sha256(b"".join(b"%d:%b," % (len(part), part) for part in octets)).digest()


def walk() -> Iterator[Link]:
    """Every link from the first one, each checked against the one before it and against its line."""
    before = Link(0, GENESIS)
    for row in _rows():
        before = _follow(before, *row)
        yield before


def breaks() -> Iterator[str]:
    """What is wrong with the audit log, in words; nothing where all is whole."""
    yield from (link.wrong for link in walk() if link.wrong)
    yield from loose()


def loose() -> Iterator[str]:
    """Lines that hang on no link."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOSE)
        for (line,) in cursor.fetchall():
            yield f"line {line} of the table hangs on no link"


def _follow(before: Link, number: int, previous: bytes, hash_: bytes, made_at: Any, *texts: Any) -> Link:
    if made_at is None:
        return Link(number, hash_, f"the line of link {number} is missing")
    if (number, previous) != (before.number + 1, before.hash):
        return Link(number, hash_, f"link {number} does not follow from link {before.number}")
    changed = link_hash(number, previous, made_at, *texts) != hash_
    return Link(number, hash_, f"the line of link {number} is not as it was noted" if changed else "")


def _rows() -> Iterator[tuple[Any, ...]]:
    number = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [number, AT_ONCE])
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        number = rows[-1][0]

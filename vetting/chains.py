"""The ledger's chains: how a line follows from the one before it, and a walk along all of them. Writes nothing."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from foundation import signing

GENESIS = bytes(32)
"""What the first line of a chain has before it."""
SALT_BYTES = 32
AT_ONCE = 5000
"""Lines read by one statement: memory does not grow with the ledger, and no snapshot is held for long."""
NOBODY = UUID(int=0)

_NEXT = """
SELECT line.about, line.number, line.by, line.kind, line.source, line.at, line.word, line.commitment, line.previous,
       line.hash, claim.salt, claim.claim::text
FROM vetting_evidence AS line LEFT JOIN vetting_claim AS claim ON claim.evidence_id = line.id
WHERE {which} (line.about, line.number) > (%(about)s, %(number)s)
ORDER BY line.about, line.number LIMIT %(at_once)s
"""


@dataclass(frozen=True, slots=True)
class Link:
    """A line that was read: `wrong` says in words what is wrong with it, nothing where all is whole."""

    about: UUID
    number: int
    hash: bytes
    wrong: tuple[str, ...] = ()


def line_hash(
    *,
    about: UUID,
    number: int,
    by: UUID,
    kind: str,
    source: str,
    at: datetime,
    word: int | None,
    commitment: bytes,
    previous: bytes,
) -> bytes:
    """SHA-256 over the canonical line (RFC 8785), the commitment and the hash before it.

    The line holds ASCII texts and whole numbers only, for which sorted compact JSON is the canonical form. `at` in UTC.
    """
    line = {
        "about": str(about),
        "at": at.isoformat(),
        "by": str(by),
        "commitment": commitment.hex(),
        "kind": kind,
        "number": number,
        "previous": previous.hex(),
        "source": source,
    }
    if word is not None:
        line["word"] = word
    return hashlib.sha256(_CANONICAL.encode(line).encode("ascii")).digest()


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def commitment(salt: bytes, claim: dict[str, Any]) -> bytes:
    """HMAC-SHA-256(salt, claim): tells nothing of the claim to whoever has not the salt."""
    return hmac.digest(salt, signing.canonical(claim), hashlib.sha256)


def walk(about: UUID | None = None) -> Iterator[Link]:
    """Every line of one chain, or of all, in order of chain and number, each checked against the one before it.

    A claim that was erased is no break. What is added to a chain while it is walked is read, or not: lines are only
    ever added behind, and none is seen before those in front of it.
    """
    before = Link(about=NOBODY, number=0, hash=GENESIS)
    for row in _rows(about):
        if row[0] != before.about:
            before = Link(about=row[0], number=0, hash=GENESIS)
        before = _follow(before, row)
        yield before


def breaks(about: UUID | None = None) -> Iterator[str]:
    """What is wrong with one chain, or with all of them, in words; nothing where all is whole."""
    for link in walk(about):
        yield from link.wrong


def _follow(before: Link, row: tuple[Any, ...]) -> Link:
    about, number, by, kind, source, at, word, committed, previous, hash_, salt, claim = row
    wrong: tuple[str, ...] = ()
    proper = line_hash(
        about=about,
        number=number,
        by=by,
        kind=kind,
        source=source,
        at=at.astimezone(UTC),
        word=word,
        commitment=committed,
        previous=previous,
    )
    if (number, previous, hash_) != (before.number + 1, before.hash, proper):
        wrong = (f"{about}: line {number} does not follow from line {before.number}",)
    if salt is not None and commitment(salt, json.loads(claim)) != committed:
        wrong += (f"{about}: the claim of line {number} is not what was committed to",)
    return Link(about, number, hash_, wrong)


def _rows(about: UUID | None) -> Iterator[tuple[Any, ...]]:
    query = _NEXT.format(which="line.about = %(about)s AND" if about else "")
    place: dict[str, Any] = {"about": about or NOBODY, "number": 0 if about else -1, "at_once": AT_ONCE}
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, place)
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        place |= {"about": rows[-1][0], "number": rows[-1][1]}

"""The ledger: record, read, prove. The only writer of Evidence, and of the two tables that follow from it."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from psycopg.types.json import Jsonb

from accounts.models import Member
from foundation import clock, jobs
from vetting import chains, conduct, evidence, lending, reputation
from vetting.models import MILLION, Evidence, Standing

AT_ONCE = 500
"""Lines written by one statement."""
WEIGHED = frozenset(evidence.GOOD) | evidence.WHISPERED
"""Kinds whose weight depends on what the speaker's word weighs when they speak."""

_LOCK = """
SELECT count(pg_advisory_xact_lock(place)) FROM (
    SELECT DISTINCT hashtextextended(about::text, 7) AS place FROM unnest(%s::uuid[]) AS about ORDER BY place
) AS places
"""
_THERE = """
SELECT line.kind, line.source, line.about FROM unnest(%s::text[], %s::text[], %s::uuid[]) AS asked (kind, source, about)
JOIN vetting_evidence AS line USING (kind, source, about)
"""
_LAST = """
SELECT asked.about, last.number, last.hash FROM unnest(%s::uuid[]) AS asked (about) CROSS JOIN LATERAL (
    SELECT number, hash FROM vetting_evidence WHERE about = asked.about ORDER BY number DESC LIMIT 1
) AS last
"""
_LINES = """
INSERT INTO vetting_evidence (about, number, by, kind, source, at, word, commitment, previous, hash)
SELECT * FROM unnest(%(about)s::uuid[], %(number)s::int4[], %(by)s::uuid[], %(kind)s::text[], %(source)s::text[],
    %(at)s::timestamptz[], %(word)s::int4[], %(commitment)s::bytea[], %(previous)s::bytea[], %(hash)s::bytea[])
RETURNING about, number, id
"""
_CLAIMS = """
INSERT INTO vetting_claim (evidence_id, salt, claim)
SELECT * FROM unnest(%(lines)s::bigint[], %(salts)s::bytea[], %(claims)s::jsonb[])
"""


@dataclass(frozen=True, kw_only=True)
class Line:
    """What is to be recorded: `by` says `kind` about `about`, because of `source`.

    `word` in [0, 1] is what it weighs; left out, it is what the speaker's word weighs now where the kind is weighed.
    """

    about: Member
    by: Member
    kind: str
    source: str
    at: datetime | None = None
    word: float | None = None
    claim: dict[str, Any] = field(default_factory=dict)


def record(about: Member, *, by: Member, kind: str, source: str, **more: Any) -> Evidence | None:
    """The subject's chain has one more line (`record_many` with one `Line`); None if it was there already."""
    return next(iter(record_many([Line(about=about, by=by, kind=kind, source=source, **more)])), None)


@transaction.atomic
def record_many(lines: Sequence[Line]) -> list[Evidence]:
    """The subjects' chains have these lines, in the order given, and whoever they concern is to be recomputed.

    Once per (kind, source, about): a repetition changes nothing and is left out of the answer. Chains are written one
    at a time, under advisory locks of the subjects, taken in one order, that the transaction holds. What follows from
    the lines (who lends whom, good conduct) is written with them.
    """
    with connection.cursor() as cursor:  # all before the first line: no two batches may wait for each other
        cursor.execute(_LOCK, [[line.about.ledger_id for line in lines]])
    written: list[Evidence] = []
    for start in range(0, len(lines), AT_ONCE):
        written += _write(_fresh(lines[start : start + AT_ONCE]))
    return written


def _fresh(lines: Sequence[Line]) -> list[Line]:
    """The lines that are not there yet, each once, where it came first."""
    keys: dict[tuple[str, str, UUID], Line] = {}
    for line in lines:
        keys.setdefault((line.kind, line.source, line.about.ledger_id), line)
    with connection.cursor() as cursor:
        cursor.execute(_THERE, [list(part) for part in zip(*keys, strict=True)])
        there = set(cursor.fetchall())
    return [line for key, line in keys.items() if key not in there]


def _write(lines: list[Line]) -> list[Evidence]:
    if not lines:
        return []
    last = _last(lines)
    said: list[dict[str, Any]] = []
    salts = [secrets.token_bytes(chains.SALT_BYTES) for _line in lines]
    for line, word, salt in zip(lines, _words(lines), salts, strict=True):
        number, previous = last.get(line.about.ledger_id, (0, chains.GENESIS))
        one = _said(line, word, salt, number + 1, previous)
        one["hash"] = chains.line_hash(**one)
        last[line.about.ledger_id] = number + 1, one["hash"]
        said.append(one)
    rows = _insert(said, salts, [line.claim for line in lines])
    members = {member.ledger_id: member.pk for line in lines for member in (line.about, line.by)}
    concerned = lending.follow(rows, members)
    jobs.add_many("standing", {f"standing:{member}": {"member": member} for member in sorted(concerned)})
    return rows


def _said(line: Line, word: int | None, salt: bytes, number: int, previous: bytes) -> dict[str, Any]:
    """What the line's hash covers."""
    return {
        "about": line.about.ledger_id,
        "number": number,
        "by": line.by.ledger_id,
        "kind": line.kind,
        "source": line.source,
        "at": (line.at or clock.now()).astimezone(UTC),
        "word": word,
        "commitment": chains.commitment(salt, line.claim),
        "previous": previous,
    }


def _insert(said: list[dict[str, Any]], salts: list[bytes], claims: list[dict[str, Any]]) -> list[Evidence]:
    """Two statements of arrays: with binary columns the ORM writes each value into the statement, at twice the cost."""
    columns = {name: [one[name] for one in said] for name in said[0]}
    with connection.cursor() as cursor:
        cursor.execute(_LINES, columns)
        ids = {(about, number): id_ for about, number, id_ in cursor.fetchall()}
        lines = [ids[one["about"], one["number"]] for one in said]
        cursor.execute(_CLAIMS, {"lines": lines, "salts": salts, "claims": [Jsonb(claim) for claim in claims]})
    names = ["id", *columns]
    return [
        Evidence.from_db(connection.alias, names, [id_, *one.values()]) for id_, one in zip(lines, said, strict=True)
    ]


def _words(lines: list[Line]) -> list[int | None]:
    """Each line's word in millionths: as given, or from the speaker's standing now, or none."""
    asked = {line.by.pk for line in lines if line.word is None and line.kind in WEIGHED}
    known = dict(Standing.objects.filter(member__in=asked).values_list("member", "points")) if asked else {}

    def word(line: Line) -> int | None:
        if line.word is not None:
            return round(line.word * MILLION)
        if line.kind not in WEIGHED:
            return None
        weighed = reputation.word(known.get(line.by.pk, 0.0))
        return round((conduct.whisper(weighed) if line.kind in evidence.WHISPERED else weighed) * MILLION)

    return [word(line) for line in lines]


def _last(lines: list[Line]) -> dict[UUID, tuple[int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [list({line.about.ledger_id for line in lines})])
        return {about: (number, bytes(hash_)) for about, number, hash_ in cursor.fetchall()}


def about(member: Member) -> QuerySet[Evidence]:
    """The member's chain, oldest first."""
    return Evidence.objects.filter(about=member.ledger_id).order_by("number")


def breaks(about: UUID | None = None) -> Iterator[str]:
    """What is wrong with one chain, or with all of them, in words; nothing where all is whole (`chains.walk`)."""
    return chains.breaks(about)

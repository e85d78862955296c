"""What `ledger` records, and the same rows put into the same tables without the house: the least that it can cost."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from accounts.models import Account, Member
from benchmarks import _bulk
from benchmarks._standing_town import EVENING
from vetting import evidence
from vetting.ledger import Line
from vetting.models import Claim, Conduct, Edge, Evidence

MODELS = (Evidence, Claim, Edge, Conduct)
"""What the verb writes, in this order, beside the wishes for recomputation."""
SHARES = {
    evidence.WORKED: 0.3,
    evidence.STUDIED: 0.1,
    evidence.ACCEPTED: 0.2,
    evidence.VOUCH: 0.1,
    evidence.PROMOTION_HEARD: 0.2,
    evidence.NOT_TRUE: 0.05,
    evidence.PITCH: 0.04,
    evidence.STRIKE: 0.01,
}
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
"""By table: its columns, and the rows."""


def people(count: int) -> list[Member]:
    """The database holds these members and nothing else."""
    empty("accounts_account", "accounts_member")
    with _bulk.unguarded():
        _bulk.generate(Account, count, {"id": "i", "email": "'m' || i || '@example.org'", "password": "'!'"})
        own = {"id": "i", "account_id": "i", "handle": "'m' || i", "public_id": "gen_random_uuid()"}
        _bulk.generate(Member, count, own | {"ledger_id": "gen_random_uuid()"})
    _bulk.settle("accounts_account", "accounts_member")
    return list(Member.objects.order_by("pk"))


def empty(*more: str) -> None:
    """Nothing is on record."""
    tables = ", ".join([*(model._meta.db_table for model in MODELS), "vetting_standing", "foundation_job", *more])
    with _bulk.unguarded():
        _bulk.run(f"TRUNCATE {tables} CASCADE")


def lines(members: Sequence[Member], count: int, *, seed: int) -> Iterator[Line]:
    """`count` lines of all kinds, one a second, about and by members drawn at random."""
    chance = random.Random(seed)
    kinds = chance.choices(list(SHARES), list(SHARES.values()), k=count)
    for number, kind in enumerate(kinds):
        about, by = chance.sample(members, 2)
        claim = {"organisation": f"Place {number % 997}", "until": "2023-04"} if kind in evidence.LENDS else {}
        yield Line(about=about, by=by, kind=kind, source=f"{seed}:{number}", at=_moment(number), claim=claim)


def _moment(number: int) -> datetime:
    return EVENING + timedelta(seconds=number)


def written() -> Rows:
    """All rows the verb wrote, as a driver takes them."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for model in MODELS:
            columns = [str(field.column) for field in model._meta.concrete_fields]
            listed = ", ".join(f'"{column}"{"::text" * (column == "claim")}' for column in columns)
            cursor.execute(f"SELECT {listed} FROM {model._meta.db_table} ORDER BY 1")  # noqa: S608
            found[model._meta.db_table] = columns, cursor.fetchall()
    return found


def insert_s(rows: Rows, at_once: int) -> float:
    """Seconds to put the rows into the empty tables by multi-row INSERT, `at_once` lines with what follows from them a
    transaction; good conduct, which the verb adds up, once at the end."""
    return _timed(rows, at_once, _insert)


def copy_s(rows: Rows, at_once: int) -> float:
    """The same by COPY."""
    return _timed(rows, at_once, _copy)


def _timed(rows: Rows, at_once: int, put: Callable[[Any, str, list[str], Sequence[tuple[Any, ...]]], None]) -> float:
    empty()
    groups = list(_groups(rows, at_once))
    began = time.perf_counter()
    for group in groups:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, chosen in group.items():
                if chosen:
                    put(cursor, table, rows[table][0], chosen)
    return time.perf_counter() - began


def _groups(rows: Rows, at_once: int) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
    """By transaction and table: lines in the order of their ids, with the claims and edges of the same ids."""
    evidence_, claims, edges, conduct = (rows[model._meta.db_table][1] for model in MODELS)
    followers = {Claim: {row[0]: row for row in claims}, Edge: {row[0]: row for row in edges}}
    for start in range(0, len(evidence_), at_once):
        part = evidence_[start : start + at_once]
        group = {Evidence._meta.db_table: part}
        for model, by_line in followers.items():
            group[model._meta.db_table] = [by_line[row[0]] for row in part if row[0] in by_line]
        yield group
    yield {Conduct._meta.db_table: conduct}


def _insert(cursor: Any, table: str, columns: list[str], rows: Sequence[tuple[Any, ...]]) -> None:
    place = "(" + ", ".join(["%s"] * len(columns)) + ")"
    listed = ", ".join(f'"{column}"' for column in columns)
    values = [value for row in rows for value in row]
    cursor.execute(f"INSERT INTO {table} ({listed}) VALUES {', '.join([place] * len(rows))}", values)  # noqa: S608


def _copy(cursor: Any, table: str, columns: list[str], rows: Sequence[tuple[Any, ...]]) -> None:
    listed = ", ".join(f'"{column}"' for column in columns)
    with cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)

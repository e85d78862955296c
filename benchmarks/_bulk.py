"""How benchmarks fill tables by the ten million: guards and indexes off meanwhile, all of them back afterwards."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

_INDEXES = """
SELECT NULL, pg_get_indexdef(indexrelid), indexrelid::regclass::text FROM pg_index
WHERE indrelid = %(table)s::regclass AND indexrelid NOT IN (SELECT conindid FROM pg_constraint WHERE conindid <> 0)
"""
_CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid), '' FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype = 'u'
"""


def run(statement: str, *values: Any, **named: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, named or list(values) or None)


@contextmanager
def unguarded() -> Iterator[None]:
    """One transaction in which neither foreign keys nor append-only triggers are asked; needs the owner of the cluster.

    The triggers stay where they are and hold again afterwards.
    """
    with transaction.atomic():
        for name, value in {"session_replication_role": "replica", "statement_timeout": "0", "work_mem": "1GB"}.items():
            run("SELECT set_config(%s, %s, true)", name, value)
        run("SELECT set_config('maintenance_work_mem', '1GB', true)")
        run("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")
        yield


@contextmanager
def unindexed(*models: type[Model]) -> Iterator[None]:
    """Without their indexes (but the primary keys') meanwhile; afterwards all are made anew."""
    dropped = [(model._meta.db_table, *row) for model in models for row in _all_of(model._meta.db_table)]
    for table, constraint, _definition, index in dropped:
        run(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"' if constraint else f"DROP INDEX {index}")
    yield
    for table, constraint, definition, _index in dropped:
        run(f'ALTER TABLE {table} ADD CONSTRAINT "{constraint}" {definition}' if constraint else definition)


def _all_of(table: str) -> list[tuple[str | None, str, str]]:
    with connection.cursor() as cursor:
        found: list[tuple[str | None, str, str]] = []
        for query in (_INDEXES, _CONSTRAINTS):
            cursor.execute(query, {"table": table})
            found += cursor.fetchall()
    return found


def generate(model: type[Model], count: int, said: Mapping[str, str]) -> None:
    """Rows 1 … `count` of `model`: columns `said` as SQL over their number `i`, all others by the model's default."""
    copy_from(model, f"SELECT i FROM generate_series(1, {count}) AS i", said)  # noqa: S608


def copy_from(model: type[Model], rows: str, said: Mapping[str, str]) -> None:
    """A row of `model` for each of these rows: columns `said` as SQL over theirs, all others by the model's default.

    An id that is not said is the table's next one.
    """
    fields = [field for field in model._meta.concrete_fields if not field.primary_key or field.attname in said]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(said.get(field.attname, "%s") for field in fields)
    others = [field.get_db_prep_save(field.get_default(), connection) for field in fields if field.attname not in said]
    into = f"INSERT INTO {model._meta.db_table} ({columns})"
    run(f"{into} SELECT {values} FROM ({rows}) AS given", *others)  # noqa: S608


def settle(*tables: str) -> None:
    """Vacuumed and with fresh statistics, as autovacuum leaves them."""
    run("SET statement_timeout = 0")
    for table in tables:
        run(f"VACUUM ANALYZE {table}")
    run("RESET statement_timeout")

"""What the role that the house runs as may do in its database: all it needs, and no line of a record undone.

Migrations run as the owner of the tables. Triggers refuse to change append-only tables (append_only.py); this takes
the permission as well, so that a door broken open by SQL cannot lift them first.
"""

from collections.abc import Iterator

from django.db import connection
from psycopg import sql

MIGRATIONS = "django_migrations"
_APPEND_ONLY = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = to_regproc('leumund_refuse_change')
"""


def grants(role: str) -> Iterator[str]:
    """The statements, to be run by the owner after every migration. Running them twice changes nothing."""
    who = sql.Identifier(role)
    database = sql.Identifier(str(connection.settings_dict["NAME"]))
    yield _said("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}", database, who)
    yield _said("GRANT USAGE ON SCHEMA public TO {}", who)
    yield _said("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}", who)
    for table, rights in sorted(_rights().items()):
        yield _said("REVOKE ALL ON TABLE {} FROM {}", sql.Identifier(table), who)
        yield _said(f"GRANT {rights} ON TABLE {{}} TO {{}}", sql.Identifier(table), who)


def _rights() -> dict[str, str]:
    """By table. Nobody needs TRUNCATE."""
    with connection.cursor() as cursor:
        cursor.execute(_APPEND_ONLY)
        recorded = {name for (name,) in cursor.fetchall()}
        tables = connection.introspection.table_names(cursor)
    rights = dict.fromkeys(tables, "SELECT, INSERT, UPDATE, DELETE")
    return rights | dict.fromkeys(recorded, "SELECT, INSERT") | {MIGRATIONS: "SELECT"}


def _said(statement: str, *names: sql.Identifier) -> str:
    return sql.SQL(statement).format(*names).as_string() + ";"

"""Tables whose rows are only ever added: the database itself refuses to change or empty them.

In production the app's role has INSERT and SELECT only; the triggers hold also for the owner. Tests empty their
tables with TRUNCATE, which is let through only in a database whose name begins with "test" and that asks for it.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation
from django.db.models import Model

_MAKE = """
CREATE OR REPLACE FUNCTION leumund_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test%'
       AND current_setting('leumund.may_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$
"""
_GUARD_ROWS = """
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION leumund_refuse_change()
"""
_GUARD_TABLE = """
CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION leumund_refuse_change()
"""


class AppendOnly(Operation):
    """From here on UPDATE, DELETE and TRUNCATE of `table` raise; inserting goes on."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        self.table = table

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.table], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(_MAKE, params=None)
        for guard in (_GUARD_ROWS, _GUARD_TABLE):
            schema_editor.execute(guard.format(table=self.table), params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for name in ("is_append_only", "is_never_emptied"):
            schema_editor.execute(f"DROP TRIGGER {self.table}_{name} ON {self.table}", params=None)

    def describe(self) -> str:
        return f"Refuse to change or empty {self.table}"


def let_tests_truncate(connection: BaseDatabaseWrapper) -> None:
    """TRUNCATE passes from now on in this test database, in this and every later session.

    For the test fixture alone: in a database whose name does not begin with "test" the triggers ignore it.
    """
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET leumund.may_truncate = 'on'")
        cursor.execute("SET leumund.may_truncate = 'on'")


def is_append_only(model: type[Model], connection: BaseDatabaseWrapper) -> bool:
    """Whether both guards stand on the table of `model`."""
    sql = "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgfoid = 'leumund_refuse_change'::regproc"
    with connection.cursor() as cursor:
        cursor.execute(sql, [model._meta.db_table])
        return bool(cursor.fetchone()[0] == 2)

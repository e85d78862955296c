"""Columns that stay as they were first written: the database itself refuses to change them. Rows may still go."""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation

_MAKE = """
CREATE OR REPLACE FUNCTION leumund_refuse_other_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY TG_ARGV LOOP
        CONTINUE WHEN kept = 'text' AND to_jsonb(NEW) ->> kept = '';
        IF to_jsonb(NEW) -> kept IS DISTINCT FROM to_jsonb(OLD) -> kept THEN
            RAISE EXCEPTION '%.% stays as it was written', TG_TABLE_NAME, kept USING ERRCODE = 'insufficient_privilege';
        END IF;
    END LOOP;
    RETURN NEW;
END $$
"""
_GUARD = """
CREATE TRIGGER {table}_stays_as_written BEFORE UPDATE OF {columns} ON {table}
FOR EACH ROW EXECUTE FUNCTION leumund_refuse_other_words({texts})
"""


class Unchanging(Operation):
    """From here on an UPDATE that changes one of `columns` of `table` raises; emptying a text passes, for erasure."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, columns: Sequence[str]) -> None:
        self.table, self.columns = table, list(columns)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.table, self.columns], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(_MAKE, params=None)
        texts = ", ".join(f"'{column}'" for column in self.columns)
        guard = _GUARD.format(table=self.table, columns=", ".join(self.columns), texts=texts)
        schema_editor.execute(guard, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f"DROP TRIGGER {self.table}_stays_as_written ON {self.table}", params=None)

    def describe(self) -> str:
        return f"Refuse to change what is written in {self.table}"

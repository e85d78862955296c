"""What was noted stays as it was noted."""

import pytest
from django.db import DatabaseError, connection, transaction

from foundation import append_only, audit
from foundation.models import AuditEntry, Quota

pytestmark = pytest.mark.django_db


def test_a_deed_is_noted_with_whose_power() -> None:
    audit.note("mo", "uphold", "report:7", detail={"reason": "pressure"})

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.act, entry.about, entry.detail) == ("mo", "uphold", "report:7", {"reason": "pressure"})


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE foundation_auditentry SET act = 'dismiss'",
        "DELETE FROM foundation_auditentry",
        "TRUNCATE foundation_auditentry CASCADE",
    ],
)
def test_mallory_cannot_change_the_audit_log_by_sql(sql: str) -> None:
    audit.note("mo", "uphold", "report:7")
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL leumund.may_truncate = 'off'"
        )  # as it is outside the tests
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(sql)

    assert AuditEntry.objects.get().act == "uphold"


def test_the_guards_are_seen_where_they_stand() -> None:
    assert append_only.is_append_only(AuditEntry, connection)
    assert not append_only.is_append_only(Quota, connection)


def test_the_guards_can_be_taken_down_by_a_migration_only() -> None:
    operation = append_only.AppendOnly("foundation_auditentry")
    with connection.schema_editor() as editor:
        operation.database_backwards("foundation", editor, None, None)
        assert not append_only.is_append_only(AuditEntry, connection)
        operation.database_forwards("foundation", editor, None, None)
    assert append_only.is_append_only(AuditEntry, connection)
    assert operation.deconstruct() == ("AppendOnly", ["foundation_auditentry"], {})

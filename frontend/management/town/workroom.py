"""Room to build a town in one transaction: without it PostgreSQL keeps every dead row until the end, and claiming a
job would read past all those done before, thousands of times.

The town's jobs live in a temporary table of the same name and make, which comes first on the search path. It is
emptied when all is done; nobody else's jobs are touched, and no worker ever sees a job of the past.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from foundation.models import UNDONE, Job

_ANALYZED = "accounts_member, accounts_entry, accounts_tie, contacts_request, contacts_contact, vetting_evidence"


@contextmanager
def opened() -> Iterator[None]:
    """Jobs added in here stay in here; those that are not due yet are handed on at the end.

    Nested blocks set no savepoints, a third of all statements: whatever fails undoes the whole town, as it should.
    """
    features = connection.features
    before, features.uses_savepoints = features.uses_savepoints, False
    _run("CREATE TEMPORARY TABLE foundation_job (LIKE public.foundation_job INCLUDING ALL) ON COMMIT DROP")
    try:
        yield
        _run("INSERT INTO public.foundation_job SELECT * FROM foundation_job WHERE done_at IS NULL")
        _run("DROP TABLE pg_temp.foundation_job")
    finally:
        features.uses_savepoints = before


def hasten() -> None:
    """Offers wait for an hour of the database's clock, which stands still in the town's past: they are due now."""
    _run("UPDATE pg_temp.foundation_job SET available_at = statement_timestamp() WHERE kind = 'offer-settle'")


def sweep() -> None:
    """After an evening's work the table of jobs is empty again, unless some wait for a later day."""
    if not Job.objects.filter(UNDONE).exists():
        _run("TRUNCATE pg_temp.foundation_job")


def measure() -> None:
    """The planner knows how large the tables are now; autovacuum cannot tell it while the transaction is open."""
    _run(f"ANALYZE {_ANALYZED}")


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)

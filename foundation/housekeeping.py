"""What nobody needs any more goes."""

from datetime import timedelta

from django.db import connection

from foundation import jobs

DONE_DAYS = 7  # long enough to look into what happened on a bad week-end
WINDOW_DAYS = 400  # longer than any window in the contract (a request again after 180 days, product.md)
BATCH = 10_000

_FORGET_JOBS = """
DELETE FROM foundation_job WHERE id IN (
    SELECT id FROM foundation_job WHERE done_at < statement_timestamp() - make_interval(days => %s) LIMIT %s)
"""
_FORGET_SLOTS = "DELETE FROM foundation_periodicrun WHERE made_at < statement_timestamp() - make_interval(days => %s)"
_FORGET_WINDOWS = "DELETE FROM foundation_quota WHERE since < (statement_timestamp() - make_interval(days => %s))::date"


@jobs.every("jobs-forget", timedelta(hours=1))
def forget() -> None:
    """Done jobs, past slots and past windows are gone; dead jobs stay until somebody has looked at them."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_JOBS, [DONE_DAYS, BATCH])
        cursor.execute(_FORGET_SLOTS, [WINDOW_DAYS])
        cursor.execute(_FORGET_WINDOWS, [WINDOW_DAYS])

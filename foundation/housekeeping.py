"""What nobody needs any more goes."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from foundation import jobs, retention

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
    for name in ("jobs", "counters"):
        retention.apply(name)


@retention.keeps("jobs", setting="JOB_DONE_DAYS", what=_("What our workers have done"))
def forget_jobs(before: datetime) -> None:
    """By the database's own clock, like all that jobs do."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_JOBS, [settings.JOB_DONE_DAYS, BATCH])


@retention.keeps("counters", setting="COUNTER_DAYS", what=_("How often you did what is limited, counted by day"))
def forget_counters(before: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_SLOTS, [settings.COUNTER_DAYS])
        cursor.execute(_FORGET_WINDOWS, [settings.COUNTER_DAYS])

"""A job that gave up is tried again, once somebody has looked at it."""

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from foundation import audit
from foundation.models import Job
from foundation.refusals import Conflict

_AGAIN = """
UPDATE foundation_job SET dead_at = NULL, token = NULL, attempts = 0, lost = 0,
    due_at = statement_timestamp(), available_at = statement_timestamp()
WHERE id = %s AND dead_at IS NOT NULL
"""
_LEFT = """
UPDATE foundation_job SET dead_at = NULL, done_at = statement_timestamp(),
    last_error = 'left to a later job with the same key'
WHERE id = %s AND dead_at IS NOT NULL
"""


class NotDead(Conflict):
    code = "job-not-dead"
    message = _("This job has not given up, or is tried again already.")


@transaction.atomic
def again(job: Job, *, by: str) -> None:
    """The job is due now and has its full deadline again; where a later one with its key waits, that one does it.

    `by` is who says so, as the audit log names them. Raises `NotDead`.
    """
    try:
        with transaction.atomic():
            moved = _run(_AGAIN, job)
    except IntegrityError:
        moved = _run(_LEFT, job)
    if not moved:
        raise NotDead
    audit.note(by, "tried-job-again", f"job:{job.pk}", detail={"kind": job.kind})


def _run(sql: str, job: Job) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, [job.pk])
        return int(cursor.rowcount)


audit.worded({"tried-job-again": _("had a job tried again")})

"""What came too early waits for what it is about: seven days, and no longer (security.md, the job room)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from foundation import jobs
from network.federation.models import Inbound

# What it waits for may have come while it was being put aside, unseen by both; and some waits end.
_RIPE = """
SELECT id FROM federation_inbound AS parked
WHERE waits_for <> '' AND handled_at IS NULL AND (
    parked_until <= %s
    OR EXISTS (SELECT FROM federation_reference WHERE uri = parked.waits_for)
    OR EXISTS (SELECT FROM federation_actor WHERE uri = parked.waits_for))
ORDER BY id LIMIT %s
"""
AT_ONCE = 1000


def look_again(uri: str) -> None:
    """What was put aside until `uri` is here is looked at again, by a job of its own: nothing here calls itself."""
    _ask(Inbound.objects.filter(waits_for=uri, handled_at=None).values_list("pk", flat=True))


def look_at_ripe(now: datetime) -> None:
    """What waits no longer for anything is looked at again; what has waited long enough, for the last time."""
    with connection.cursor() as cursor:
        cursor.execute(_RIPE, [now, AT_ONCE])
        _ask(pk for (pk,) in cursor.fetchall())


def _ask(rows: Iterable[int]) -> None:
    jobs.add_many("arrival", {f"arrival:{pk}": {"inbound": pk} for pk in rows})

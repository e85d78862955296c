"""What happens again and again: one job a slot, however many ask."""

from django.db import connection, transaction

from foundation import jobs, registry

_TAKE_SLOTS = """
INSERT INTO foundation_periodicrun (kind, slot)
SELECT kind, floor(extract(epoch FROM statement_timestamp()) / period_s)
FROM unnest(%(kinds)s::text[], %(periods_s)s::float8[]) AS wanted (kind, period_s)
ON CONFLICT DO NOTHING RETURNING kind
"""


def tick() -> list[str]:
    """Every periodic kind whose slot by the database's clock is new has a job; return those kinds.

    The slot's row and the job are one transaction, so any number of beats and pollers may call this at once.
    """
    if not registry.PERIODS:
        return []
    periods = {kind: period.total_seconds() for kind, period in registry.PERIODS.items()}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_SLOTS, {"kinds": list(periods), "periods_s": list(periods.values())})
            taken = [kind for (kind,) in cursor.fetchall()]
        for kind in taken:
            jobs.add(kind, {}, key=f"every:{kind}")
    return taken

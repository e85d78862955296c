"""What follows from lines of evidence: who lends whom, and good conduct in sum. Both can be made anew (`derive`)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import log
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from accounts.models import Member
from vetting import evidence
from vetting.models import MILLION, Conduct, Edge, Evidence

EARLIER = {"confirmed": evidence.WORKED}
"""Kinds of lines written before there were edges, and what they count as."""

RATE_S = log(2) / (evidence.GOOD_HALF_LIFE_D * 86_400)
_GOOD = """
INSERT INTO vetting_conduct AS kept (member_id, good, good_at)
SELECT member, sum(good * exp(-%(rate)s * extract(epoch FROM newest - at))), newest
FROM (
    SELECT *, max(at) OVER (PARTITION BY member) AS newest
    FROM unnest(%(members)s::bigint[], %(goods)s::float8[], %(ats)s::timestamptz[]) AS line (member, good, at)
) AS said
GROUP BY member, newest
ON CONFLICT (member_id) DO UPDATE SET
    good = kept.good * exp(-%(rate)s * greatest(extract(epoch FROM excluded.good_at - kept.good_at), 0))
         + excluded.good * exp(-%(rate)s * greatest(extract(epoch FROM kept.good_at - excluded.good_at), 0)),
    good_at = greatest(kept.good_at, excluded.good_at)
"""


def follow(rows: Sequence[Evidence], members: Mapping[UUID, int]) -> set[int]:
    """Edges and good conduct are as these new lines say; the ids of the members whose standing they concern at once.

    `members`: ids by `ledger_id`; a line about or by somebody who is gone changes nothing. Call it once for each line,
    in the transaction that writes it; the order of lines does not matter, but an end comes after what it ends.
    """
    known = [row for row in rows if row.about in members and row.by in members]
    Edge.objects.bulk_create(_edge(row, members) for row in known if _kind(row) in evidence.LENDS)
    _add_good([row for row in known if _kind(row) in evidence.GOOD], members)
    concerned = {members[row.about] for row in known if row.kind not in evidence.UNHEARD}
    for row in known:
        if row.kind in evidence.ENDS:
            _end(row, members)
            concerned.add(members[row.by])
    return concerned


def _kind(row: Evidence) -> str:
    return EARLIER.get(row.kind, row.kind)


def _edge(row: Evidence, members: Mapping[UUID, int]) -> Edge:
    code = evidence.LENDS[_kind(row)].code
    return Edge(evidence=row, voucher_id=members[row.by], member_id=members[row.about], kind=code, at=row.at)


def _add_good(rows: Iterable[Evidence], members: Mapping[UUID, int]) -> None:
    """An exponential sum needs one number: it fades to the newer of two moments, and what is added with it."""
    said = [(members[row.about], evidence.GOOD[_kind(row)] * _word(row), row.at) for row in rows]
    if said:
        about, goods, ats = zip(*sorted(said), strict=True)
        values: dict[str, Any] = {"members": list(about), "goods": list(goods), "ats": list(ats), "rate": RATE_S}
        with connection.cursor() as cursor:
            cursor.execute(_GOOD, values)


def _word(row: Evidence) -> float:
    """Lines of before words were weighed count in full."""
    return 1.0 if row.word is None else row.word / MILLION


def _end(row: Evidence, members: Mapping[UUID, int]) -> None:
    """What the speaker lent the subject until then: one vouch, all by contact, or everything."""
    live = Edge.objects.filter(voucher=members[row.by], member=members[row.about], ended_at=None, at__lte=row.at)
    if row.kind == evidence.WITHDRAWN:
        live = live.filter(evidence__source=row.source)
    if row.kind == evidence.PARTED:
        live = live.filter(kind__in=BY_CONTACT)
    live.update(ended_at=row.at)


BY_CONTACT = [lends.code for lends in evidence.LENDS.values() if not lends.explicit]


@transaction.atomic
def derive() -> None:
    """Edges and conduct are made anew from the whole ledger; standings are recomputed by the next night."""
    Edge.objects.all().delete()
    Conduct.objects.all().delete()
    members = dict(Member.objects.values_list("ledger_id", "pk"))
    batch: list[Evidence] = []
    for row in Evidence.objects.order_by("pk").iterator(chunk_size=2000):
        batch.append(row)
        if len(batch) == 2000:
            follow(batch, members)
            batch = []
    follow(batch, members)


def good_now(good: float, good_at: datetime, now: datetime) -> float:
    """The sum of good evidence kept on `good_at`, as it is now."""
    age_d = max((now - good_at).total_seconds() / 86_400, 0.0)
    return float(good * 2.0 ** (-age_d / evidence.GOOD_HALF_LIFE_D))

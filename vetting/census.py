"""Everybody and all their words as arrays, read by the night; the worker's few are read by `links`.

One query each is streamed batch by batch, so that the server gathers the next while the last is counted in here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from foundation import arrays
from vetting import evidence, links, reputation

BATCH = 200_000
"""Ids read at once (reputation.md, Kernel and cost: 50 rows of 200,000 instead of 10 million)."""
DENSE = 8
"""Ids are looked up in a table as long as they fill more than an eighth of it."""

_BATCHES = """
SELECT part.* FROM generate_series(%(first)s::bigint, %(last)s::bigint, {batch}) AS start
CROSS JOIN LATERAL ({part}) AS part
"""
_MEMBERS = """
SELECT array_agg(kept.member_id) AS id, array_agg(kept.x), array_agg(kept.conduct), array_agg(kept.anchor),
       array_agg(kept.points), array_agg(kept.outflow), array_agg(kept.residual),
       array_agg(coalesce(good.good, 0)), array_agg(coalesce(good.good_at, 'epoch'))
FROM vetting_standing AS kept LEFT JOIN vetting_conduct AS good USING (member_id)
WHERE kept.member_id >= start AND kept.member_id < start + {batch} HAVING count(*) > 0
"""
_EDGES = """
SELECT array_agg(voucher_id) AS voucher, array_agg(member_id), array_agg(kind), array_agg(at) FROM vetting_edge
WHERE counted AND evidence_id >= start AND evidence_id < start + {batch} HAVING count(*) > 0
"""


@dataclass
class Town:
    """All members, one an index, as they were written last: shapes (n,). `good` has faded until now."""

    ids: NDArray[np.int64]
    x: NDArray[np.float64]
    conduct: NDArray[np.float64]
    anchor: NDArray[np.float64]
    points: NDArray[np.float64]
    outflow: NDArray[np.float64]
    residual: NDArray[np.float64]
    good: NDArray[np.float64]

    def __post_init__(self) -> None:
        last = int(self.ids[-1]) if len(self.ids) else 0
        self._table: NDArray[np.int32] | None = None
        if last < DENSE * len(self.ids) + BATCH:
            self._table = np.zeros(last + 1, np.int32)
            self._table[self.ids] = np.arange(len(self.ids), dtype=np.int32)

    def place(self, member: int) -> int | None:
        """The index of this id; None for whoever joined after the town was read."""
        place = int(np.searchsorted(self.ids, member))
        return place if place < len(self.ids) and self.ids[place] == member else None

    def places(self, members: Any) -> NDArray[np.int32]:
        """The indices of these ids, all of which are there."""
        found = np.searchsorted(self.ids, members) if self._table is None else self._table[members]
        return np.asarray(found, np.int32)


@dataclass
class Words:
    """What lends now, one word an index: shapes (m,); `voucher` and `member` are indices of the town.

    `read`: how many words there are, with those of anchors that do not lend.
    """

    voucher: NDArray[np.int32]
    member: NDArray[np.int32]
    weight: NDArray[np.float32]
    read: int


def members(now: datetime) -> Town:
    """Everybody who has a standing, by id."""
    parts = list(_stream(_MEMBERS, "vetting_standing", "member_id"))
    columns = [arrays.column([part[place] for part in parts], np.float64) for place in range(1, 8)]
    ids = arrays.column([part[0] for part in parts], np.int64)
    age_d = _ages_d(arrays.column([part[8] for part in parts], np.int64), now)
    columns[-1] *= np.exp2(-np.maximum(age_d, 0) / evidence.GOOD_HALF_LIFE_D)
    order = np.argsort(ids, kind="stable")
    return Town(ids[order], *(column[order] for column in columns))


def words(town: Town, anchors: NDArray[np.float64], now: datetime) -> Words:
    """All counted words that lend, as old as they are now."""
    voucher, member, weight, read = [], [], [], 0
    whole = anchors >= 1
    for by, about, kind, at in _stream(_EDGES, "vetting_edge", "evidence_id"):
        read += len(by)
        lender, code = town.places(by), kind.astype(np.intp)
        speaks = links.IS_EXPLICIT[code] | ~whole[lender]
        voucher.append(lender[speaks])
        member.append(town.places(about)[speaks])
        weight.append(links.weigh(code, _ages_d(at, now).astype(np.float32))[speaks])
    return Words(
        arrays.column(voucher, np.int32), arrays.column(member, np.int32), arrays.column(weight, np.float32), read
    )


def kernel(town: Town, lent: Words) -> tuple[Any, NDArray[np.float64]]:
    """K and the outflows W, shape (n,). The words are given up for it, so that both need not fit into memory."""
    links_, outflow = reputation.kernel(len(town.ids), lent.voucher, lent.member, lent.weight)
    lent.voucher, lent.member, lent.weight = np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32)
    return links_, outflow


def _ages_d(moments: arrays.Array, now: datetime) -> NDArray[np.float64]:
    return np.asarray((now.timestamp() * 1e6 - arrays.moments_us(moments)) / links.DAY_US, np.float64)


def _stream(part: str, table: str, key: str) -> Any:
    """The rows of `part` for each batch of ids of the table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(min({key}), 0), coalesce(max({key}), -1) FROM {table}")  # noqa: S608
        first, last = cursor.fetchone()
    query = _BATCHES.format(part=part.format(batch=BATCH), batch=BATCH)
    return arrays.rows(query, {"first": first, "last": last})

"""Everybody and all their words as arrays, read by the night; the worker's few are read by `links`.

One query each is streamed batch by batch, so that the server gathers the next while the last is counted in here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from foundation import arrays
from vetting import evidence, links, reputation

PAGES = 2_048
"""Pages of a table (8 kB, some 100 words) read at once, in the order in which they lie: no index is asked, and 50 rows
of 200,000 numbers each come over instead of 10 million (reputation.md, Kernel and cost)."""
DENSE, DENSE_MIN = 8, 200_000
"""Ids are looked up in a table as long as they fill more than an eighth of it, or it is small."""

_BATCHES = """
SELECT part.* FROM generate_series(0, %(pages)s::int8, {pages}) AS page CROSS JOIN LATERAL (
    SELECT {columns} FROM {table}
    WHERE ctid >= format('(%%s,0)', page)::tid AND ctid < format('(%%s,0)', page + {pages})::tid AND {chosen}
    HAVING count(*) > 0
) AS part
"""
_MEMBERS = ("member_id", "x", "conduct", "anchor", "points", "outflow", "residual")
_GOOD = ("member_id", "good", "good_at")
_WORDS = ("voucher_id", "member_id", "kind", "at")


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
        if last < DENSE * len(self.ids) + DENSE_MIN:
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
    parts = list(_stream("vetting_standing", _MEMBERS))
    ids = arrays.column([part[0] for part in parts], np.int64)
    columns = [arrays.column([part[place] for part in parts], np.float64) for place in range(1, len(_MEMBERS))]
    order = np.argsort(ids, kind="stable")
    columns.append(np.zeros(len(ids)))
    town = Town(ids[order], *(column[order] for column in columns))
    for member, good, at in _stream("vetting_conduct", _GOOD):
        faded = good * np.exp2(-np.maximum(_ages_d(at, now), 0) / evidence.GOOD_HALF_LIFE_D)
        there = np.isin(member, town.ids)
        town.good[town.places(member[there])] = faded[there]
    return town


def words(town: Town, anchors: NDArray[np.float64], now: datetime) -> Words:
    """All counted words that lend, as old as they are now."""
    voucher, member, weight, read = [], [], [], 0
    whole = anchors >= 1
    for by, about, kind, at in _stream("vetting_edge", _WORDS, chosen="counted"):
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


def _stream(table: str, columns: Sequence[str], *, chosen: str = "true") -> Iterator[tuple[arrays.Array, ...]]:
    """These columns of the chosen rows, some pages of the table at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(%s) / current_setting('block_size')::int8", [table])
        pages = cursor.fetchone()[0]
    listed = ", ".join(f"array_agg({column}) AS {column}" for column in columns)
    query = _BATCHES.format(pages=PAGES, columns=listed, table=table, chosen=chosen)
    return arrays.rows(query, {"pages": pages})

"""Who lends how much of their standing to whom, read for a few members: the night reads all (`nights`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foundation import arrays
from vetting import evidence, reputation

DAY_US = 86_400_000_000
_TOP = max(evidence.CODES) + 1
W0 = np.zeros(_TOP, np.float32)
HALF_LIFE_D = np.ones(_TOP, np.float32)
IS_EXPLICIT = np.zeros(_TOP, np.bool_)
for _lends in evidence.LENDS.values():
    W0[_lends.code], HALF_LIFE_D[_lends.code], IS_EXPLICIT[_lends.code] = (
        _lends.w0,
        _lends.half_life_d,
        _lends.explicit,
    )
"""Shape (codes,): the weight at most, its half-life in days, and whether it is given of one's own accord, by code."""

_OUT_OF = """
SELECT array_agg(edge.voucher_id), array_agg(edge.member_id), array_agg(edge.kind), array_agg(edge.at),
       array_agg((edge.ended_at IS NULL)::int4), array_agg(voucher.anchor), array_agg(member.conduct),
       array_agg(member.residual)
FROM vetting_edge AS edge
JOIN vetting_standing AS voucher ON voucher.member_id = edge.voucher_id
JOIN vetting_standing AS member ON member.member_id = edge.member_id
WHERE edge.voucher_id = ANY(%(vouchers)s::bigint[]) AND edge.counted HAVING count(*) > 0
"""


@dataclass(frozen=True)
class Words:
    """Counted edges, one an index: shapes (m,). `live`: not ended since they were counted. `anchor` is the voucher's,
    `conduct` and `residual` are the member's, as they were written last."""

    voucher: NDArray[np.int64]
    member: NDArray[np.int64]
    kind: NDArray[np.int64]
    age_d: NDArray[np.float64]
    live: NDArray[np.bool_]
    anchor: NDArray[np.float64]
    conduct: NDArray[np.float64]
    residual: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True)
class Lent:
    """k(v,u) of some vouchers and their whole outflows W(v)."""

    voucher: NDArray[np.int64]
    member: NDArray[np.int64]
    k: NDArray[np.float64]
    outflow: Mapping[int, float]


def speak(kind: NDArray[Any], anchor: NDArray[Any]) -> NDArray[np.bool_]:
    """Which words lend at all: a whole anchor's by explicit vouch only (reputation.md, Standing)."""
    return np.asarray(IS_EXPLICIT[kind] | (anchor < 1))


def weigh(kind: NDArray[Any], age_d: NDArray[Any]) -> NDArray[np.float32]:
    """What words of these kinds weigh at that age in days."""
    return reputation.weigh(W0[kind], HALF_LIFE_D[kind], age_d)


def out_of(vouchers: Sequence[int], as_of: datetime | None) -> Words:
    """All counted words of these members, as old as they were at `as_of`."""
    rows = [*arrays.rows(_OUT_OF, {"vouchers": list(vouchers)})] or [(np.empty(0, np.int64),) * 8]
    voucher, member, kind, at, live, anchor, conduct, residual = rows[0]
    age_d = (as_of.timestamp() * 1e6 - arrays.moments_us(at)) / DAY_US if as_of else np.zeros(len(at))
    return Words(
        voucher=voucher.astype(np.int64),
        member=member.astype(np.int64),
        kind=kind.astype(np.int64),
        age_d=age_d.astype(np.float64),
        live=live.astype(np.bool_),
        anchor=anchor.astype(np.float64),
        conduct=conduct.astype(np.float64),
        residual=residual.astype(np.float64),
    )


def lent(words: Words, only: NDArray[np.bool_]) -> Lent:
    """k along the words chosen by `only`; whatever else its voucher says must be among them."""
    voucher, member, kind = words.voucher[only], words.member[only], words.kind[only]
    if not len(voucher):
        return Lent(voucher, member, np.empty(0), {})
    ids, places = np.unique(np.concatenate([voucher, member]), return_inverse=True)
    weight = weigh(kind, words.age_d[only])
    links, outflow = reputation.kernel(len(ids), places[: len(voucher)], places[len(voucher) :], weight)
    pairs = links.tocoo()
    outflows = dict(zip(ids.tolist(), outflow.tolist(), strict=True))
    return Lent(ids[pairs.col], ids[pairs.row], pairs.data.astype(np.float64), outflows)

"""Six ways to give standing, each a function Net → score ≥ 0 of every member, and their scale at equal honest volume.

Ours is the shipped `vetting.reputation.solve`. The rivals, compactly: counting vouches; PageRank (d = 0.85, restart
anywhere); EigenTrust (Kamvar 2003: restart at the anchors with 0.15); SybilRank (Cao 2012: log2 n rounds from the
anchors over undirected ties, over the degree); Beta (Jøsang 2002: r good and s bad words, (r − s) / (r + s + 2), which
is 0 for somebody of whom nothing is known).
"""

from collections.abc import Callable
from math import ceil, log2
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks._attacks_town import Floats, Net
from vetting import reputation

FULL_A_DAY, HONEST_MEAN = 20.0, 8.0
"""Promotions a day of a full allowance, and of the mean honest member under every system: equal honest volume."""
RESTART, ROUNDS = 0.15, 60

Score = Callable[[Net], Floats]


def ours(net: Net) -> Floats:
    """x of the shipped model."""
    x = reputation.solve(
        net.members, net.voucher, net.subject, net.weight, conduct=net.conduct, anchors=net.anchors, tolerance=1e-5
    )
    return x.astype(np.float64)


def counting(net: Net) -> Floats:
    """How many members give their word for one."""
    return np.bincount(_words(net).indices, minlength=net.members).astype(np.float64)


def pagerank(net: Net) -> Floats:
    return _walk(net, np.ones(net.members))


def eigentrust(net: Net) -> Floats:
    return _walk(net, net.anchors)


def sybilrank(net: Net) -> Floats:
    words = _words(net)
    ties = ((words + words.T) > 0).astype(np.float64)
    degree = np.maximum(np.asarray(ties.sum(axis=1)), 1)
    trust = net.anchors / net.anchors.sum()
    for _round in range(ceil(log2(net.members))):
        trust = np.asarray(ties @ (trust / degree))
    return np.asarray(trust / degree)


def beta(net: Net) -> Floats:
    good = np.bincount(net.subject, weights=net.weight, minlength=net.members)
    return np.asarray(np.maximum(0, good - net.bad) / (good + net.bad + 2))


SYSTEMS: dict[str, Score] = {
    "ours": ours,
    "EigenTrust": eigentrust,
    "SybilRank": sybilrank,
    "PageRank": pagerank,
    "Beta": beta,
    "counting": counting,
}


def _words(net: Net) -> Any:
    """Row v holds what v's word for each u weighs; the words of a pair add up."""
    return sparse.coo_array((net.weight, (net.voucher, net.subject)), shape=(net.members, net.members)).tocsr()


def _walk(net: Net, restart: Floats) -> Floats:
    """The stationary walk along words that restarts with 0.15, and wherever somebody lends to nobody."""
    words = _words(net)
    outflow = np.asarray(words.sum(axis=1))
    onwards, home = words.T.tocsr(), restart / restart.sum()
    share = np.divide(1, outflow, out=np.zeros_like(outflow), where=outflow > 0)
    at = np.asarray(home)
    for _round in range(ROUNDS):
        passed = (1 - RESTART) * np.asarray(onwards @ (at * share))
        at = np.asarray(passed + (1 - passed.sum()) * home)
    return at


def scale(score: Floats, honest: int) -> float:
    """The score of a full allowance, so that members 0…honest−1 get `HONEST_MEAN` of `FULL_A_DAY` in the mean."""
    held = score[:honest]
    low, high = 0.0, float(held.max()) * FULL_A_DAY / HONEST_MEAN
    for _half in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(1, held / middle).mean() > HONEST_MEAN / FULL_A_DAY else (low, middle)
    return high


def shares(score: Floats, honest: int) -> NDArray[np.float64]:
    """min(1, points / 100) of everybody at equal honest volume."""
    return np.minimum(1, score / scale(score, honest))

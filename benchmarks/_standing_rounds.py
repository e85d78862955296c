"""One round and one solve for `standing`: against what the memory allows, and against others on the same work."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sknetwork.linalg.ppr_solver import get_pagerank

from benchmarks import _standing_town
from benchmarks._figures import quantile
from vetting import reputation

ROUNDS = 15
STREAM_BYTES = 256_000_000
"""Two arrays of that size do not fit into any cache."""
NETWORKX_EDGES = 500_000
AGREES = 1e-4
"""Σ|ours − theirs| ≤ this share of Σ ours: both stop at 1e-6, in float32 and float64."""


@dataclass(frozen=True)
class Model:
    """The linear system: K, c, s; `x` is its solution in float64, which the database has in float32."""

    kernel: Any
    conduct: NDArray[np.float64]
    anchors: NDArray[np.float64]
    outflow: NDArray[np.float64]
    x: NDArray[np.float64]


def model(words: _standing_town.Words, days: float, conduct: NDArray[Any], anchors: NDArray[Any]) -> Model:
    """The system of a town so many days after its evening, solved in float64 until nothing moves any more."""
    weight = words.weights(days, anchors)
    kernel, outflow = reputation.kernel(words.members, words.voucher, words.subject, weight)
    x, _rounds = reputation.settle(kernel, conduct=conduct, anchors=anchors)
    return Model(kernel, conduct, anchors, outflow, exact(kernel, conduct, anchors, x.astype(np.float64)))


def exact(kernel: Any, conduct: NDArray[Any], anchors: NDArray[Any], start: NDArray[np.float64]) -> NDArray[np.float64]:
    """The solution of c(s + Kx) = x in float64: Σ|error| ≤ 1e-12 · Σx."""
    x = start
    for _round in range(100):
        after = np.asarray(reputation.step(kernel, x, conduct=conduct, anchors=anchors), np.float64)
        moved, x = float(np.abs(after - x).sum()), after
        if moved <= 1e-12 * float(x.sum()):
            break
    return x


def round_s(kernel: Any, x: NDArray[np.float64]) -> tuple[float, float, float]:
    """Seconds of one round `csr @ x` in float32, of its streaming limit, and of its random-read limit; medians.

    Streaming limit: the bytes a round must touch once (data, indices, indptr, x, result) at the bandwidth at which
    numpy copies an array of 256 MB to another in this process, where each byte counts as read and as written (STREAM's
    convention, McCalpin 1995). Random-read limit: x gathered in the order of the indices (`take`, indices of 8 bytes,
    as it wants them), nothing added. All in one thread, and in turns, so that what else the machine does meets all
    three alike.
    """
    x32 = x.astype(np.float32)
    touched = kernel.data.nbytes + kernel.indices.nbytes + kernel.indptr.nbytes + 2 * x32.nbytes
    source, target = np.ones(STREAM_BYTES // 4, np.float32), np.ones(STREAM_BYTES // 4, np.float32)
    order, gathered = kernel.indices.astype(np.intp), np.empty(len(kernel.indices), np.float32)
    turns = [
        (
            timed(lambda: kernel @ x32),
            timed(lambda: np.copyto(target, source)) * touched / (2 * STREAM_BYTES),
            timed(lambda: np.take(x32, order, out=gathered, mode="clip")),
        )
        for _turn in range(ROUNDS)
    ]
    first, second, third = (quantile(times, 0.5) for times in zip(*turns, strict=True))
    return first, second, third


def timed(work: Callable[[], Any]) -> float:
    """Seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def solve_s(found: Model) -> float:
    """Seconds of our solve to 1e-6 without a start; the middle of three."""

    def solve() -> None:
        reputation.settle(found.kernel, conduct=found.conduct, anchors=found.anchors)

    return quantile([timed(solve) for _run in range(3)], 0.5)


def scikit_network(found: Model) -> tuple[float, float]:
    """(seconds over ours, Σ|difference| / Σx) of scikit-network's power iteration on the same system, to 1e-6.

    PageRank with damping 0.6 on the matrix c(u) · w(v,u) / max(10, W(v)), whose rows are filled up to 1 by an edge to
    a sink that keeps what it gets; without the sink its scores are ours up to a factor. Its matrix is made beforehand,
    as ours is.
    """
    n = len(found.x)
    passed = (sparse.diags_array(found.conduct) @ found.kernel).T.tocsr() / reputation.DAMPING
    sink = sparse.csr_array(np.maximum(0, 1 - passed.sum(axis=1))[:, None])
    walk = sparse.csr_matrix(sparse.block_array([[passed, sink], [None, sparse.csr_array([[1.0]])]], format="csr"))
    seeds = np.append(found.conduct * found.anchors, 0.0)
    options = {"damping_factor": reputation.DAMPING, "n_iter": 100, "tol": reputation.TOLERANCE / 1.5}

    def rank() -> NDArray[Any]:
        return np.asarray(get_pagerank(walk, seeds / seeds.sum(), solver="piteration", **options))

    theirs_s = quantile([timed(rank) for _run in range(3)], 0.5)
    return theirs_s / solve_s(found), _difference(rank()[:n], found.x)


def networkx_(members: int, edges: int) -> tuple[float, float, int]:
    """(seconds over ours, Σ|difference| / Σx, edges) of networkx' PageRank on a smaller town, everybody's conduct 1.

    Both from the graph as each keeps it (arrays here, dicts there) to the scores, so our kernel is built in our time.
    """
    share = min(1.0, NETWORKX_EDGES / edges)
    words = _standing_town.draw(round(members * share), round(edges * share))
    n, anchors = words.members, np.zeros(words.members)
    anchors[words.anchors] = 1.0
    weight, conduct = words.weights(0.0, anchors), np.ones(words.members)

    def ours() -> NDArray[np.float32]:
        return reputation.solve(n, words.voucher, words.subject, weight, conduct=conduct, anchors=anchors)

    graph = _graph(n, *reputation.kernel(n, words.voucher, words.subject, weight))
    seeds = {int(member): 1.0 for member in words.anchors}
    options = {"alpha": reputation.DAMPING, "personalization": seeds, "tol": reputation.TOLERANCE / 1.5 / (n + 1)}
    theirs_s = timed(lambda: nx.pagerank(graph, **options))
    ours_s = quantile([timed(ours) for _run in range(3)], 0.5)
    ranks = nx.pagerank(graph, **options)
    theirs = np.array([ranks[member] for member in range(n)])
    return theirs_s / ours_s, _difference(theirs, ours().astype(np.float64)), len(words.voucher)


def _graph(members: int, kernel: Any, _outflow: Any) -> Any:
    """The walk as a graph of networkx: rows filled up to 1 by an edge to a sink, numbered `members`."""
    pairs = kernel.tocoo()
    graph = nx.DiGraph()
    graph.add_nodes_from(range(members + 1))
    shares = pairs.data.astype(float) / reputation.DAMPING
    graph.add_weighted_edges_from(zip(pairs.col.tolist(), pairs.row.tolist(), shares.tolist(), strict=True))
    left = 1 - np.bincount(pairs.col, weights=shares, minlength=members)
    graph.add_weighted_edges_from((member, members, max(0.0, share)) for member, share in enumerate(left.tolist()))
    return graph


def _difference(theirs: NDArray[Any], ours: NDArray[np.float64]) -> float:
    """After both are scaled to a sum of 1."""
    return float(np.abs(theirs / theirs.sum() - ours / ours.sum()).sum())

"""Standing = what people lend you × how you behaved. Pure arithmetic on arrays: no Django, no clock, no database.

    x(u) = c(u) · ( s(u) + Σ_v k(v,u) · x(v) )     k(v,u) = 0.6 · w(v,u) / max(10, W(v))     W(v) = Σ_u w(v,u)
    c(u) = g / (g + b)                              g = 4 + min(6, good(u))                   b = bad(u)
    points(u) = 100 · x(u) / unit                   word(u) = min(1, points(u) / 100)²

u, v are members 0…n−1. w(v,u) is what v's word for u weighs now (`weigh`), at most 3 an ordered pair; s(u) is 1 for an
anchor and 0 for most; c(u) in (0, 1] is conduct. The map is a contraction in L1 with factor 0.6, so there is one
solution, and whoever holds an x with residual r = c(s + Kx) − x is at most Σ|r| / 0.4 away from it.

Anybody's simulation may call `solve`; the house itself calls `kernel`, `settle` and `push`. Why this model, and what it
cannot do: docs/reputation.md. Sources: EigenTrust (Kamvar 2003), SybilRank (Cao 2012), MeritRank (arXiv 2207.09950),
VoteTrust (INFOCOM 2013), push after Andersen, Chung & Lang (FOCS 2006). float32 for the solve, float64 for sums.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]
Kernel = Any
"""A scipy.sparse.csr_array of shape (n, n): row u holds k(v,u) at column v. scipy ships no types."""

DAMPING = 0.6
"""What one hop passes on at most, so that standing reaches 1 / (1 − 0.6) = 2.5 hops (MeritRank: short is safe)."""
OUTFLOW_MIN = 10.0
"""A member's word is divided by at least this, so one edge of weight 1 passes on at most 6 % (reputation.md, 2)."""
PAIR_MAX = 3.0
"""Cap of w for an ordered pair: at most 18 % along one edge."""
MATURING_D = 7.0
"""A new word counts half after a week: w0 · (1 − 2^(−age / 7 d)) · 2^(−age / H)."""
PRIOR_GOOD, GOOD_MAX = 4.0, 6.0
"""Good evidence everybody starts with, and the most that can be earned: 10 at best (invariant 4)."""
UNIT_MIN = 0.06
"""One mature word of one anchor, so that a young server's points are not made of dust."""
UNIT_NIGHTS = 30
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Pushed:
    """What one event changed: `moved[u]` was added to x(u); `residual[u]` is r(u) now, for every member touched."""

    moved: dict[int, float]
    residual: dict[int, float]


def weigh(w0: Floats, half_life_d: Floats, age_d: Floats) -> NDArray[np.float32]:
    """Weight now of words of `w0` given `age_d` days ago: maturing within weeks, fading by half every `half_life_d`.

    All three broadcast; an age below 0 weighs 0.
    """
    age = np.maximum(age_d, 0)
    return np.asarray(w0 * -np.expm1(-np.log(2) * age / MATURING_D) * np.exp2(-age / half_life_d), dtype=np.float32)


def conduct(good: Floats, bad: Floats) -> Floats:
    """c(u) in (0, 1] from decayed good and bad evidence; both ≥ 0, shape (n,)."""
    g = PRIOR_GOOD + np.minimum(GOOD_MAX, good)
    return np.asarray(g / (g + bad))


def kernel(members: int, voucher: Ids, subject: Ids, weight: Floats) -> tuple[Kernel, NDArray[np.float64]]:
    """K and the outflows W(v), shape (n,), of `members` and their words `weight[i]` of `voucher[i]` for `subject[i]`.

    Several words of one ordered pair add up, to at most 3. Nobody's word for themselves may be among them.
    """
    from scipy import sparse  # here alone (a quarter of a second at the start of every process, and used at night)

    shape = (members, members)
    words = sparse.coo_array((weight.astype(np.float32, copy=False), (subject, voucher)), shape=shape).tocsr()
    np.minimum(words.data, np.float32(PAIR_MAX), out=words.data)
    outflow = np.bincount(words.indices, weights=words.data, minlength=members).astype(np.float64, copy=False)
    words.data *= (DAMPING / np.maximum(OUTFLOW_MIN, outflow)).astype(np.float32)[words.indices]
    return words, outflow


def step(links: Kernel, x: Floats, *, conduct: Floats, anchors: Floats) -> Floats:
    """One round: c(s + Kx)."""
    return np.asarray(conduct * (anchors + links @ x))


def settle(
    links: Kernel, *, conduct: Floats, anchors: Floats, start: Floats | None = None, tolerance: float = TOLERANCE
) -> tuple[NDArray[np.float32], int]:
    """The solution x ≥ 0 in float32 and the rounds it took; Σ|error| ≤ `tolerance` · Σx where float32 allows.

    After a round that changed x by d in L1 the error is at most 0.6 / 0.4 · d (Banach); `start` saves rounds.
    """
    c, s = conduct.astype(np.float32), anchors.astype(np.float32)
    x = np.asarray(c * s if start is None else start, dtype=np.float32)
    change = np.inf
    for rounds in range(1, 60):
        after = step(links, x, conduct=c, anchors=s)
        before, change = change, float(np.abs(after - x).sum(dtype=np.float64))
        x = after
        if change * DAMPING / (1 - DAMPING) <= tolerance * float(x.sum(dtype=np.float64)) or change >= before:
            return x, rounds
    return x, rounds


def solve(
    members: int,
    voucher: Ids,
    subject: Ids,
    weight: Floats,
    *,
    conduct: Floats | None = None,
    anchors: Floats,
    start: Floats | None = None,
    tolerance: float = TOLERANCE,
) -> NDArray[np.float32]:
    """The standing x, shape (members,), of a whole network given as plain arrays: the entry point for simulations.

    `voucher`, `subject`: integers in [0, members), shape (m,): who gives their word for whom (never for themselves).
    `weight`: what each word weighs now, ≥ 0, shape (m,); make it with `weigh`. Words of a pair add up to at most 3.
    `conduct`: c in (0, 1], shape (members,), from `conduct(good, bad)`; everybody 1 if left out.
    `anchors`: s in [0, 1], shape (members,). `start`: an earlier x, to save rounds.

    Points are `points(x, unit)` with `unit = max(UNIT_MIN, mass_median(x[anchors == 0]))`.

    >>> anchors = np.array([1.0, 0.0, 0.0])
    >>> solve(3, np.array([0, 1]), np.array([1, 2]), np.array([1.0, 1.0]), anchors=anchors).round(4).tolist()
    [1.0, 0.05999999865889549, 0.00360000007785...]
    """
    links, _outflow = kernel(members, voucher, subject, weight)
    behaved = np.ones(members) if conduct is None else conduct
    return settle(links, conduct=behaved, anchors=anchors, start=start, tolerance=tolerance)[0]


def mass_median(x: Floats) -> float:
    """The x at which half of all standing is held by members with less; 0 for an empty or all-zero x.

    Weighted by mass, so that no number of dust accounts moves it far (reputation.md, pitfall 3).
    """
    ordered = np.sort(x.astype(np.float64))
    held = np.cumsum(ordered)
    if not len(held) or held[-1] <= 0:
        return 0.0
    return float(ordered[np.searchsorted(held, held[-1] / 2)])


def unit(medians: Sequence[float]) -> float:
    """What 100 points are: the mean of the last 30 nights' mass medians (the oldest first), never below 0.06."""
    lately = medians[-UNIT_NIGHTS:]
    return max(UNIT_MIN, sum(lately) / len(lately)) if lately else UNIT_MIN


def points(x: Any, unit: float) -> Any:
    """100 points for `unit` of standing; a number or an array."""
    return 100.0 * x / unit


def word(points: float) -> float:
    """What this member's praise and blame weigh, in [0, 1]: min(1, points/100)².

    Convex, so that a standing split over many accounts is heard less than in one (decision 31).
    """
    return max(0.0, min(1.0, points / 100)) ** 2


def regraded(x: float, residual: float, *, before: float, after: float) -> float:
    """The residual r = c(s + Kx) − x of a member whose conduct c went from `before` to `after`."""
    return (x + residual) * after / before - x


def push(
    residual: dict[int, float],
    *,
    rows: Callable[[list[int]], tuple[Ids, Ids, Floats]],
    resting: Callable[[list[int]], Sequence[float] | Floats],
    theta: float,
) -> Pushed:
    """Settles what an event left in `residual`: afterwards no touched |r(u)| exceeds `theta`.

    While some |r(u)| > theta: x(u) += r(u), and r(t) += c(t) · k(u,t) · r(u) for those u gives their word for.
    `rows(us)` answers their out-edges as three arrays (which of us, t, c(t) · k(u,t)); `resting(ts)` answers r of
    members not touched so far. Σ|x − solution| ≤ `error_bound(Σ|r|)` over all members, before and after.
    """
    left, moved = dict(residual), dict.fromkeys(residual, 0.0)
    loud = [u for u, amount in left.items() if abs(amount) > theta]
    while loud:
        amounts = np.array([left[u] for u in loud])
        for u in loud:
            moved[u] += left[u]
            left[u] = 0.0
        which, targets, factors = rows(loud)
        touched, places = np.unique(targets, return_inverse=True)
        shares = np.bincount(places, weights=factors * amounts[which], minlength=len(touched))
        _add(left, moved, touched.tolist(), shares.tolist(), resting)
        loud = [u for u in {*touched.tolist(), *loud} if abs(left[u]) > theta]
    return Pushed(moved, left)


def _add(
    left: dict[int, float],
    moved: dict[int, float],
    touched: list[int],
    shares: list[float],
    resting: Callable[[list[int]], Sequence[float] | Floats],
) -> None:
    fresh = [t for t in touched if t not in left]
    if fresh:
        left.update(zip(fresh, map(float, resting(fresh)), strict=True))
        moved.update(dict.fromkeys(fresh, 0.0))
    for t, share in zip(touched, shares, strict=True):
        left[t] += share


def error_bound(residual_sum: float) -> float:
    """Σ|x − solution| is at most this: the inverse of (1 − CK) has an L1 norm of at most 1 / (1 − 0.6)."""
    return residual_sum / (1 - DAMPING)

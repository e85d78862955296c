"""Attacks that gather standing: a farm of sybils in four wirings, a ring, sold vouches, a hostile server.

Each gives what the attackers have in promotions a day (full allowance 20, honest mean 8), or how many times more.
"""

from collections.abc import Callable

import numpy as np

from benchmarks._attacks_rivals import FULL_A_DAY, Score, ours, shares
from benchmarks._attacks_town import Floats, Ids, Net
from vetting import evidence, reputation

EDGES = 40
SYBILS_PER_EDGE = (5, 50)
OLD_ENOUGH_D = 60.0
"""Attackers are patient: their words have matured and hardly faded."""
RING_SIZES, RINGS = (3, 10, 30), 10
SOLD, SELLERS = (1, 3, 10, 30, 100), 50
REMOTE, CLIQUE = 1000, 20


def worth(kind: str) -> float:
    """What a patient attacker's word of that kind weighs."""
    lends = evidence.LENDS[kind]
    return float(reputation.weigh(np.array(lends.w0), np.array(lends.half_life_d), np.array(OLD_ENOUGH_D)))


def by_contacts(net: Net, many: int, chance: np.random.Generator) -> Ids:
    """Members at random in proportion to their contacts: who accepts more is fooled more often. Anchors among them."""
    degrees = net.degrees()
    return chance.choice(net.members, size=many, replace=False, p=degrees / degrees.sum()).astype(np.int64)


def fooled(net: Net, accounts: Ids, members: Ids) -> tuple[Ids, Ids, Floats]:
    """One confirmed context for each pair."""
    return net.contexts(accounts, members, np.full(len(accounts), worth(evidence.WORKED)))


# ── how the sybils of a farm lend to each other: n → (voucher, subject), all at the cap of a pair ──
def star(n: int, _chance: np.random.Generator) -> tuple[Ids, Ids]:
    """All to the first, the first to all."""
    hub, rest = np.zeros(n - 1, dtype=np.int64), np.arange(1, n)
    return np.concatenate((hub, rest)), np.concatenate((rest, hub))


def chain(n: int, _chance: np.random.Generator) -> tuple[Ids, Ids]:
    """Each to the four after it."""
    voucher = np.repeat(np.arange(n), 4)
    subject = voucher + np.tile(np.arange(1, 5), n)
    return voucher[subject < n], subject[subject < n]


def cliques(n: int, _chance: np.random.Generator) -> tuple[Ids, Ids]:
    """Everybody to everybody in groups of 20."""
    voucher, place = np.repeat(np.arange(n), CLIQUE), np.tile(np.arange(CLIQUE), n)
    subject = voucher // CLIQUE * CLIQUE + place
    kept = (subject < n) & (subject != voucher)
    return voucher[kept], subject[kept]


def tangle(n: int, chance: np.random.Generator) -> tuple[Ids, Ids]:
    """Each to the next in a ring and to five at random."""
    voucher = np.repeat(np.arange(n), 6)
    subject = chance.integers(n, size=(n, 6))
    subject[:, 0] = (np.arange(n) + 1) % n
    flat = subject.ravel()
    return voucher[flat != voucher], flat[flat != voucher]


WIRINGS: dict[str, Callable[[int, np.random.Generator], tuple[Ids, Ids]]] = {
    "star": star,
    "chain": chain,
    "cliques": cliques,
    "tangle": tangle,
}


def with_farm(net: Net, wiring: str, *, edges: int, sybils: int, chance: np.random.Generator) -> Net:
    """The net with a farm that fooled `edges` members; in a star all of them confirmed the one in the middle."""
    inner, outer = WIRINGS[wiring](sybils, chance)
    faces = np.zeros(edges, dtype=np.int64) if wiring == "star" else np.arange(edges) * sybils // edges
    voucher, subject, weight = fooled(net, net.members + faces, by_contacts(net, edges, chance))
    return net.joined(
        sybils,
        np.concatenate((voucher, net.members + inner)),
        np.concatenate((subject, net.members + outer)),
        np.concatenate((weight, np.full(len(inner), reputation.PAIR_MAX))),
    )


def farm(net: Net, score: Score, wiring: str, per_edge: int, chance: np.random.Generator) -> float:
    """Promotions a day of the whole farm for each attack edge."""
    attacked = with_farm(net, wiring, edges=EDGES, sybils=EDGES * per_edge, chance=chance)
    return FULL_A_DAY * float(shares(score(attacked), net.members)[net.members :].sum()) / EDGES


def ring(net: Net, score: Score, size: int, who: str, chance: np.random.Generator) -> float:
    """How many times more the members of ten rings have once each vouches for all of the ring, at the cap of a pair."""
    if who == "newcomers":
        accounts = np.arange(net.members, net.members + size * RINGS)
        pairs = (np.repeat(accounts, 2), by_contacts(net, 2 * len(accounts), chance))
        before = net.joined(len(accounts), *fooled(net, *pairs))
    else:
        accounts, before = chance.choice(net.ordinary(), size=size * RINGS, replace=False), net
    groups = accounts.reshape(RINGS, size)
    voucher, subject = np.repeat(groups, size, axis=1).ravel(), np.tile(groups, (1, size)).ravel()
    others = voucher != subject
    lent = np.full(int(others.sum()), reputation.PAIR_MAX)
    after = before.joined(0, voucher[others], subject[others], lent)
    had, have = (float(shares(score(one), net.members)[accounts].sum()) for one in (before, after))
    return have / had if had else np.inf


def sold(net: Net, score: Score, many: int, chance: np.random.Generator, *, top: bool = False) -> float:
    """Promotions a day that one of `many` vouches of one seller brings its buyer; the mean over fifty sellers.

    Sellers are at random among those who are no anchors; with `top`, the hundredth with the highest standing.
    """
    ordinary = net.ordinary()
    if top:
        held = ours(net)[ordinary]
        ordinary = ordinary[held >= np.quantile(held, 0.99)]
    sellers = chance.choice(ordinary, size=min(SELLERS, len(ordinary) // 2), replace=False)
    buyers = np.arange(net.members, net.members + len(sellers) * many)
    weight = np.full(len(buyers), worth(evidence.VOUCH))
    after = net.joined(len(buyers), np.repeat(sellers, many), buyers, weight)
    return FULL_A_DAY * float(shares(score(after), net.members)[buyers].mean())


def server(net: Net, score: Score, chance: np.random.Generator, *, strikes: float = 0.0) -> float:
    """Promotions a day of all of a hostile server's accounts, in cliques behind one wallet.

    Ours sees one member with a wallet of 100 points and one signed vouch for each account; rivals have no wallet, so
    they believe the accounts' words for each other. `strikes` is the liability that lies on the wallet.
    """
    wallet, people = net.members, net.members + 1 + np.arange(REMOTE)
    weight = np.full(REMOTE, worth(evidence.VOUCH))
    told = net.joined(1 + REMOTE, np.full(REMOTE, wallet), people, weight)
    told.anchors[wallet] = unit_of(net)
    told.conduct[wallet] = float(reputation.conduct(np.array(0.0), np.array(strikes)))
    if score is not ours:
        inner, outer = WIRINGS["cliques"](REMOTE, chance)
        told = told.joined(0, people[inner], people[outer], np.full(len(inner), reputation.PAIR_MAX))
    return FULL_A_DAY * float(shares(score(told), net.members)[people].sum())


def unit_of(net: Net) -> float:
    """What 100 points are in that town, as the night job would say."""
    return reputation.unit([reputation.mass_median(ours(net)[net.anchors == 0])])

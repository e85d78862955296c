"""A planted town for the attacks: communities, power-law contacts, a few anchors in each. The same for the same seed.

Everybody draws an appetite for contacts (Pareto, exponent 2.5); pairs meet in proportion to both appetites, nine in
ten within their community. A tie is one confirmed context, which makes both lend, at an age of up to four years; one
in seven is followed by a public vouch each way. Anchors, 3 % by default and some in every community, lend by public
vouch alone: to people they met in person, contacts first, then others of their community.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vetting import evidence, reputation

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

EXPONENT, APPETITE_MAX = 2.5, 25.0
TIES_EACH = 11.0
"""Mean number of drawn ties a member; the mean of distinct ones is a little lower."""
WITHIN = 0.9
COMMUNITY = 500
KINDS = {
    evidence.WORKED: 0.4,
    evidence.STUDIED: 0.15,
    evidence.INVITED: 0.1,
    evidence.MET: 0.25,
    evidence.ACCEPTED: 0.1,
}
"""Which contexts ties have: chosen, not measured."""
TIE_AGE_MAX_D, VOUCH_AGE_MAX_D = 4 * evidence.YEAR_D, evidence.YEAR_D
VOUCHED = 0.15
VOUCHES_MAX = 20
"""Live public vouches of one person (product.md)."""
ANCHOR_VOUCHES = 15


@dataclass(frozen=True)
class Net:
    """Members 0…n−1 and their words: `weight[i]` of `voucher[i]` for `subject[i]`, as they weigh now.

    `anchors` is s, `conduct` is c, `bad` the bad evidence behind it (for rivals that count it themselves), `lender` who
    lends for a member whose context is confirmed: that member, or nobody (−1) for an anchor; all of shape (n,).
    """

    members: int
    voucher: Ids
    subject: Ids
    weight: Floats
    anchors: Floats
    conduct: Floats
    bad: Floats
    lender: Ids

    def joined(self, more: int, voucher: Ids, subject: Ids, weight: Floats) -> "Net":
        """The net after `more` accounts came (numbered on from `members`) and words were added."""
        return replace(
            self,
            members=self.members + more,
            voucher=np.concatenate((self.voucher, voucher)),
            subject=np.concatenate((self.subject, subject)),
            weight=np.concatenate((self.weight, weight)),
            anchors=np.concatenate((self.anchors, np.zeros(more))),
            conduct=np.concatenate((self.conduct, np.ones(more))),
            bad=np.concatenate((self.bad, np.zeros(more))),
            lender=np.concatenate((self.lender, np.arange(self.members, self.members + more))),
        )

    def contexts(self, account: Ids, member: Ids, weight: Floats) -> tuple[Ids, Ids, Floats]:
        """The words that follow when accounts and members of this net confirm contexts of that weight: both ways."""
        lender = self.lender[member]
        lends = lender >= 0
        voucher, subject = np.concatenate((account, lender[lends])), np.concatenate((member, account[lends]))
        return voucher, subject, np.concatenate((weight, weight[lends]))

    def behaving(self, bad: Floats, good: Floats | None = None) -> "Net":
        """The net with that bad evidence; `good` is 6, the most, if left out."""
        earned = np.full(self.members, reputation.GOOD_MAX) if good is None else good
        return replace(self, bad=bad, conduct=np.asarray(reputation.conduct(earned, bad), dtype=np.float64))

    def degrees(self) -> Floats:
        """How many words each member received."""
        return np.bincount(self.subject, minlength=self.members).astype(np.float64)

    def ordinary(self) -> Ids:
        """Members who are no anchors."""
        return np.flatnonzero(self.anchors == 0)


def build(members: int, chance: np.random.Generator, *, anchors: float = 0.03, lending: str = "none") -> Net:
    """A town of `members`; `lending`: what anchors lend by mere contact.

    "none" as shipped; "all" as everybody else does; "lent": only what others lent to them. For "lent" each anchor has a
    second account (numbered on from `members`) that receives all words for the anchor and lends by contact.
    """
    community = chance.integers(max(2, members // COMMUNITY), size=members)
    a, b = _ties(community, chance)
    kind = chance.choice(len(KINDS), p=list(KINDS.values()), size=len(a))
    weight = _weights([evidence.LENDS[name] for name in KINDS], kind, chance.uniform(0, TIE_AGE_MAX_D, len(a)))
    anchored = _anchors(community, anchors, chance)
    confirmed = kind != list(KINDS).index(evidence.ACCEPTED)
    by_members, known = _vouches(a[confirmed], b[confirmed], anchored, chance)
    by_anchors, met = _by_anchors(a, b, community, anchored, chance)
    given = len(by_members) + len(by_anchors)
    age = chance.uniform(0, VOUCH_AGE_MAX_D, given)
    vouched = _weights([evidence.LENDS[evidence.VOUCH]], np.zeros(given, int), age)
    lender, receiver = _hands(anchored, lending)
    voucher = np.concatenate((lender[a], lender[b], by_members, by_anchors))
    subject = receiver[np.concatenate((b, a, known, met))]
    return _net(voucher, subject, np.concatenate((weight, weight, vouched)), anchored, lender)


def _net(voucher: Ids, subject: Ids, weight: Floats, anchored: Floats, lender: Ids) -> Net:
    """A town in which everybody behaves; words of nobody (−1) are left out, second accounts of anchors numbered on."""
    lends = voucher >= 0
    seconds = max(0, int(lender.max()) + 1 - len(anchored))
    many = len(anchored) + seconds
    s, hands = np.pad(anchored, (0, seconds)), np.append(lender, np.arange(len(anchored), many))
    return Net(many, voucher[lends], subject[lends], weight[lends], s, np.ones(many), np.zeros(many), hands)


def _weights(lends: list[evidence.Lends], kind: NDArray[Any], age: Floats) -> Floats:
    """What words of these kinds, given `age` days ago, weigh now."""
    w0, half_life = np.array([one.w0 for one in lends]), np.array([one.half_life_d for one in lends])
    return reputation.weigh(w0[kind], half_life[kind], age).astype(np.float64)


def _hands(anchored: Floats, lending: str) -> tuple[Ids, Ids]:
    """Who lends by contact for each member (−1: nobody), and who receives what is lent to them."""
    lender, receiver = np.arange(len(anchored)), np.arange(len(anchored))
    anchors = np.flatnonzero(anchored)
    if lending == "lent":
        lender[anchors] = receiver[anchors] = len(anchored) + np.arange(len(anchors))
    if lending == "none":
        lender[anchors] = -1
    return lender, receiver


def _ties(community: Ids, chance: np.random.Generator) -> tuple[Ids, Ids]:
    """Distinct pairs a < b; everybody has at least one."""
    members = len(community)
    appetite = np.minimum(APPETITE_MAX, (1 - chance.random(members)) ** (-1 / (EXPONENT - 1)))
    many = int(members * TIES_EACH / 2)
    a = chance.choice(members, size=many, p=appetite / appetite.sum())
    b = chance.choice(members, size=many, p=appetite / appetite.sum())
    near = chance.random(many) < WITHIN
    for one in np.unique(community):
        asked, there = np.flatnonzero(near & (community[a] == one)), np.flatnonzero(community == one)
        b[asked] = chance.choice(there, size=len(asked), p=appetite[there] / appetite[there].sum())
    alone = np.setdiff1d(np.arange(members), np.concatenate((a, b)))
    a, b = np.concatenate((a, alone)), np.concatenate((b, chance.permutation(members)[: len(alone)]))
    pairs = np.unique(np.sort(np.stack((a, b)), axis=0)[:, a != b], axis=1)
    return pairs[0], pairs[1]


def _anchors(community: Ids, share: float, chance: np.random.Generator) -> Floats:
    """s: 1 for that share of every community, chosen at random, at least one in each."""
    anchored = np.zeros(len(community))
    for one in np.unique(community):
        there = np.flatnonzero(community == one)
        anchored[chance.choice(there, size=max(1, round(share * len(there))), replace=False)] = 1
    return anchored


def _vouches(a: Ids, b: Ids, anchored: Floats, chance: np.random.Generator) -> tuple[Ids, Ids]:
    """Public vouches of people who are no anchors: for some of their confirmed contacts, at most 20 each."""
    voucher, subject = np.concatenate((a, b)), np.concatenate((b, a))
    given = (chance.random(len(voucher)) < VOUCHED) & (anchored[voucher] == 0)
    return _at_most(voucher[given], subject[given], VOUCHES_MAX, chance)


def _by_anchors(a: Ids, b: Ids, community: Ids, anchored: Floats, chance: np.random.Generator) -> tuple[Ids, Ids]:
    """Each anchor vouches for as many contacts as may be, then for others of the community."""
    voucher, subject = np.concatenate((a, b)), np.concatenate((b, a))
    contacts, known = _at_most(voucher[anchored[voucher] > 0], subject[anchored[voucher] > 0], ANCHOR_VOUCHES, chance)
    missing = ANCHOR_VOUCHES - np.bincount(contacts, minlength=len(community))
    givers, met = [contacts], [known]
    for anchor in np.flatnonzero((anchored > 0) & (missing > 0)):
        others = np.flatnonzero(community == community[anchor])
        others = np.setdiff1d(others, np.append(known[contacts == anchor], anchor))
        met.append(chance.choice(others, size=min(len(others), missing[anchor]), replace=False))
        givers.append(np.full(len(met[-1]), anchor))
    return np.concatenate(givers), np.concatenate(met)


def _at_most(voucher: Ids, subject: Ids, most: int, chance: np.random.Generator) -> tuple[Ids, Ids]:
    """At most so many words a voucher, chosen at random."""
    mixed = chance.permutation(len(voucher))
    order = mixed[np.argsort(voucher[mixed], kind="stable")]
    ranked = voucher[order]
    place = np.arange(len(ranked)) - np.searchsorted(ranked, ranked)
    kept = order[place < most]
    return voucher[kept], subject[kept]

"""Real ratings: Bitcoin-OTC (Kumar et al. 2016) with REV2's labels (2018): does standing tell the frauds apart?

A rating of +10 is a word at the cap of a pair, +1 a tenth of it; −10 is "not true", −1 a tenth of it, at the weight
of the rater's word. Standing and words depend on each other, so both are computed in turn until they rest. Nothing
fades and nothing waits for three people: ratings are public, and the labels cover all five years.

**The labels were made from these ratings**: all 180 frauds have a −5 or worse from one of the 136 trustworthy. The
second figure leaves out every rating that a member labelled trustworthy gave to any labelled member, good or bad
(1,743 of 35,592). Whoever has no rating left is ranked at 0, together with all others of whom nothing is known.

Anchors do not come from the labels: they are the earliest raters, 3 % of all. Some of those are labelled trustworthy;
anchors are left out when the ranking is judged.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from scipy.stats import rankdata

from benchmarks._attacks_rivals import eigentrust, ours
from benchmarks._attacks_town import Floats, Ids, Net
from vetting import evidence, reputation

RATINGS, LABELS = "soc-sign-bitcoinotc.csv", "otc_gt.csv"
ANCHORS = 0.03
TURNS = 20


@dataclass(frozen=True)
class Ratings:
    """Who rated whom, −10…10, oldest first, members numbered from 0; `label` is 1, −1 or 0 for each member."""

    rater: Ids
    rated: Ids
    rating: Floats
    label: Ids

    @property
    def members(self) -> int:
        return len(self.label)

    def without_the_labels_sources(self) -> "Ratings":
        """Without what members labelled trustworthy said of labelled members."""
        kept = ~((self.label[self.rater] == 1) & (self.label[self.rated] != 0))
        return replace(self, rater=self.rater[kept], rated=self.rated[kept], rating=self.rating[kept])


def read(folder: Path) -> Ratings | None:
    """The ratings, or None if a file is missing."""
    if not all((folder / name).is_file() for name in (RATINGS, LABELS)):
        return None
    rows = np.loadtxt(folder / RATINGS, delimiter=",")
    rows = rows[np.argsort(rows[:, 3], kind="stable")]
    names, numbers = np.unique(rows[:, :2].astype(np.int64), return_inverse=True)
    pairs = numbers.reshape(-1, 2)
    labels = np.loadtxt(folder / LABELS, delimiter=",", dtype=np.int64)
    label = np.zeros(len(names), dtype=np.int64)
    label[np.searchsorted(names, labels[:, 0])] = labels[:, 1]
    return Ratings(pairs[:, 0], pairs[:, 1], rows[:, 2], label)


def earliest(ratings: Ratings, share: float = ANCHORS) -> Ids:
    """Those who gave the first ratings, so many of all members."""
    _raters, first = np.unique(ratings.rater, return_index=True)
    return ratings.rater[np.sort(first)][: round(share * ratings.members)]


def praised_early(ratings: Ratings, share: float = ANCHORS) -> Ids:
    """Those with the highest sum of ratings in the first fifth of all ratings."""
    early = len(ratings.rated) // 5
    held = np.bincount(ratings.rated[:early], weights=ratings.rating[:early], minlength=ratings.members)
    return np.argsort(-held, kind="stable")[: round(share * ratings.members)]


CHOICES: dict[str, Callable[[Ratings], Ids]] = {
    "the earliest 3 % of raters": earliest,
    "the earliest 1 % of raters": partial(earliest, share=0.01),
    "the 3 % most praised in the first fifth": praised_early,
}


def auc(score: Floats, ratings: Ratings, anchors: Ids, *, anchors_too: bool = False) -> float:
    """Probability that a trustworthy member ranks above a fraud, ties counting half."""
    judged = ratings.label.copy()
    if not anchors_too:
        judged[anchors] = 0
    good, bad = score[judged == 1], score[judged == -1]
    ranks = rankdata(np.concatenate((good, bad)))[: len(good)]
    return float((ranks.sum() - len(good) * (len(good) + 1) / 2) / (len(good) * len(bad)))


def ours_of(ratings: Ratings, anchors: Ids) -> Floats:
    """Standing, with conduct from the words of those who hold standing."""
    net, praise, blame = _net(ratings, anchors)
    for _turn in range(TURNS):
        x = ours(net)
        unit = reputation.unit([reputation.mass_median(x[net.anchors == 0])])
        word = np.array([reputation.word(one) for one in reputation.points(x, unit)])
        good = np.bincount(ratings.rated, weights=praise * word[ratings.rater], minlength=net.members)
        bad = np.bincount(ratings.rated, weights=blame * word[ratings.rater], minlength=net.members)
        net = net.behaving(np.minimum(evidence.ACCUSATIONS_MAX, bad), good.astype(np.float64))
    return ours(net)


def eigentrust_of(ratings: Ratings, anchors: Ids) -> Floats:
    """Local trust is the positive ratings, as in the paper: max(0, sum)."""
    return eigentrust(_net(ratings, anchors)[0])


def beta_of(ratings: Ratings, _anchors: Ids) -> Floats:
    """(r + 1) / (r + s + 2): the expectation, 1/2 for somebody of whom nothing is known."""
    good, bad = (
        np.bincount(ratings.rated, weights=np.maximum(0, sign * ratings.rating) / 10, minlength=ratings.members)
        for sign in (1, -1)
    )
    return np.asarray((good + 1) / (good + bad + 2))


RANKINGS: dict[str, Callable[[Ratings, Ids], Floats]] = {"ours": ours_of, "Beta": beta_of, "EigenTrust": eigentrust_of}


def _net(ratings: Ratings, anchors: Ids) -> tuple[Net, Floats, Floats]:
    """The positive ratings as words, and what each rating weighs as praise and as blame at a word of 1."""
    many, positive = ratings.members, ratings.rating > 0
    weight = reputation.PAIR_MAX * ratings.rating[positive] / 10
    s = np.zeros(many)
    s[anchors] = 1
    net = Net(
        many,
        ratings.rater[positive],
        ratings.rated[positive],
        weight,
        s,
        np.ones(many),
        np.zeros(many),
        np.arange(many),
    )
    praise = evidence.GOOD[evidence.WORKED] * np.maximum(0, ratings.rating) / 10
    return net, praise, evidence.ACCUSATION_WEIGHT * np.maximum(0, -ratings.rating) / 10

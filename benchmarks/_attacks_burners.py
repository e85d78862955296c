"""Burners against labelled promoters, 240 days: who is heard more often for the same number of contacts won?

Every operator wins one confirmed contact in eight days. A promoter keeps them all on one account and labels what is
sent into open calls. A burner spreads them over accounts, k on each, and sends from each without a label whenever its
bucket holds one. Of what comes unlabelled one recipient in five reports it, at the weight of their word; from 0.5 on
the rest is held. A moderator decides three days after the first report: a strike. Then the bucket is empty and rests,
conduct falls, every contact is liable, and half of them leave. The account is used again after its rest; the third
strike ends it.
"""

from dataclasses import dataclass, field

import numpy as np

from benchmarks import _attacks_newcomers as buckets
from benchmarks._attacks_farms import by_contacts
from benchmarks._attacks_rivals import Score, shares
from benchmarks._attacks_town import Flags, Floats, Ids, Net
from vetting import conduct, evidence, reputation

DAYS, CONTACT_EVERY_D = 240, 8
CONTACTS_EACH = DAYS // CONTACT_EVERY_D
ON_EACH_ACCOUNT = (1, 2, 4, 8, CONTACTS_EACH)
OPERATORS = 6
REPORTED, HELD_FROM, DECIDED_AFTER_D, LEAVES = 0.2, 0.5, 3, 0.5
FADES = 2.0 ** (-1 / evidence.BAD_HALF_LIFE_D)


@dataclass
class Play:
    """The accounts of all operators and how they fare; ties between `account[i]` and `member[i]` from day `born[i]`."""

    net: Net
    account: Ids
    member: Ids
    born: Floats
    labelled: Flags
    chance: np.random.Generator
    alive: Flags = field(init=False)
    bad: Floats = field(init=False)
    level: Floats = field(init=False)
    reports: Floats = field(init=False)
    reported: Floats = field(init=False)
    """The day of the first report that is not yet decided; infinite if there is none."""
    rests: Floats = field(init=False)
    strikes: Ids = field(init=False)
    sent: Floats = field(init=False)

    def __post_init__(self) -> None:
        many = len(self.labelled)
        self.alive = np.ones(len(self.account), dtype=np.bool_)
        self.bad = np.zeros(self.net.members + many)
        self.level, self.reports, self.sent = np.full(many, -1.0), np.zeros(many), np.zeros(many)
        self.reported = np.full(many, np.inf)
        self.rests, self.strikes = np.zeros(many), np.zeros(many, dtype=np.int64)


def burners(net: Net, score: Score, chance: np.random.Generator) -> dict[int, float]:
    """k → what a burner with k contacts an account delivered in 240 days, over what a promoter did."""
    plans = (0, *ON_EACH_ACCOUNT)
    owner, account, labelled = _accounts(plans)
    operators = OPERATORS * len(plans)
    member = np.concatenate([by_contacts(net, CONTACTS_EACH, chance) for _operator in range(operators)])
    born = np.tile(np.arange(CONTACTS_EACH) * float(CONTACT_EVERY_D), operators)
    play = Play(net, account, member, born, labelled, chance)
    for day in range(DAYS):
        _live(play, score, day)
    by_operator = np.bincount(owner, weights=play.sent, minlength=operators)
    heard = by_operator.reshape(len(plans), OPERATORS).mean(axis=1)
    return {k: float(heard[place] / heard[0]) for place, k in enumerate(plans) if k}


def _accounts(plans: tuple[int, ...]) -> tuple[Ids, Ids, Flags]:
    """Whose each account is, to which account each contact goes, which accounts label; plan 0 is the promoter's."""
    owner: list[int] = []
    account: list[int] = []
    labelled: list[bool] = []
    for operator, plan in enumerate(np.repeat(plans, OPERATORS).tolist()):
        on_each = plan or CONTACTS_EACH
        account += [len(owner) + contact // on_each for contact in range(CONTACTS_EACH)]
        opened = -(-CONTACTS_EACH // on_each)
        owner += [operator] * opened
        labelled += [plan == 0] * opened
    return np.array(owner), np.array(account), np.array(labelled)


def _live(play: Play, score: Score, day: int) -> None:
    """One day: standing, buckets, what is sent, what is said of it, strikes."""
    share = _standing(play, score, day)
    own, everybody = share[play.net.members :], share[: play.net.members]
    _strike(play, np.flatnonzero(play.reported + DECIDED_AFTER_D <= day), day)
    silent = (play.rests > day) | (play.reports >= HELD_FROM)
    fresh = (play.level < 0) & (buckets.in_use.holds(own) >= 1)
    play.level = np.where(fresh, buckets.in_use.begin(own), buckets.in_use.fill(np.maximum(play.level, 0), own))
    play.level[silent] = 0
    sends = np.floor(play.level).astype(np.int64)
    play.level -= sends
    play.sent += sends
    for account in np.flatnonzero(~play.labelled & (sends > 0)):
        recipients = play.chance.choice(everybody, size=sends[account])
        angry = recipients[play.chance.random(sends[account]) < REPORTED]
        play.reports[account] += sum(reputation.word(100 * one) for one in angry)
        if len(angry):
            play.reported[account] = min(play.reported[account], day)
    play.bad *= FADES


def _standing(play: Play, score: Score, day: int) -> Floats:
    """Everybody's share of a full allowance today."""
    net, now = play.net, play.alive & (play.born <= day)
    account, member = net.members + play.account[now], play.member[now]
    age = day - play.born[now]
    w0 = np.full(len(age), evidence.LENDS[evidence.WORKED].w0)
    half_life = np.full(len(age), evidence.LENDS[evidence.WORKED].half_life_d)
    weight = reputation.weigh(w0, half_life, age).astype(np.float64)
    grown = net.joined(len(play.labelled), *net.contexts(account, member, weight))
    good = np.zeros(grown.members)
    good[: net.members] = reputation.GOOD_MAX
    return shares(score(grown.behaving(play.bad.copy(), good)), net.members)


def _strike(play: Play, struck: Ids, day: int) -> None:
    """A moderator upheld what was reported of these accounts."""
    for account in struck:
        play.reports[account], play.reported[account] = 0, np.inf
        rests = [rest.days for rest in conduct.RESTS]
        play.rests[account] = day + rests[play.strikes[account]] if play.strikes[account] < len(rests) else np.inf
        play.strikes[account] += 1
        play.bad[play.net.members + account] += evidence.STRIKE_WEIGHT
        lent = np.flatnonzero(play.alive & (play.born <= day) & (play.account == account))
        liable = evidence.LIABILITY_WEIGHT * evidence.LIABLE_FOR_CONTACT / max(1, len(lent))
        members = play.member[lent]
        play.bad[members] = np.minimum(evidence.LIABILITY_MAX, play.bad[members] + liable)
        play.alive[lent[play.chance.random(len(lent)) < LEAVES]] = False

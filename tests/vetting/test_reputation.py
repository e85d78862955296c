"""The arithmetic of standing: seven invariants (docs/reputation.md), each tried on small networks of any shape."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from vetting import conduct, evidence, reputation
from vetting.conduct import Fact

Floats = NDArray[np.floating[Any]]
NEAR = 1e-5
"""float32 on a handful of members."""
NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Network:
    """Words (voucher, subject, weight) among `members`; s, good and bad evidence of each."""

    members: int
    words: list[tuple[int, int, float]]
    anchors: Floats
    good: Floats
    bad: Floats

    @property
    def columns(self) -> tuple[Any, Any, Floats]:
        voucher, subject, weight = zip(*self.words, strict=True) if self.words else ((), (), ())
        return np.array(voucher, np.int64), np.array(subject, np.int64), np.array(weight, np.float64)

    @property
    def conduct(self) -> Floats:
        return reputation.conduct(self.good, self.bad)

    @property
    def kernel(self) -> Floats:
        """K, written down a second time: dense, word by word."""
        weight = np.zeros((self.members, self.members))
        for voucher, subject, amount in self.words:
            weight[subject, voucher] += amount
        weight = np.minimum(weight, 3)
        return np.asarray(0.6 * weight / np.maximum(10, weight.sum(axis=0)))

    @property
    def solution(self) -> Floats:
        c = self.conduct
        return np.asarray(np.linalg.solve(np.eye(self.members) - c[:, None] * self.kernel, c * self.anchors))

    def solve(self, **more: Any) -> Floats:
        return reputation.solve(self.members, *self.columns, conduct=self.conduct, anchors=self.anchors, **more)


@st.composite
def networks(draw: st.DrawFn, most: int = 9) -> Network:
    members = draw(st.integers(2, most))
    places = st.integers(0, members - 1)
    words = st.tuples(places, places, st.floats(0, 4, width=32)).filter(lambda word: word[0] != word[1])
    amounts = st.lists(st.floats(0, 12, width=32), min_size=members, max_size=members).map(np.array)
    shares = st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.5, 1.0]), min_size=members, max_size=members).map(np.array)
    return Network(members, draw(st.lists(words, max_size=40)), draw(shares), draw(amounts), draw(amounts))


@given(networks())
def test_what_is_found_is_the_solution_of_the_equation(network: Network) -> None:
    assert network.solve() == pytest.approx(network.solution, rel=1e-4, abs=NEAR)


@given(networks(), st.lists(st.floats(0, 5), min_size=9, max_size=9))
def test_where_it_starts_does_not_matter(network: Network, start: list[float]) -> None:
    found = network.solve(start=np.array(start[: network.members]))

    assert found == pytest.approx(network.solution, rel=1e-4, abs=10 * NEAR)


# ── 1 · conservation ──


@given(networks(), st.lists(st.booleans(), min_size=9, max_size=9))
def test_any_set_of_accounts_shares_what_comes_in_however_it_is_wired(network: Network, among: list[bool]) -> None:
    ours = np.array(among[: network.members])
    x = network.solve()
    inflow = (network.kernel @ np.where(ours, 0, x))[ours].sum()

    assert x[ours].sum() <= (network.anchors[ours].sum() + inflow) / 0.4 + NEAR


@given(networks(), st.integers(1, 60), st.randoms(use_true_random=False))
def test_a_farm_behind_one_edge_gets_what_one_account_gets(network: Network, size: int, dice: random.Random) -> None:
    """Deliberate abuse: sixty puppets, wired at random among themselves, behind a single word of member 0."""
    puppets = range(network.members, network.members + size)
    farm = [(dice.choice(puppets), dice.choice(puppets), dice.random() * 3) for _word in range(4 * size)]
    words = [*network.words, (0, network.members, 1.0), *(word for word in farm if word[0] != word[1])]
    clean = np.zeros(size)
    whole = Network(
        network.members + size,
        words,
        *(np.concatenate([part, clean]) for part in (network.anchors, network.good, network.bad)),
    )

    x = whole.solve()

    assert x[network.members :].sum() <= 0.06 * x[0] / 0.4 + NEAR


# ── 2 · one edge ──


@given(networks())
def test_one_word_passes_on_six_percent_a_unit_and_eighteen_at_the_cap(network: Network) -> None:
    links, outflow = reputation.kernel(network.members, *network.columns)
    k, weight = links.toarray(), np.zeros((network.members, network.members))
    for voucher, subject, amount in network.words:
        weight[subject, voucher] += amount

    assert (k <= 0.06 * weight + 1e-7).all()
    assert (k <= 0.18 + 1e-7).all()
    assert (k.sum(axis=0) <= 0.6 + 1e-6).all()
    assert outflow == pytest.approx(np.minimum(weight, 3).sum(axis=0), rel=1e-5)


@given(networks(), st.floats(0.01, 9))
def test_a_newcomer_has_at_most_what_one_word_adds(network: Network, weight: float) -> None:
    words = [*network.words, (0, network.members, weight)]
    parts = (np.append(part, 0) for part in (network.anchors, network.good, network.bad))

    x = Network(network.members + 1, words, *parts).solve()

    assert x[-1] <= min(0.06 * weight, 0.18) * x[0] + NEAR


# ── 3 · no anchor, no standing ──


@given(networks())
def test_a_ring_without_an_anchor_has_exactly_nothing(network: Network) -> None:
    """Also beside an honest town: no word leads into the ring, so nothing does."""
    both = Network(
        2 * network.members,
        network.words + [(v + network.members, u + network.members, 3.0) for v, u, _weight in network.words],
        np.concatenate([network.anchors, np.zeros(network.members)]),
        np.concatenate([network.good, np.full(network.members, 6.0)]),
        np.concatenate([network.bad, np.zeros(network.members)]),
    )

    assert (both.solve()[network.members :] == 0).all()


# ── 4 · bounded blame ──

accusers = st.sampled_from("abcdefghijkl")


def said(*kinds: str) -> st.SearchStrategy[list[Fact]]:
    """Anything of these kinds, by anybody, at any time, as often as they like."""
    facts = st.builds(
        Fact,
        kind=st.sampled_from(kinds),
        by=accusers,
        source=st.uuids().map(str),
        at=st.integers(0, 400).map(lambda days: NOW - timedelta(days=days)),
        word=st.floats(0, 1),
    )
    return st.lists(facts, max_size=60)


@pytest.mark.parametrize(
    ("kinds", "least"),
    [
        ([evidence.REPORTED], 10 / 14),
        ([evidence.NOT_TRUE, evidence.PITCH], 10 / 22),
        ([evidence.LIABLE], 10 / 16),
        ([evidence.REPORTED, evidence.NOT_TRUE, evidence.PITCH, evidence.LIABLE], 10 / 32),
    ],
)
def test_an_established_member_keeps_most_of_it_whatever_is_said(kinds: list[str], least: float) -> None:
    @given(said(*kinds))
    def tried(facts: list[Fact]) -> None:
        bad = conduct.bad(facts, NOW).total
        assert float(reputation.conduct(np.array([6.0]), np.array([bad]))[0]) >= least - 1e-12

    tried()
    many = [Fact(kinds[0], name, f"{name}{n}", NOW - timedelta(days=9)) for name in "abcdefgh" for n in range(40)]
    assert conduct.bad(many, NOW).total > 3, "there is something to bound"


# ── 5 · the explanation adds up ──


@given(networks(), st.floats(0.06, 3))
def test_the_rows_add_up_to_the_points(network: Network, unit: float) -> None:
    x = network.solve()
    lent = reputation.points(network.kernel * x, unit)
    backing = lent.sum(axis=1) + reputation.points(network.anchors, unit)
    blame = 1 - network.conduct  # (1 − c) · b_e / b of each kind e, together
    shown = backing - backing * blame

    assert shown == pytest.approx(reputation.points(x, unit), rel=1e-4, abs=100 * NEAR / unit)


# ── 6 · the push bound ──


@given(networks(), st.data())
def test_a_push_settles_what_it_touched_and_keeps_the_bound(network: Network, data: st.DataObject) -> None:
    """Anything at all happened to some: afterwards no touched residual is above theta, and the bound holds."""
    c, k = network.conduct, network.kernel
    x = network.solution + np.array(data.draw(st.lists(st.floats(-0.1, 1), min_size=9, max_size=9))[: network.members])
    residual = c * (network.anchors + k @ x) - x
    theta = data.draw(st.sampled_from([1e-6, 1e-3, 0.05]))
    loud = {u: float(residual[u]) for u in range(network.members) if abs(residual[u]) > theta}

    def rows(members: list[int]) -> tuple[Any, Any, Floats]:
        place = np.repeat(np.arange(len(members)), network.members)
        target = np.tile(np.arange(network.members), len(members))
        factor = (c[:, None] * k)[:, members].T.ravel()
        told = factor > 0
        return place[told], target[told], factor[told]

    pushed = reputation.push(loud, rows=rows, resting=lambda members: residual[members], theta=theta)

    after = x.copy()
    for member, amount in pushed.moved.items():
        after[member] += amount
    left = c * (network.anchors + k @ after) - after
    assert all(abs(amount) <= theta for amount in pushed.residual.values())
    for member in range(network.members):
        assert left[member] == pytest.approx(pushed.residual.get(member, residual[member]), abs=1e-9)
    assert np.abs(after - network.solution).sum() <= reputation.error_bound(float(np.abs(left).sum())) + 1e-9
    assert np.abs(left).sum() <= np.abs(residual).sum() + 1e-9


@given(networks(), st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_changed_conduct_leaves_the_residual_that_the_equation_says(
    network: Network, before: float, after: float
) -> None:
    x, c = 1.5 * network.solution, network.conduct
    c[0] = before
    kept = float((c * (network.anchors + network.kernel @ x) - x)[0])
    c[0] = after
    expected = float((c * (network.anchors + network.kernel @ x) - x)[0])

    assert reputation.regraded(float(x[0]), kept, before=before, after=after) == pytest.approx(expected, abs=1e-9)


# ── 7 · order and repetition ──


@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_words_does_not_matter(network: Network, dice: random.Random) -> None:
    shuffled = network.words[:]
    dice.shuffle(shuffled)
    other = Network(network.members, shuffled, network.anchors, network.good, network.bad)

    assert other.solve() == pytest.approx(network.solve(), rel=1e-5, abs=NEAR)


@given(said(*evidence.CONDUCT), st.randoms(use_true_random=False))
def test_the_order_of_facts_and_saying_them_twice_change_nothing(facts: list[Fact], dice: random.Random) -> None:
    again = facts + facts[::2]
    dice.shuffle(again)

    assert conduct.bad(again, NOW) == conduct.bad(facts, NOW)


def test_reports_sum_to_the_same_last_digit_whatever_order_they_are_read_in() -> None:
    facts = [Fact(evidence.REPORTED, str(n), str(n), NOW - 30 * conduct.DAY, n / 700) for n in range(1, 61)]
    orders = [random.Random(seed).sample(facts, len(facts)) for seed in range(50)]

    assert len({conduct.bad(order, NOW).whispered for order in orders}) == 1

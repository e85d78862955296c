"""A town for `standing`: members and words between them by the ten million, always the same, poured in by binary COPY.

Both ends of a word are drawn in proportion to rank^(−1/2), so that degrees fall off as a power law of exponent 3
(Barabási & Albert, Science 286, 1999); who has which rank is random, which is the worst for caches. Nine words in ten
come in pairs, as confirmations do, one in ten is a public vouch, four of ten vouches by an anchor. Ages spread over
five years, more of them recent. 3 % are anchors; about 1 % of the members there is something bad on record.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts.models import Account, Member
from benchmarks import _bulk
from foundation import arrays
from vetting import evidence, links
from vetting.models import Edge, Evidence

SEED = 20_261_125
EVENING = datetime(2026, 11, 24, 21, tzinfo=UTC)
"""When the town is as it was filled, a Tuesday; the nights follow."""
ANCHORS, ACCUSED = 0.03, 0.01
VOUCHES, BY_ANCHORS = 0.1, 0.4
OLDEST_D = 5 * 365.0
IN_PAIRS = {1: 0.35, 2: 0.12, 3: 0.05, 4: 0.12, 5: 0.1, 6: 0.06, 7: 0.2}
"""Shares of the kinds that come in pairs, by code (`evidence.LENDS`)."""

_TABLES = ("vetting_evidence", "vetting_edge", "vetting_conduct", "vetting_proof", "vetting_standing")
_NAMES = "CASE kind " + " ".join(f"WHEN {code} THEN '{kind}'" for code, kind in evidence.CODES.items()) + " END"
_LEDGER_ID = "md5('ledger ' || {})::uuid"
_LINES = f"""
INSERT INTO vetting_evidence (id, about, number, by, kind, source, at, word, commitment, previous, hash)
SELECT evidence_id, {_LEDGER_ID.format("member_id")}, row_number() OVER (PARTITION BY member_id ORDER BY evidence_id),
       {_LEDGER_ID.format("voucher_id")}, {_NAMES}, 'bench:' || evidence_id, at, 1000000,
       sha256(int8send(evidence_id)), sha256(int8send(-evidence_id)), sha256(int8send(evidence_id + 1))
FROM vetting_edge
"""  # noqa: S608
_ACCUSED = f"""
INSERT INTO vetting_evidence (about, number, by, kind, source, at, word, commitment, previous, hash)
SELECT {_LEDGER_ID.format("about")}, 1000000 + row_number() OVER (PARTITION BY about), {_LEDGER_ID.format("by")},
       (%s::text[])[1 + line %% 5], 'bench:bad:' || line, %s::timestamptz - line * %s * interval '300 days', 1000000,
       sha256(int8send(line)), sha256(int8send(line)), sha256(int8send(line))
FROM (SELECT line, 1 + (line / 2 * 7919) %% %s AS about, 1 + (line * 104729 + 1) %% %s AS by
      FROM generate_series(1, %s) AS line) AS drawn
WHERE about <> by
"""  # noqa: S608


@dataclass(frozen=True)
class Words:
    """What was poured in, one word an index: shapes (m,); members are numbers 0 … n−1, whose ids are one more."""

    members: int
    voucher: NDArray[np.int32]
    subject: NDArray[np.int32]
    kind: NDArray[np.int16]
    age_d: NDArray[np.float64]
    anchors: NDArray[np.int32]

    def weights(self, days_later: float, anchor: NDArray[Any]) -> NDArray[np.float32]:
        """What the words weigh so many days after `EVENING`; nothing where its speaker does not lend by it."""
        weight = links.weigh(self.kind, self.age_d + days_later)
        return np.asarray(weight * links.speak(self.kind, anchor[self.voucher]), np.float32)


def draw(members: int, edges: int) -> Words:
    """The words of a town of that size, the oldest first."""
    chance = np.random.default_rng(SEED)
    who = chance.permutation(members).astype(np.int32)
    anchors = chance.choice(members, max(1, round(ANCHORS * members)), replace=False).astype(np.int32)
    pairs, vouches = round(edges * (1 - VOUCHES) / 2), round(edges * VOUCHES)
    one, other, subject = (who[_ranks(chance, members, count)] for count in (pairs, pairs, vouches))
    by_anchor = chance.random(vouches) < BY_ANCHORS
    voucher = np.where(by_anchor, chance.choice(anchors, vouches), who[_ranks(chance, members, vouches)])
    code = chance.choice(list(IN_PAIRS), pairs, p=list(IN_PAIRS.values())).astype(np.int16)
    age_d = OLDEST_D * chance.random(pairs + vouches) ** 2
    by, about = np.concatenate([one, other, voucher]), np.concatenate([other, one, subject])
    about = np.where(by == about, (about + 1) % members, about)
    kind = np.concatenate([code, code, np.full(vouches, evidence.LENDS[evidence.VOUCH].code, np.int16)])
    ages_d = np.concatenate([age_d[:pairs], age_d])
    order = np.argsort(-ages_d)
    return Words(members, by[order], about[order].astype(np.int32), kind[order], ages_d[order], anchors)


def _ranks(chance: np.random.Generator, members: int, count: int) -> NDArray[np.int64]:
    """Ranks in proportion to rank^(−1/2): the inverse of the cumulative share √(rank / members)."""
    return (members * chance.random(count) ** 2).astype(np.int64)


def fill(words: Words, *, counted: bool) -> None:
    """The database holds this town and nothing else, indexed, vacuumed and analysed; no night was solved yet.

    `counted`: as if the words had been taken in, a day's at a time; else the first night has to take in all of them.
    """
    with _bulk.unguarded():
        _bulk.run("TRUNCATE accounts_account, accounts_member, vetting_evidence, vetting_night, foundation_job CASCADE")
        _people(words.members)
        _anchors(words)
        _good(words.members)
        with _bulk.unindexed(Edge, Evidence):
            _pour(words, counted=counted)
    _bulk.settle("accounts_account", "accounts_member", *_TABLES)


def _people(members: int) -> None:
    since = f"'{EVENING:%Y-%m-%d}'::timestamptz - interval '5 years'"
    _bulk.generate(Account, members, {"id": "i", "email": "'m' || i || '@example.org'", "password": "'!'"})
    said = {
        "id": "i",
        "account_id": "i",
        "handle": "'m' || i",
        "name": "'Member Number ' || i",
        "public_id": "gen_random_uuid()",
        "ledger_id": _LEDGER_ID.format("i"),
        "joined_at": since,
        "confirmed_at": since,
    }
    _bulk.generate(Member, members, said)


def _anchors(words: Words) -> None:
    ids = (words.anchors + 1).tolist()
    _bulk.run(
        "INSERT INTO vetting_proof (member_id, kind, share, domain, at) "
        "SELECT member, 'met', 1, '', %s FROM unnest(%s::bigint[]) AS member",
        EVENING,
        ids,
    )


def _good(members: int) -> None:
    """Nine in ten have some good conduct, added to last at some moment of the past year."""
    chance = np.random.default_rng(SEED + 1)
    ids = 1 + np.flatnonzero(chance.random(members) < 0.9)
    at = _moment_us() - (chance.random(len(ids)) * 365 * links.DAY_US).astype(np.int64)
    good = chance.exponential(1.5, len(ids))
    arrays.copy("vetting_conduct", {"member_id": ids.astype(np.int64), "good": good, "good_at": at})


def _pour(words: Words, *, counted: bool) -> None:
    count = len(words.voucher)
    edges: dict[str, arrays.Array] = {
        "evidence_id": np.arange(1, count + 1),
        "voucher_id": words.voucher.astype(np.int64) + 1,
        "member_id": words.subject.astype(np.int64) + 1,
        "kind": words.kind,
        "at": _moment_us() - (words.age_d * links.DAY_US).astype(np.int64),
        "counted": np.full(count, counted),
    }
    arrays.copy("vetting_edge", edges)
    _bulk.run(_LINES)
    _bulk.run("SELECT setval(pg_get_serial_sequence('vetting_evidence', 'id'), %s)", count)
    accused = round(2 * ACCUSED * words.members)
    kinds = [evidence.STRIKE, evidence.NOT_TRUE, evidence.PITCH, evidence.REPORTED, evidence.LIABLE]
    _bulk.run(_ACCUSED, kinds, EVENING, 1 / accused, words.members, words.members, accused)


def _moment_us() -> int:
    return round(EVENING.timestamp() * 1e6) - arrays.EPOCH_US

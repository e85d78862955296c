""" "Why is it so?": the rows behind a standing, which sum up to its points, and what somebody else sees of them.

    points = Σ k(v,u) x(v) · 100/unit + s(u) · 100/unit − what each kind of bad evidence takes

Read from what the worker wrote; nothing is computed anew but the sum. The rows name only people whose words the member
knows of: who confirmed a context, accepted, or vouches publicly. What members whisper is one row (`conduct`), and words
for a single request lend nothing, so no row and no difference of two days tells who spoke (docs/decisions/0032).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

import numpy as np
from django.db import connection

from accounts.models import Member, Visibility
from vetting import evidence, links, reputation, standing, vouches
from vetting.models import Night, Standing, Vouch

ROWS_MAX = 20
"""People named one by one; the rest is one row."""
TYPICAL_SHARE = 0.5
"""What a colleague not met yet is taken to have of a full standing, where nobody lends the member anything."""

_INTO = """
SELECT edge.voucher_id, edge.kind, edge.at, voucher.x, voucher.outflow, voucher.anchor FROM vetting_edge AS edge
JOIN vetting_standing AS voucher ON voucher.member_id = edge.voucher_id
WHERE edge.member_id = %s AND edge.counted ORDER BY edge.voucher_id, edge.kind
"""


@dataclass(frozen=True)
class Lender:
    """What one person lends: points, by which kinds of words, and with what x and outflow W. `anchor`: a whole one."""

    member: int
    kinds: tuple[str, ...]
    points: float
    x: float
    outflow: float
    anchor: bool = False


@dataclass(frozen=True)
class Row:
    """One line. `what`: person, others, anchor, whispered, strikes, liability or bad_faith; minus rows are negative."""

    what: str
    points: float
    member: Member | None = None
    kinds: tuple[str, ...] = ()
    people: int = 0


@dataclass(frozen=True)
class Explanation:
    """`points` are the rows' sum; `advice`: about what one more confirmed colleague adds; `weeks`: past Mondays."""

    points: float
    rows: list[Row]
    advice: float
    weeks: list[float]


@dataclass(frozen=True)
class Observed:
    """What another member sees: the vouches they may see, and how many of the points come from people they know."""

    vouches: list[Vouch]
    by_contacts: int
    known: float
    total: float


def explain(member: Member) -> Explanation:
    """Every line behind the member's standing, the largest first, then what is taken."""
    held, night = standing.of(member), standing.latest_night()
    lenders = lenders_of(member, night)
    anchor = float(reputation.points(held.anchor, _unit(night)))
    backing = anchor + sum(lender.points for lender in lenders)
    rows = [*_anchored(anchor), *_people(lenders)]
    rows += [Row(what, -backing * share) for what, share in sorted(held.blame.items())]
    return Explanation(
        points=sum(row.points for row in rows),
        rows=rows,
        advice=_advice(held, lenders, _unit(night)),
        weeks=[*held.weeks, held.points],
    )


def observe(viewer: Member | None, subject: Member, near: Visibility) -> Observed:
    """The subject's rows filtered to people the viewer knows and whose vouch they may see; the total only with them.

    Words that are not public stay out: that somebody lends at all would tell who is in contact with whom.
    """
    seen = list(vouches.seen_by(viewer, subject, near))
    if viewer is None or near not in (Visibility.CONTACTS, Visibility.MEMBERS):
        return Observed(seen, 0, 0.0, 0.0)
    mine = vouches.among_contacts(viewer, seen)
    lent = {lender.member: lender.points for lender in lenders_of(subject, standing.latest_night())}
    known = standing.of(subject).conduct * sum(lent.get(voucher, 0.0) for voucher in mine)
    return Observed(seen, len(mine), known, standing.of(subject).points if mine else 0.0)


def lenders_of(member: Member, night: Night | None) -> list[Lender]:
    """Who lends the member how many points, the most first; before what bad conduct takes."""
    with connection.cursor() as cursor:
        cursor.execute(_INTO, [member.pk])
        found = cursor.fetchall()
    if not found or night is None:
        return []
    kinds = np.array([row[1] for row in found])
    ages_d = np.array([(night.as_of - row[2]).total_seconds() / 86_400 for row in found])
    weights = links.weigh(kinds, ages_d) * links.speak(kinds, np.array([row[5] for row in found]))
    lenders = [
        _lender([row for row, weight in words if weight > 0], sum(weight for _row, weight in words), night.unit)
        for words in _by_voucher(zip(found, weights.tolist(), strict=True))
        if any(weight > 0 for _row, weight in words)
    ]
    return sorted((lender for lender in lenders if lender.points > 0), key=lambda lender: -lender.points)


Word = tuple[tuple[int, int, object, float, float, float], float]


def _by_voucher(words: Iterable[Word]) -> list[list[Word]]:
    grouped: dict[int, list[Word]] = {}
    for word in words:
        grouped.setdefault(word[0][0], []).append(word)
    return list(grouped.values())


def _lender(rows: list[tuple[int, int, object, float, float, float]], weight: float, unit: float) -> Lender:
    voucher, _kind, _at, x, outflow, anchor = rows[0]
    k = reputation.DAMPING * min(reputation.PAIR_MAX, weight) / max(reputation.OUTFLOW_MIN, outflow)
    kinds = tuple(dict.fromkeys(evidence.CODES[row[1]] for row in rows))
    return Lender(voucher, kinds, float(reputation.points(k * x, unit)), x, outflow, anchor >= 1)


def _anchored(points: float) -> list[Row]:
    return [Row("anchor", points)] if points else []


def _people(lenders: list[Lender]) -> list[Row]:
    named, rest = lenders[:ROWS_MAX], lenders[ROWS_MAX:]
    members = Member.objects.in_bulk([lender.member for lender in named])
    rows = [Row("person", lender.points, members[lender.member], lender.kinds) for lender in named]
    if rest:
        rows.append(Row("others", sum(lender.points for lender in rest), people=len(rest)))
    return rows


def _advice(held: Standing, lenders: list[Lender], unit: float) -> float:
    """A word of weight 1 from somebody like those who lend already; whole anchors are none of them, since what an
    anchor confirms lends nothing."""
    like = [lender for lender in lenders if not lender.anchor]
    x = median(lender.x for lender in like) if like else TYPICAL_SHARE * unit
    outflow = median(lender.outflow for lender in like) if like else 0.0
    k = reputation.DAMPING / max(reputation.OUTFLOW_MIN, outflow)
    return float(held.conduct * reputation.points(k * x, unit))


def _unit(night: Night | None) -> float:
    return night.unit if night else reputation.UNIT_MIN

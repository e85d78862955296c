"""Standing: recomputed by the worker from what follows from the ledger, kept in one row, read by everybody else.

One writer at a time holds `one_writer`. An event about a member moves the residuals it concerns and pushes them on
(`reputation.push`); every night `nights` solves the whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from accounts.models import Member
from foundation import clock, jobs
from vetting import conduct, evidence, lending, links, proofs, reputation
from vetting.models import MILLION, Conduct, Edge, Evidence, Night, Standing

WRITER = 7_411_996
"""The advisory lock of whoever writes standings."""
PATIENCE = "5s"
THETA_POINTS = 1.0
"""Residuals up to this many points stay where they are until the night (reputation.md, Incremental)."""
ERROR_POINTS_A_MEMBER = 0.01
"""A full solve is asked for when the bound of all errors exceeds 1 point for 100 members."""

_WRITE = """
UPDATE vetting_standing AS kept SET
    x = kept.x + change.moved, residual = change.residual,
    points = 100 * (kept.x + change.moved + change.residual) / %(unit)s, computed_at = %(now)s
FROM unnest(%(members)s::bigint[], %(moved)s::float8[], %(residuals)s::float8[]) AS change (member, moved, residual)
WHERE kept.member_id = change.member
"""


@dataclass(frozen=True)
class Judged:
    """How a member behaved, as of now: c(u), what each kind of bad evidence takes (shares of the backing), and until
    when promotions rest."""

    conduct: float
    blame: dict[str, float]
    rests_until: datetime | None


def of(member: Member) -> Standing:
    """The standing last computed; a newcomer's where the worker has not been yet. Not saved here."""
    return Standing.objects.filter(member=member).first() or Standing(member=member)


def latest_night() -> Night | None:
    return Night.objects.order_by("-as_of").first()


def one_writer() -> None:
    """Held until the transaction ends: nobody else writes standings meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER])


@transaction.atomic
def recompute(member: Member) -> Standing:
    """The member's conduct, anchor share and words are as the evidence says now, and whoever they lend to knows.

    Doing it twice changes nothing. What is left undone is below `THETA_POINTS` a member and part of the night's bound.
    """
    one_writer()
    night, now = latest_night(), clock.now()
    row, _created = Standing.objects.get_or_create(member=member, defaults={"computed_at": now})
    judged = judge(member, now)
    share = proofs.share_of(member, now)
    start = reputation.regraded(row.x, row.residual, before=row.conduct, after=judged.conduct)
    residual = {member.pk: start + judged.conduct * (share - row.anchor)}
    resting = {member.pk: row.residual}
    own = links.out_of([row.pk], night.as_of if night else None)
    same = own.live.all() and (row.anchor >= 1) == (share >= 1)
    outflow = row.outflow if same else _relend(row, share, own, residual, resting)
    Standing.objects.filter(pk=row.pk).update(
        anchor=share,
        outflow=outflow,
        conduct=judged.conduct,
        blame=judged.blame,
        rests_until=judged.rests_until,
        computed_at=now,
    )
    _push(residual, resting, night, now, known={row.pk: own} if same else {})
    row.refresh_from_db()
    return row


def judge(member: Member, now: datetime) -> Judged:
    """c(u) from the member's evidence at that moment."""
    lines = Evidence.objects.filter(about=member.ledger_id, kind__in=evidence.JUDGED)
    kept = Conduct.objects.filter(member=member).first()
    good = lending.good_now(kept.good, kept.good_at, now) if kept else 0.0
    return judged(facts(lines), good, now)


def judged(found: Iterable[conduct.Fact], good: float, now: datetime) -> Judged:
    said = list(found)
    bad = conduct.bad(said, now, people=settings.PENALTY_PEOPLE)
    c = float(reputation.conduct(np.array([good]), np.array([bad.total]))[0])
    parts = {"whispered": bad.whispered, "strikes": bad.strikes, "liability": bad.liability, "bad_faith": bad.bad_faith}
    blame = {name: (1 - c) * part / bad.total for name, part in parts.items() if part}
    return Judged(c, blame, conduct.rests_until(said))


def facts(lines: Iterable[Evidence]) -> list[conduct.Fact]:
    """Lines as the arithmetic needs them; those of before words were weighed count in full."""
    return [
        conduct.Fact(row.kind, str(row.by), row.source, row.at, 1.0 if row.word is None else row.word / MILLION)
        for row in lines
    ]


def _relend(
    row: Standing, share: float, words: links.Words, residual: dict[int, float], resting: dict[int, float]
) -> float:
    """Words of the member that ended, or lend no more (or again) because they became an anchor (or ceased to be one),
    are taken out of (or into) the residuals of those they were for. Returns the member's outflow W."""
    before = links.lent(words, links.speak(words.kind, words.anchor))
    after = links.lent(words, words.live & links.speak(words.kind, np.full(len(words.kind), share)))
    behaved = dict(zip(words.member.tolist(), words.conduct.tolist(), strict=True))
    for member, kept in zip(words.member.tolist(), words.residual.tolist(), strict=True):
        resting.setdefault(member, kept)
    for lent, sign in ((before, -1), (after, 1)):
        for member, k in zip(lent.member.tolist(), lent.k.tolist(), strict=True):
            base = residual.get(member, resting[member])
            residual[member] = base + sign * behaved[member] * k * row.x
    Edge.objects.filter(voucher=row.pk, counted=True, ended_at__isnull=False).update(counted=False)
    return after.outflow.get(row.pk, 0.0)


def _push(
    residual: dict[int, float],
    resting: dict[int, float],
    night: Night | None,
    now: datetime,
    *,
    known: Mapping[int, links.Words],
) -> None:
    """`known`: all words of members, where they were read already and have not changed since."""
    unit = night.unit if night else reputation.UNIT_MIN

    def rows(members: list[int]) -> tuple[Any, Any, Any]:
        words = known.get(members[0]) if len(members) == 1 else None
        words = words or links.out_of(members, night.as_of if night else None)
        lent = links.lent(words, links.speak(words.kind, words.anchor))
        behaved = dict(zip(words.member.tolist(), words.conduct.tolist(), strict=True))
        for member, kept in zip(words.member.tolist(), words.residual.tolist(), strict=True):
            resting.setdefault(member, kept)
        place = {member: number for number, member in enumerate(members)}
        which = np.array([place[member] for member in lent.voucher.tolist()], np.int64)
        return which, lent.member, lent.k * np.array([behaved[member] for member in lent.member.tolist()])

    def asleep(members: list[int]) -> list[float]:
        return [resting[member] for member in members]  # their words were read with them

    pushed = reputation.push(residual, rows=rows, resting=asleep, theta=THETA_POINTS * unit / 100)
    members = sorted(pushed.residual)
    values: dict[str, Any] = {
        "unit": unit,
        "now": now,
        "members": members,
        "moved": [pushed.moved[member] for member in members],
        "residuals": [pushed.residual[member] for member in members],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
    if night:
        grown = sum(abs(pushed.residual[member]) - abs(resting[member]) for member in members)
        _account(night, grown)


def _account(night: Night, grown: float) -> None:
    """The bound is kept as a number; a full solve is asked for when it has grown too large."""
    Night.objects.filter(pk=night.pk).update(residual=F("residual") + grown)
    if error_points(night.residual + grown, night.unit) > ERROR_POINTS_A_MEMBER * night.members:
        jobs.add("standing-night", {}, key="every:standing-night")


def error_points(residual: float, unit: float) -> float:
    """Σ over all members of how far their points may be off, at most."""
    return float(reputation.points(reputation.error_bound(residual), unit))

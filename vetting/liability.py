"""Who lent to somebody who then broke the rules answers for a share of it: one hop, capped, on upheld cases only."""

from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts import ties
from accounts.models import Member
from foundation import clock, jobs, quotas
from vetting import allowance, evidence, ledger, links
from vetting.ledger import Line
from vetting.models import Edge, Evidence, Standing

EMPTIED = (allowance.Kind.OFFER, allowance.Kind.PROMOTION)
SHARE_MIN = 0.001
"""Smaller shares are not recorded: they would take a hundredth of a point."""


@transaction.atomic
def strike(about: Member, *, by: Member, source: str, offence_at: datetime) -> None:
    """A moderator upheld a case: bad evidence, empty buckets, and whoever lent to the member then answers for it."""
    now = clock.now()
    claim = {"offence_at": offence_at.isoformat(), "emptied_at": now.isoformat(), "held": _held(about)}
    row = ledger.record(about, by=by, kind=evidence.STRIKE, source=source, claim=claim)
    if row is None:
        return
    for kind in EMPTIED:
        quotas.empty(kind, str(about.pk), now=now)
    jobs.add("liability", {"strike": row.pk}, key=f"liability:{row.pk}")


@transaction.atomic
def spread(strike: int) -> None:
    """The lenders at the time of the offence have their share on record: 10 · r · share, where share is what they lent
    of all that was lent, and r is 1 for a vouch, 1/4 for a mere contact. Withdrawing afterwards changes nothing."""
    row = Evidence.objects.select_related("claim").get(pk=strike)
    offender = Member.objects.filter(ledger_id=row.about).first()
    if offender is None:
        return
    ties.lock(offender)  # `retract` waits, or was before us
    if Evidence.objects.filter(about=row.about, kind=evidence.RETRACTED, source=row.source).exists():
        return
    at = datetime.fromisoformat(row.claim.claim["offence_at"]) if hasattr(row, "claim") else row.at
    amounts, vouched = _lent_at(offender, at)
    total = sum(amounts.values())
    shares = {member: lent / total for member, lent in amounts.items() if total and lent / total >= SHARE_MIN}
    lenders = Member.objects.in_bulk(list(shares))
    ledger.record_many(
        [
            Line(about=lenders[member], by=offender, kind=evidence.LIABLE, source=row.source, word=share * r)
            for member, share in sorted(shares.items())
            for r in [1.0 if member in vouched else evidence.LIABLE_FOR_CONTACT]
        ]
    )


@transaction.atomic
def retract(about: Member, *, by: Member, source: str) -> None:
    """The strike with that source counts no longer, nor does what anybody answered for because of it. Twice is once.

    The buckets are as if they had not been emptied (`_refill`). A moderator who once lent to the member does not speak
    for themselves: that line is the member's, as the one it takes back.
    """
    ties.lock(about)  # no `spread` of this strike meanwhile
    liable = Evidence.objects.filter(kind=evidence.LIABLE, source=source).values("about")
    lenders = Member.objects.filter(ledger_id__in=liable).order_by("pk")
    lines = [Line(about=about, by=by, kind=evidence.RETRACTED, source=source)]
    for lender in lenders:
        speaker = about if lender.pk == by.pk else by
        lines.append(Line(about=lender, by=speaker, kind=evidence.RETRACTED, source=source))
    if ledger.record_many(lines):
        _refill(about)


def _held(about: Member) -> dict[str, Any]:
    """What the strike empties, as it was: level and moment by kind, None for a bucket never drawn from."""
    rows = {kind: quotas.kept(kind, str(about.pk)) for kind in EMPTIED}
    return {kind.value: [row[0], row[1].isoformat()] if row else None for kind, row in rows.items()}


def _refill(about: Member) -> None:
    """The buckets hold what they held before the last strikes that are all retracted, the earliest of them; nothing
    happens while the very last strike stands, for it would have emptied them all the same."""
    retracted = ledger.about(about).filter(kind=evidence.RETRACTED).values("source")
    strikes = ledger.about(about).filter(kind=evidence.STRIKE).select_related("claim").order_by("-number")
    run: list[dict[str, Any]] = []
    for row in strikes.annotate(void=Exists(retracted.filter(source=OuterRef("source")))):
        if not row.void or not hasattr(row, "claim") or "held" not in row.claim.claim:
            break
        run.append(row.claim.claim)
    if not run:
        return
    emptied = [datetime.fromisoformat(claim["emptied_at"]) for claim in run]
    for kind in EMPTIED:
        held = run[-1]["held"][kind.value]
        before = (held[0], datetime.fromisoformat(held[1])) if held else None
        quotas.put_back(kind, str(about.pk), before, emptied=emptied)


def _lent_at(offender: Member, at: datetime) -> tuple[dict[int, float], set[int]]:
    """What each lent the offender at that moment, k · x, and who of them by a public vouch."""
    alive = Edge.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), at__lte=at)
    lenders = set(alive.filter(member=offender).values_list("voucher", flat=True))
    rows = list(alive.filter(voucher__in=lenders).values_list("voucher", "member", "kind", "at"))
    if not rows:
        return {}, set()
    voucher, member, kind, since = zip(*rows, strict=True)
    held = {row.pk: row for row in Standing.objects.filter(member__in=lenders)}
    words = links.Words(
        voucher=np.array(voucher),
        member=np.array(member),
        kind=np.array(kind),
        age_d=np.array([(at - moment).total_seconds() / 86_400 for moment in since]),
        live=np.ones(len(rows), np.bool_),
        anchor=np.array([held[by].anchor if by in held else 0.0 for by in voucher]),
        conduct=np.ones(len(rows)),
    )
    lent = links.lent(words, links.speak(words.kind, words.anchor))
    amounts = {
        int(by): float(k) * held[int(by)].x
        for by, about, k in zip(lent.voucher, lent.member, lent.k, strict=True)
        if about == offender.pk and int(by) in held
    }
    return amounts, {
        by for by, about, code in zip(voucher, member, kind, strict=True) if _vouched(about, code, offender)
    }


def _vouched(about: int, code: int, offender: Member) -> bool:
    return about == offender.pk and bool(links.IS_EXPLICIT[code])

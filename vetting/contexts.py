"""Contexts: confirmations between two, doubts about an entry, and the pure `grade`.

The grade is a function of evidence, never of the asker's word (product.md, the contract, 2).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import months, ties
from accounts.models import Entry, EntryKind, Member, Organisation
from foundation import clock, jobs
from vetting import conduct, evidence, ledger
from vetting.models import Confirmation, ConfirmationKind, Doubt, Edge

REASONS = {
    "confirmed": _("You two have confirmed a shared context before."),
    "invited": _("One of you came here by the other's invitation."),
    "vouched": _("A mutual contact vouches for this request."),
    "overlap": _("Both list the same place, independently, for at least %(months)s months of the same time."),
    "only-asker": _("Only the one who asks says so."),
    "too-short": _("Both list the place, but their months overlap by fewer than %(months)s."),
    "too-young": _("The entry named is younger than %(days)s days."),
    "unit-differs": _("At a place this large the unit has to agree, too."),
    "event": _("Events count only when both confirm them."),
    "doubted": _("Several people have said that this entry is not true."),
    "earlier": _("The two were in contact here before."),
    "elsewhere": _("Their own server grades this request, by what is known there. The grade is not told to us."),
    "without-requests": _(
        "Their server knows nothing of requests: what goes out is a wish to follow them and, if you write a note, a"
        " message with it. It counts as a request of yours. If they write back, you decide whether you are in contact."
    ),
    "message": _("They wrote a message, from a server that knows no requests: no context is stated."),
}
RAISES = {
    "vouch": _("A contact you both know can vouch for it: that makes it grade A."),
    "wait": _("From %(date)s on the entry is old enough for grade B."),
    "unit": _("Name the unit in your entry, if you were in the same one."),
    "confirm": _("If they confirm that you were both there, it becomes grade A."),
}


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One entry as grading sees it. Months as integers (`accounts.months`), `ends=None` still there."""

    kind: str
    organisation: int
    unit: int | None
    starts: int
    ends: int | None
    counts_from: datetime


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The contract's numbers: months, days."""

    overlap_min_months: int = 3
    entry_age_min_days: int = 30


@dataclass(frozen=True)
class Grading:
    """`grade` is A, B or C; `reasons` and `raises` are codes of REASONS and RAISES, most telling first."""

    grade: str
    reasons: tuple[str, ...]
    raises: tuple[str, ...] = field(default=())


def grade(
    named: Listed | None,
    theirs: Sequence[Listed],
    *,
    asked_at: datetime,
    confirmed: bool,
    vouched: bool,
    needs_unit: bool = False,
    doubted: bool = False,
    rules: Rules = Rules(),
) -> Grading:
    """How well a context is proved.

    A: a confirmation exists, or a mutual contact vouched. B: both list it, their months overlap by
    `overlap_min_months`, the asker's entry is `entry_age_min_days` old, and the unit agrees where one is needed.
    C: only the asker says so. `theirs` holds only entries that may count (matchable or visible to the asker).
    `named=None` stands for an earlier contact or an invitation that no confirmation backs.
    """
    if confirmed:
        return Grading("A", ("confirmed",))
    if vouched:
        return Grading("A", ("vouched",))
    if named is None:
        return Grading("C", ("earlier",), ("vouch",))
    missing = _missing(named, theirs, asked_at=asked_at, needs_unit=needs_unit, doubted=doubted, rules=rules)
    if not missing:
        return Grading("B", ("overlap",), ("vouch", "confirm"))
    hints = {"too-young": "wait", "unit-differs": "unit"}
    raises = tuple(hints[code] for code in missing if code in hints)
    return Grading("C", tuple(missing), (*raises, "vouch"))


def _missing(
    named: Listed, theirs: Sequence[Listed], *, asked_at: datetime, needs_unit: bool, doubted: bool, rules: Rules
) -> list[str]:
    """What keeps the named entry from grade B; empty if nothing does."""
    if doubted:
        return ["doubted"]
    if named.kind == EntryKind.EVENT:
        return ["event"]
    there = [row for row in theirs if row.organisation == named.organisation and row.counts_from <= asked_at]
    if not there:
        return ["only-asker"]
    agreeing = [row for row in there if _units_agree(named, row, needs_unit=needs_unit)]
    if not agreeing:
        return ["unit-differs"]
    now = months.of(asked_at.date())
    shared = max(months.overlap((named.starts, named.ends), (row.starts, row.ends), now=now) for row in agreeing)
    if shared < rules.overlap_min_months:
        return ["too-short"]
    if asked_at - named.counts_from < timedelta(days=rules.entry_age_min_days):
        return ["too-young"]
    return []


def _units_agree(named: Listed, other: Listed, *, needs_unit: bool) -> bool:
    """Where a unit is needed both must name the same; elsewhere two different units still contradict each other."""
    if needs_unit:
        return named.unit is not None and named.unit == other.unit
    return named.unit == other.unit or named.unit is None or other.unit is None


def listed(entry: Entry) -> Listed:
    return Listed(
        kind=entry.kind,
        organisation=entry.organisation_id,
        unit=entry.unit_id,
        starts=entry.starts,
        ends=entry.ends,
        counts_from=entry.counts_from,
    )


def rules() -> Rules:
    return Rules(overlap_min_months=settings.OVERLAP_MIN_MONTHS, entry_age_min_days=settings.ENTRY_AGE_MIN_DAYS)


_KINDS = {
    EntryKind.EMPLOYMENT: ConfirmationKind.WORKED,
    EntryKind.EDUCATION: ConfirmationKind.STUDIED,
    EntryKind.PROJECT: ConfirmationKind.PROJECT,
    EntryKind.EVENT: ConfirmationKind.MET,
    EntryKind.GROUP: ConfirmationKind.GROUP,
}


def kind_for(entry_kind: str) -> ConfirmationKind:
    return _KINDS[EntryKind(entry_kind)]


@transaction.atomic
def confirm(
    one: Member,
    other: Member,
    *,
    kind: ConfirmationKind,
    source: UUID,
    organisation: Organisation | None = None,
    entry: Entry | None = None,
) -> Confirmation:
    """The two have a confirmed context, recorded as good evidence for both. Once per source."""
    low, high = ties.pair(one, other)
    facts = {"kind": kind, "organisation": organisation, "entry": entry, "at": clock.now()}
    row, created = Confirmation.objects.get_or_create(low_id=low, high_id=high, source=source, defaults=facts)
    if created:
        _both(one, other, kind=f"confirmed-{kind.value}", source=f"confirmation:{row.source}")
        jobs.announce("confirmed", {"low": low, "high": high})
    return row


@transaction.atomic
def accepted(one: Member, other: Member, *, source: UUID) -> None:
    """The two are in contact, and each lends the other a little; what they confirmed earlier counts again."""
    known = confirmation(one, other)
    _both(one, other, kind=f"confirmed-{known.kind}" if known else evidence.ACCEPTED, source=f"contact:{source}")


@transaction.atomic
def parted(one: Member, other: Member) -> None:
    """The two are in contact no more: what they lent each other by contact until then has ended. Vouches stay."""
    tie = ties.earlier(one, other)
    if tie:
        _both(one, other, kind=evidence.PARTED, source=f"tie:{tie.pk}", at=tie.ended_at)


@transaction.atomic
def severed(one: Member, other: Member) -> None:
    """One has blocked the other: neither lends the other anything from now on."""
    low, high = ties.pair(one, other)
    if Edge.objects.filter(Q(voucher=low, member=high) | Q(voucher=high, member=low), ended_at=None).exists():
        _both(one, other, kind=evidence.SEVERED, source=f"block:{uuid4()}")


def _both(one: Member, other: Member, *, kind: str, source: str, at: datetime | None = None) -> None:
    pairs = ((one, other), (other, one))
    ledger.record_many([ledger.Line(about=about, by=by, kind=kind, source=source, at=at) for about, by in pairs])


def confirmation(one: Member, other: Member) -> Confirmation | None:
    low, high = ties.pair(one, other)
    return Confirmation.objects.filter(low=low, high=high).order_by("at").first()


def confirmed(one: Member, other: Member) -> bool:
    return confirmation(one, other) is not None


def confirmed_with(member: Member) -> set[int]:
    """Ids of those with whom the member has confirmed a context, in contact or not."""
    pairs = Confirmation.objects.filter(Q(low=member) | Q(high=member)).values_list("low", "high")
    return {high if low == member.pk else low for low, high in pairs}


def confirmed_contacts(member: Member) -> set[int]:
    """Ids of those in contact with `member` whose shared context both confirmed."""
    return confirmed_with(member) & set(ties.contact_ids(member))


def doubt(entry: Entry, *, by: Member) -> None:
    """`by`, who was asked naming this entry, says it is not true. Counts once per person, on the next Monday."""
    Doubt.objects.get_or_create(entry=entry, by=by, defaults={"at": clock.now()})


def doubted(entry: Entry) -> bool:
    """Three distinct people said *not true* before last Monday, and nobody has confirmed the entry since."""
    said = list(
        Doubt.objects.filter(entry=entry, at__lt=conduct.monday(clock.now()))
        .order_by("at")
        .values_list("at", flat=True)
    )
    if len(said) < settings.NOT_TRUE_PEOPLE:
        return False
    return not Confirmation.objects.filter(entry=entry, at__gte=said[settings.NOT_TRUE_PEOPLE - 1]).exists()

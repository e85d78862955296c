"""How standing is computed, for operators: what the last nights wrote, and what to worry about. Only rows are read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import clock
from vetting import evidence, proofs, standing
from vetting.models import ConfirmationKind, Edge, Night, Standing

NIGHTS_SHOWN = 30
LATE = timedelta(hours=26)
"""A night is due every 24 hours; two more pass before anybody is called."""
ANCHORS_LEAST_PERCENT = 1.0
"""Below, newcomers starve; the aim is 3 to 5 % (reputation.md, Standing and pitfall 1)."""
EDGE_MOST_PERCENT = 5.0
"""Of all standing, along one edge."""
CHART = (600, 120)

KINDS: dict[str, Any] = {f"confirmed-{kind.value}": kind.label for kind in ConfirmationKind} | {
    evidence.ACCEPTED: _("in contact, nothing confirmed"),
    evidence.VOUCH: _("vouches publicly"),
}


@dataclass(frozen=True)
class Carrying:
    """An edge among those that carry most. `percent` of all standing; members that were erased have no handle."""

    voucher: str
    member: str
    points: float
    percent: float
    kinds: list[Any]


@dataclass(frozen=True)
class Chart:
    """The unit on the last nights as an SVG polyline in a box of `CHART`, whose lower and upper edge are `low` and
    `high`. `drift_percent`: how far the last unit lies above the first one, or below."""

    line: str
    low: float
    high: float
    drift_percent: float


@dataclass(frozen=True)
class Watch:
    """What the page shows. `error` and `error_limit` are points, over all members in sum."""

    last: Night
    nights: list[Night]
    anchors_percent: float
    anchored: int
    allowance_percent: float
    error: float
    error_limit: float
    chart: Chart
    heaviest: list[Carrying]
    warnings: list[Promise]


def watch() -> Watch | None:
    """As the nights wrote it; None before the first one."""
    nights = list(Night.objects.order_by("-as_of")[:NIGHTS_SHOWN])
    if not nights:
        return None
    last = nights[0]
    anchors = _percent(last.anchors, last.members)
    heaviest, error = _heaviest(last), standing.error_points(last.residual, last.unit)
    limit = standing.ERROR_POINTS_A_MEMBER * last.members
    return Watch(
        last=last,
        nights=nights,
        anchors_percent=anchors,
        anchored=proofs.live(clock.now()).values("member").distinct().count(),
        allowance_percent=_percent(last.with_allowance, last.members),
        error=error,
        error_limit=limit,
        chart=chart([night.unit for night in reversed(nights)]),
        heaviest=heaviest,
        warnings=list(_warnings(last, anchors, passed=error > limit, heaviest=heaviest)),
    )


def chart(units: list[float]) -> Chart:
    """The units, the oldest first, from left to right; one alone is a flat line."""
    width, height = CHART
    low, high = min(units), max(units)
    room = (high - low) or max(high, 1e-9)
    low, high = low - room / 10, high + room / 10
    steps = max(1, len(units) - 1)
    spots = [(width * place / steps, height * (high - unit) / (high - low)) for place, unit in enumerate(units)]
    if len(spots) == 1:
        spots.append((width, spots[0][1]))
    drift = 100 * (units[-1] / units[0] - 1) if units[0] else 0.0
    return Chart(" ".join(f"{x:.1f},{y:.1f}" for x, y in spots), low, high, drift)


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole > 0 else 0.0


def _heaviest(night: Night) -> list[Carrying]:
    """By handle, with the kinds of words that lend now along each edge."""
    edges = [(int(voucher), int(member), float(points)) for voucher, member, points in night.heaviest]
    ids = {one for voucher, member, _points in edges for one in (voucher, member)}
    handles = {member.pk: str(member) for member in Member.objects.filter(pk__in=ids)}
    total = float(Standing.objects.aggregate(total=Sum("points"))["total"] or 0)
    kinds = _kinds((voucher, member) for voucher, member, _points in edges)
    return [
        Carrying(
            voucher=handles.get(voucher, "–"),
            member=handles.get(member, "–"),
            points=points,
            percent=_percent(points, total),
            kinds=kinds.get((voucher, member), []),
        )
        for voucher, member, points in edges
    ]


def _kinds(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], list[Any]]:
    wanted = set(pairs)
    words = Edge.objects.filter(voucher__in={one for one, _other in wanted}, counted=True)
    rows = words.filter(member__in={other for _one, other in wanted}).values_list("voucher", "member", "kind")
    found: dict[tuple[int, int], list[Any]] = {}
    for voucher, member, code in rows.distinct().order_by("kind"):
        if (voucher, member) in wanted:
            found.setdefault((voucher, member), []).append(KINDS[evidence.CODES[code]])
    return found


def _warnings(last: Night, anchors: float, *, passed: bool, heaviest: list[Carrying]) -> Iterable[Promise]:
    if anchors < ANCHORS_LEAST_PERCENT:
        yield _("Fewer than one member in a hundred is an anchor: newcomers starve, because no standing reaches them.")
    if clock.now() - last.as_of > LATE:
        yield _("The last night is older than 26 hours: standings are not solved anew. See the jobs that gave up.")
    if passed:
        yield _("Today's changes may have moved points further than allowed: a full solve is due.")
    if any(edge.percent > EDGE_MOST_PERCENT for edge in heaviest):
        yield _("One edge carries more than a twentieth of all standing: look at whom it connects.")

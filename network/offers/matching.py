"""Whether an offer meets somebody's terms: a pure function of both, the month, exchange rates and a table of places.

Strict where it is the member's floor: the lower end of a pay range has to reach it; what an offer does not say counts
as nothing. Every floor left empty is met.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt

from django.utils.translation import gettext_lazy as _

from foundation import regions

LEVELS = ("junior", "professional", "senior", "lead", "head", "executive")
"""From the first job to the board; a floor is met by its own level and any above."""
KINDS = ("permanent", "fixed-term", "part-time", "freelance", "interim")
A_YEAR = {"hour": 1720, "day": 215, "month": 12, "year": 1}
"""How many of a period make a year: hours and days as freelancers in Germany bill them (about 215 days of 8 hours)."""
EARTH_KM = 6371.0

TERMS = {
    "pay": _("pay"),
    "level": _("level"),
    "staff": _("people led"),
    "budget": _("budget"),
    "place": _("place and remote share"),
    "kind": _("kind of contract"),
    "employer": _("employer"),
    "change": _("time since the last change"),
}


@dataclass(frozen=True, kw_only=True)
class Pay:
    """An amount of `currency` (ISO 4217) for each `period` of A_YEAR."""

    amount: int
    currency: str
    period: str


@dataclass(frozen=True, kw_only=True)
class Floors:
    """What a member asks of an offer. Empty means: nothing asked. `wanted=False`: no offers at all (the default).

    places: region codes, a broader one (`DE`) covers a narrower one (`DE-NW`) · radius_km: around each place that the
    table knows · remote_min_percent: an offer of at least that share is taken from anywhere · excluded: folded names.
    """

    wanted: bool = False
    pay: Pay | None = None
    level: str = ""
    staff_min: int = 0
    budget_min: Pay | None = None
    places: tuple[str, ...] = ()
    radius_km: int = 0
    remote_min_percent: int | None = None
    kinds: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    confidential: bool = False
    not_within_months: int = 0


@dataclass(frozen=True, kw_only=True)
class Role:
    """What an offer says, as the matcher needs it. `employer` folded, empty if confidential; months as integers."""

    employer: str
    agency: str
    level: str
    pay_low: int
    pay_high: int
    currency: str
    period: str
    place: str
    remote_percent: int
    kind: str
    staff: int = 0
    budget: Pay | None = None


@dataclass(frozen=True)
class World:
    """The operator's settings: what one unit of a currency is worth in a common one, and where places lie (degrees)."""

    rates: Mapping[str, float]
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """`met` and `failed`: codes of TERMS that the member asked for."""

    fits: bool
    met: tuple[str, ...]
    failed: tuple[str, ...]


def match(floors: Floors, role: Role, *, world: World, month: int, last_change: int | None) -> Match:
    """`month` is now, `last_change` the month in which the member last began an employment."""
    asked = {
        "pay": floors.pay is None or _pays(floors.pay, role, world),
        "level": not floors.level or _reaches(floors.level, role.level),
        "staff": role.staff >= floors.staff_min,
        "budget": floors.budget_min is None or _covers(floors.budget_min, role.budget, world),
        "place": _is_near(floors, role, world),
        "kind": not floors.kinds or role.kind in floors.kinds,
        "employer": _is_welcome(floors, role),
        "change": last_change is None or month - last_change >= floors.not_within_months,
    }
    relevant = {
        "pay": floors.pay,
        "level": floors.level,
        "staff": floors.staff_min,
        "budget": floors.budget_min,
        "place": floors.places or floors.remote_min_percent is not None,
        "kind": floors.kinds,
        "employer": True,
        "change": floors.not_within_months,
    }
    failed = tuple(code for code, good in asked.items() if not good)
    met = tuple(code for code, good in asked.items() if good and relevant[code])
    return Match(floors.wanted and not failed, met, failed)


def a_year(pay: Pay, world: World) -> float | None:
    """The pay a year in the common currency; None for a currency without a rate."""
    rate = world.rates.get(pay.currency)
    return None if rate is None else pay.amount * A_YEAR[pay.period] * rate


def _pays(floor: Pay, role: Role, world: World) -> bool:
    asked = a_year(floor, world)
    given = a_year(Pay(amount=role.pay_low, currency=role.currency, period=role.period), world)
    return asked is not None and given is not None and given >= asked


def _covers(floor: Pay, given: Pay | None, world: World) -> bool:
    asked = a_year(floor, world)
    has = a_year(given, world) if given else None
    return asked is not None and has is not None and has >= asked


def _reaches(floor: str, level: str) -> bool:
    return level in LEVELS and LEVELS.index(level) >= LEVELS.index(floor)


def _is_welcome(floors: Floors, role: Role) -> bool:
    if not role.employer and not floors.confidential:
        return False
    return not {role.employer, role.agency} & set(floors.excluded)


def _is_near(floors: Floors, role: Role, world: World) -> bool:
    if floors.remote_min_percent is not None and role.remote_percent >= floors.remote_min_percent:
        return True
    if not floors.places:
        return floors.remote_min_percent is None
    return any(
        regions.covers(place, role.place) or _within(place, role.place, floors, world) for place in floors.places
    )


def _within(one: str, other: str, floors: Floors, world: World) -> bool:
    here, there = world.places.get(one), world.places.get(other)
    return bool(here and there and distance_km(here, there) <= floors.radius_km)


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the surface of a round earth, between (latitude, longitude) in degrees (haversine)."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, place)) for place in (one, other))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(h))


# ── which role is it: renaming does not make it another ──
_FILLERS = frozenset(
    """
    m w f d x div a an the of for in im und and der die das fur fuer als gn all genders senior junior sr jr lead
    principal experienced erfahrene erfahrener erfahrenen neu new
    """.split()  # noqa: SIM905  (a list of words reads better as words)
)
SAME_TITLE = 0.5
"""Titles that share at least half of the shorter one's words are the same role."""


def title_words(folded: str) -> tuple[str, ...]:
    """The words of a folded title that say what the role is."""
    words = [word for word in folded.split() if word not in _FILLERS]
    return tuple(sorted(set(words or folded.split())))


def is_same_role(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Same employer (a confidential one may be any), titles alike, places one within the other."""
    employers = {str(one["employer"]), str(other["employer"])}
    near = regions.meet(str(one["place"]), str(other["place"]))
    return near and (len(employers) == 1 or "" in employers) and _alike(_words(one), _words(other))


def _words(role: Mapping[str, object]) -> set[str]:
    words = role["title"]
    return set(words) if isinstance(words, Sequence) else set()


def _alike(one: set[str], other: set[str]) -> bool:
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) >= SAME_TITLE * shorter

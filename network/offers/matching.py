"""Whether an offer meets somebody's terms: a pure function of both, the month, exchange rates and a table of places.

Strict where it is the member's floor: the lower end of a pay range has to reach it; what an offer does not say counts
as nothing. Every floor left empty is met.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt

from django.utils.translation import gettext_lazy as _

from foundation import regions
from network.offers import sameness

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
    table knows · remote_min_percent: an offer of at least that share is taken from anywhere · excluded: names as they
    were typed; for the matcher, folded and with all names that the house knows them by (`terms.for_the_matcher`).
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
    """What an offer says, as the matcher needs it. `known_as`: folded names of employer and agency, known ones too."""

    is_named: bool
    known_as: frozenset[str]
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


@dataclass(frozen=True, kw_only=True)
class Moment:
    """When it is asked, in months as integers; `last_change`: in which the member last began an employment."""

    month: int
    last_change: int | None


def match(floors: Floors, role: Role, *, world: World, moment: Moment) -> Match:
    asked = {code: is_met for code, (is_asked, is_met) in _CHECKS.items() if is_asked(floors)}
    met = tuple(code for code, is_met in asked.items() if is_met(floors, role, world, moment))
    failed = tuple(code for code in asked if code not in met)
    return Match(floors.wanted and not failed, met, failed)


def a_year(pay: Pay, world: World) -> float | None:
    """The pay a year in the common currency; None for a currency without a rate."""
    rate = world.rates.get(pay.currency)
    return None if rate is None else pay.amount * A_YEAR[pay.period] * rate


def _pays(floors: Floors, role: Role, world: World, _moment: Moment) -> bool:
    """The lower end reaches the floor: otherwise a wide range would pass everywhere."""
    return _reaches(floors.pay, Pay(amount=role.pay_low, currency=role.currency, period=role.period), world)


def _trusts(floors: Floors, role: Role, world: World, _moment: Moment) -> bool:
    return _reaches(floors.budget_min, role.budget, world)


def _reaches(floor: Pay | None, given: Pay | None, world: World) -> bool:
    asked = a_year(floor, world) if floor else None
    has = a_year(given, world) if given else None
    return asked is not None and has is not None and has >= asked


def _is_high(floors: Floors, role: Role, _world: World, _moment: Moment) -> bool:
    return role.level in LEVELS and LEVELS.index(role.level) >= LEVELS.index(floors.level)


def _leads(floors: Floors, role: Role, _world: World, _moment: Moment) -> bool:
    return role.staff >= floors.staff_min


def _is_kind(floors: Floors, role: Role, _world: World, _moment: Moment) -> bool:
    return role.kind in floors.kinds


def _is_welcome(floors: Floors, role: Role, _world: World, _moment: Moment) -> bool:
    if not role.is_named and not floors.confidential:
        return False
    return not any(sameness.is_called(name, excluded) for excluded in floors.excluded for name in role.known_as)


def _is_time(floors: Floors, _role: Role, _world: World, moment: Moment) -> bool:
    return moment.last_change is None or moment.month - moment.last_change >= floors.not_within_months


def _is_near(floors: Floors, role: Role, world: World, _moment: Moment) -> bool:
    if floors.remote_min_percent is not None and role.remote_percent >= floors.remote_min_percent:
        return True
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
    return 2 * EARTH_KM * asin(min(1.0, sqrt(h)))


_CHECKS: Mapping[str, tuple[Callable[[Floors], object], Callable[[Floors, Role, World, Moment], bool]]] = {
    "pay": (lambda floors: floors.pay, _pays),
    "level": (lambda floors: floors.level, _is_high),
    "staff": (lambda floors: floors.staff_min, _leads),
    "budget": (lambda floors: floors.budget_min, _trusts),
    "place": (lambda floors: floors.places or floors.remote_min_percent is not None, _is_near),
    "kind": (lambda floors: floors.kinds, _is_kind),
    "employer": (lambda floors: floors.excluded or not floors.confidential, _is_welcome),
    "change": (lambda floors: floors.not_within_months, _is_time),
}
"""Code → whether the member asks for it at all, and whether the offer has it."""

"""Offers against terms: every floor is one, money and distance are computed as anybody would."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.offers import matching, sameness
from network.offers.matching import A_YEAR, KINDS, LEVELS, Floors, Moment, Pay, Role, World

PLACES = {"DE-HH": (53.55, 9.99), "DE-SH-KIEL": (54.32, 10.14), "DE-BY-MUC": (48.14, 11.58), "CH-ZH": (47.37, 8.54)}
REGIONS = ["DE", "DE-HH", "DE-SH", "DE-SH-KIEL", "DE-BY-MUC", "CH-ZH"]
WORLD = World(rates={"EUR": 1.0, "CHF": 1.05, "USD": 0.9}, places=PLACES)
NAMES = ["acme", "acme deutschland", "nordlicht optik", "big blue", "ibm"]

amounts = st.integers(1, 400_000)
pays = st.builds(Pay, amount=amounts, currency=st.sampled_from(sorted(WORLD.rates)), period=st.sampled_from([*A_YEAR]))
moments = st.builds(Moment, month=st.integers(24_000, 24_400), last_change=st.none() | st.integers(23_900, 24_400))
floors = st.builds(
    Floors,
    wanted=st.booleans(),
    pay=st.none() | pays,
    level=st.sampled_from(["", *LEVELS]),
    staff_min=st.integers(0, 30),
    budget_min=st.none() | pays,
    places=st.lists(st.sampled_from(REGIONS), max_size=3).map(tuple),
    radius_km=st.integers(0, 900),
    remote_min_percent=st.none() | st.integers(0, 100),
    kinds=st.lists(st.sampled_from(KINDS), max_size=3).map(tuple),
    excluded=st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
    confidential=st.booleans(),
    not_within_months=st.integers(0, 60),
)
roles = st.builds(
    Role,
    is_named=st.booleans(),
    known_as=st.frozensets(st.sampled_from(NAMES), max_size=2),
    level=st.sampled_from(LEVELS),
    pay_low=amounts,
    pay_high=amounts,
    currency=st.sampled_from(sorted(WORLD.rates)),
    period=st.sampled_from([*A_YEAR]),
    place=st.sampled_from(REGIONS),
    remote_percent=st.integers(0, 100),
    kind=st.sampled_from(KINDS),
    staff=st.integers(0, 30),
    budget=st.none() | pays,
)
ROLE = Role(
    is_named=True,
    known_as=frozenset({"acme"}),
    level="senior",
    pay_low=84_000,
    pay_high=96_000,
    currency="EUR",
    period="year",
    place="DE-HH",
    remote_percent=40,
    kind="permanent",
)
NOW = Moment(month=24_320, last_change=None)


def fits(terms: Floors, role: Role = ROLE, moment: Moment = NOW) -> bool:
    return matching.match(replace(terms, wanted=True), role, world=WORLD, moment=moment).fits


def more(pay: Pay | None, by: int) -> Pay:
    return replace(pay, amount=pay.amount + by) if pay else Pay(amount=by, currency="EUR", period="year")


def raised(terms: Floors, what: str, by: int) -> Floors:
    """The same terms, one of them asking for more."""
    changes: dict[str, dict[str, object]] = {
        "wanted": {"wanted": False},
        "pay": {"pay": more(terms.pay, by)},
        "level": {"level": LEVELS[min(len(LEVELS) - 1, LEVELS.index(terms.level) + 1 if terms.level else 0)]},
        "staff": {"staff_min": terms.staff_min + by},
        "budget": {"budget_min": more(terms.budget_min, by)},
        "places": {"places": terms.places[:-1]} if len(terms.places) > 1 else {},
        "radius": {"radius_km": max(0, terms.radius_km - by)},
        "remote": {"remote_min_percent": None if terms.places else min(100, (terms.remote_min_percent or 0) + by)},
        "kinds": {"kinds": terms.kinds[:1]} if terms.kinds else {"kinds": ("permanent",)},
        "excluded": {"excluded": (*terms.excluded, NAMES[by % len(NAMES)])},
        "confidential": {"confidential": False},
        "change": {"not_within_months": terms.not_within_months + by},
    }
    return replace(terms, **changes[what])  # type: ignore[arg-type]


RAISED = ["wanted", "pay", "level", "staff", "budget", "places", "radius", "remote", "kinds"]
RAISED += ["excluded", "confidential", "change"]


@pytest.mark.parametrize("what", RAISED)
@given(terms=floors, role=roles, moment=moments, by=st.integers(1, 100_000))
def test_asking_for_more_never_lets_more_through(what: str, terms: Floors, role: Role, moment: Moment, by: int) -> None:
    before = matching.match(terms, role, world=WORLD, moment=moment)
    after = matching.match(raised(terms, what, by), role, world=WORLD, moment=moment)

    assert before.fits or not after.fits


@given(terms=floors, role=roles, moment=moments, by=st.integers(1, 100_000))
def test_a_better_paid_role_fits_wherever_the_lesser_did(terms: Floors, role: Role, moment: Moment, by: int) -> None:
    better = replace(role, pay_low=role.pay_low + by, pay_high=role.pay_high + by)

    assert fits(terms, better, moment) or not fits(terms, role, moment)


@given(role=roles, moment=moments)
def test_without_the_first_switch_nothing_fits(role: Role, moment: Moment) -> None:
    assert not matching.match(Floors(), role, world=WORLD, moment=moment).fits


@given(role=roles, moment=moments)
def test_empty_terms_ask_for_nothing(role: Role, moment: Moment) -> None:
    told = matching.match(Floors(wanted=True, confidential=True), role, world=WORLD, moment=moment)

    assert (told.fits, told.met, told.failed) == (True, (), ())


@given(terms=floors, role=roles, moment=moments)
def test_met_and_failed_are_what_was_asked(terms: Floors, role: Role, moment: Moment) -> None:
    told = matching.match(terms, role, world=WORLD, moment=moment)

    assert not set(told.met) & set(told.failed)
    assert {*told.met, *told.failed} <= set(matching.TERMS)
    assert told.fits == (terms.wanted and not told.failed)


# ── money ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("amount", "currency", "period", "year"),
    [
        (84_000, "EUR", "year", 84_000),
        (7_000, "EUR", "month", 84_000),
        (400, "EUR", "day", 86_000),
        (50, "EUR", "hour", 86_000),
        (80_000, "CHF", "year", 84_000),
        (7_000, "USD", "month", 75_600),
    ],
)
def test_pay_is_compared_a_year_in_one_currency(amount: int, currency: str, period: str, year: float) -> None:
    assert matching.a_year(Pay(amount=amount, currency=currency, period=period), WORLD) == pytest.approx(year)


@given(pay=pays, by=st.integers(1, 1000))
def test_conversion_keeps_the_order(pay: Pay, by: int) -> None:
    less, greater = (matching.a_year(one, WORLD) for one in (pay, more(pay, by)))

    assert less is not None
    assert greater is not None
    assert less < greater


def test_the_lower_end_has_to_reach_the_floor() -> None:
    floor = Floors(pay=Pay(amount=85_000, currency="EUR", period="year"))

    assert not fits(floor)
    assert fits(floor, replace(ROLE, pay_low=85_000))
    assert fits(floor, replace(ROLE, pay_low=7_084, period="month"))
    assert not fits(floor, replace(ROLE, pay_low=7_083, period="month"))


def test_a_currency_without_a_rate_meets_no_floor() -> None:
    yen = replace(ROLE, pay_low=10**9, currency="JPY")

    assert matching.a_year(Pay(amount=1, currency="JPY", period="year"), WORLD) is None
    assert not fits(Floors(pay=Pay(amount=1, currency="EUR", period="year")), yen)
    assert not fits(Floors(pay=Pay(amount=1, currency="JPY", period="year")), yen)
    assert fits(Floors(), yen)


def test_what_an_offer_does_not_say_counts_as_nothing() -> None:
    assert not fits(Floors(staff_min=1))
    assert not fits(Floors(budget_min=Pay(amount=1, currency="EUR", period="year")))


# ── places ───────────────────────────────────────────────────────────────────
degrees = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(one=degrees, other=degrees)
def test_the_way_there_is_as_long_as_the_way_back(one: tuple[float, float], other: tuple[float, float]) -> None:
    there, back = matching.distance_km(one, other), matching.distance_km(other, one)

    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= 20_016  # half way round
    assert matching.distance_km(one, one) == pytest.approx(0, abs=1e-6)


def test_a_known_distance() -> None:
    assert matching.distance_km(PLACES["DE-HH"], PLACES["DE-BY-MUC"]) == pytest.approx(612, abs=3)


@pytest.mark.parametrize(
    ("terms", "place", "near"),
    [
        (Floors(places=("DE",)), "DE-HH", True),
        (Floors(places=("DE-HH",)), "DE", False),  # what is not said counts as nothing
        (Floors(places=("DE-HH",)), "DE-SH-KIEL", False),
        (Floors(places=("DE-HH",), radius_km=90), "DE-SH-KIEL", True),
        (Floors(places=("DE-HH",), radius_km=80), "DE-SH-KIEL", False),
        (Floors(places=("DE-HH",), radius_km=900), "DE-SH", False),  # the table does not know it
        (Floors(places=("CH",), remote_min_percent=40), "DE-HH", True),
        (Floors(places=("CH",), remote_min_percent=50), "DE-HH", False),
        (Floors(remote_min_percent=50), "DE-HH", False),
        (Floors(places=("D",)), "DE-HH", False),
    ],
)
def test_near_is_within_a_place_around_it_or_remote(terms: Floors, place: str, near: bool) -> None:
    assert fits(terms, replace(ROLE, place=place)) is near


# ── names and roles ──────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("name", "known", "same"),
    [
        ("acme", "acme", True),
        ("acme deutschland", "acme", True),
        ("acme", "acme deutschland", False),
        ("deutsche bahn", "deutsche bank", False),
        ("i b m", "ibm", True),
        ("acme", "", False),
        ("", "acme", False),
    ],
)
def test_who_is_called_so(name: str, known: str, same: bool) -> None:
    assert sameness.is_called(name, known) is same


def role(employer: str, title: str, place: str) -> dict[str, object]:
    return {"employer": employer, "title": list(sameness.title_words(title)), "place": place}


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (role("acme", "optical engineer", "DE-HH"), True),
        (role("acme", "senior optical engineer m w d", "DE-HH"), True),
        (role("acme", "engineer for optical systems", "DE-HH"), True),
        (role("acme", "optical engineer", "DE"), True),
        (role("", "optical engineer", "DE-HH"), True),
        (role("acme deutschland", "optical engineer", "DE-HH"), True),
        (role("acme", "head of sales", "DE-HH"), False),
        (role("acme", "optical engineer", "DE-BY"), False),
        (role("nordlicht", "optical engineer", "DE-HH"), False),
    ],
)
def test_renaming_does_not_make_it_another_role(other: dict[str, object], same: bool) -> None:
    mine = role("acme", "optical engineer", "DE-HH")

    assert sameness.is_same_role(mine, other) is same
    assert sameness.is_same_role(other, mine) is same

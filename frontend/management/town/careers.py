"""Believable careers for people who do not exist: study, jobs one after the other, a group, a fair, a project."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from accounts import months
from accounts.models import EntryKind, Visibility
from frontend.management.town import names, places, trades
from frontend.management.town.names import Name
from frontend.management.town.places import Place
from frontend.management.town.trades import Trade

MAIL = "leumund.example"
"""RFC 2606 keeps `.example` for nobody: no letter of the town can reach anyone."""
GERMAN, ENGLISH = 0, 1


@dataclass(frozen=True, kw_only=True)
class Line:
    """One entry to be; months as integers (`accounts.months`)."""

    kind: str
    place: str
    starts: int
    ends: int | None = None
    unit: str = ""
    title: str = ""
    text: str = ""
    visible_to: int = Visibility.MEMBERS
    matchable: bool = True


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who will join `joined_days` before the town is founded."""

    handle: str
    name: str
    headline: str
    city: str
    trade: str
    field: tuple[str, str]
    lines: tuple[Line, ...]
    joined_days: int
    speaks: int = GERMAN
    about: str = ""
    door: str = "B"
    password: bool = False

    @property
    def first(self) -> str:
        return self.name.split()[0]

    @property
    def mail(self) -> str:
        return f"{self.handle}@{MAIL}"


def people(dice: random.Random, *, number: int, today: date, taken: set[str]) -> Iterator[Person]:
    """`number` people, those who joined long ago first; what they say of themselves is as of the day they joined."""
    found = (name for name in names.draw(dice) if name.handle not in taken)
    for rank in range(number):
        joined = 11 + int(430 * (1 - rank / number) ** 1.3)
        this_month = months.of(today - timedelta(days=joined))
        yield _person(dice, next(found), joined_days=joined, this_month=this_month)


def _person(dice: random.Random, name: Name, *, joined_days: int, this_month: int) -> Person:
    key = dice.choices(list(trades.TRADES), weights=(34, 18, 15, 13, 9, 11))[0]
    trade = trades.TRADES[key]
    speaks = ENGLISH if name.abroad else GERMAN
    field = dice.choice(trade.fields)
    began = dice.randint(1992 * 12 + 8, this_month - 70)
    lines = [*_main(dice, key, began, is_woman=name.is_woman, this_month=this_month, field=field, abroad=name.abroad)]
    lines += _beside(dice, key, began, this_month=this_month)
    jobs = [line for line in lines if line.kind == EntryKind.EMPLOYMENT]
    return Person(
        handle=name.handle,
        name=name.full,
        headline=f"{(jobs or lines)[-1].title} · {field[speaks]}",
        city=name.abroad or _city(jobs or lines),
        trade=key,
        field=field,
        lines=tuple(lines[:8]),
        joined_days=joined_days,
        speaks=speaks,
        about=_about(dice, speaks, field) if dice.random() < 0.45 else "",
        door=dice.choices("BCAK", weights=(70, 18, 9, 3))[0],
    )


def _city(lines: list[Line]) -> str:
    known = {place.name: place.city for place in (*places.COMPANIES, *places.SCHOOLS)}
    return known.get(lines[-1].place, "Hamburg")


def _about(dice: random.Random, speaks: int, field: tuple[str, str]) -> str:
    told = (
        (
            "Fragen zu {0} beantworte ich gern, Angebote bitte nur mit Zahlen.",
            "Happy to answer questions about {1}. Offers only with figures, please.",
        ),
        ("Seit vielen Jahren mit {0} beschäftigt, und noch immer neugierig.", "Many years of {1}, and still curious."),
        (
            "Ich suche alte Kolleginnen und Kollegen, keine neuen Werkzeuge.",
            "Looking for old colleagues, not for new tools.",
        ),
        (
            "Schreibt mir, wenn wir uns irgendwo begegnet sind. Ich vergesse Gesichter nicht, nur Namen.",
            "Write if our paths crossed somewhere. I forget names, never faces.",
        ),
    )
    return dice.choice(told)[speaks].format(*field)


def _main(
    dice: random.Random, key: str, began: int, *, is_woman: bool, this_month: int, field: tuple[str, str], abroad: str
) -> Iterator[Line]:
    """The study and the jobs after it, without large gaps."""
    trade = trades.TRADES[key]
    school = dice.choice(_preferred(dice, [place for place in places.SCHOOLS if place.takes(key)], abroad))
    ends = min(began + dice.randint(42, 66), this_month - 2)
    speaks = _language(school)
    title = trade.studied[speaks]
    yield _seen(dice, Line(kind=EntryKind.EDUCATION, place=school.name, starts=began, ends=ends, title=title))
    month, step = ends + dice.randint(1, 5), 0
    for _job in range(dice.choice((1, 2, 2, 3, 3, 4))):
        if month >= this_month - 3:
            return
        yield (
            line := _job_line(
                dice, key, month, step, is_woman=is_woman, this_month=this_month, field=field, abroad=abroad
            )
        )
        if line.ends is None:
            return
        month, step = line.ends + dice.randint(1, 4), step + 1


def _job_line(
    dice: random.Random,
    key: str,
    month: int,
    step: int,
    *,
    is_woman: bool,
    this_month: int,
    field: tuple[str, str],
    abroad: str,
) -> Line:
    company = _company(dice, key, month // 12, abroad)
    last = min(this_month, company.until * 12 + 11)
    ends = month + dice.randint(20, 110)
    speaks, trade = _language(company), trades.TRADES[key]
    line = Line(
        kind=EntryKind.EMPLOYMENT,
        place=company.name,
        unit=dice.choice(company.units) if company.units and dice.random() < 0.8 else "",
        title=_title(trade, step, is_woman=is_woman, speaks=speaks),
        text=dice.choice(trade.did)[speaks].format(field=field[speaks]) if dice.random() < 0.6 else "",
        starts=month,
        ends=None if ends >= last and last == this_month else min(ends, last),
    )
    return _seen(dice, line)


def _company(dice: random.Random, key: str, year: int, abroad: str) -> Place:
    open_then = [
        (place, places.weight(rank))
        for rank, place in enumerate(places.COMPANIES)
        if place.takes(key) and place.since <= year < place.until
    ]
    near = [pair for pair in open_then if pair[0].city == abroad]
    chosen = near if near and dice.random() < 0.7 else open_then
    return dice.choices([place for place, _ in chosen], weights=[share for _, share in chosen])[0]


def _preferred(dice: random.Random, found: list[Place], abroad: str) -> list[Place]:
    near = [place for place in found if (place.speaks == "en") == bool(abroad)]
    return near if near and dice.random() < 0.9 else found


def _title(trade: Trade, step: int, *, is_woman: bool, speaks: int) -> str:
    title = trade.titles[min(step, len(trade.titles) - 1)]
    return title[2] if speaks == ENGLISH else title[1 if is_woman else 0]


def _beside(dice: random.Random, key: str, began: int, *, this_month: int) -> Iterator[Line]:
    """What people do beside their work: a user group, a project, a fair."""
    for found, share, lasting in (
        (places.GROUPS, 0.5, (18, 140)),
        (places.PROJECTS, 0.3, (10, 60)),
        (places.FAIRS, 0.4, (0, 0)),
    ):
        fitting = [place for place in found if place.takes(key) and place.until * 12 > began + 30]
        if fitting and dice.random() < share:
            place = dice.choice(fitting)
            starts = dice.randint(max(place.since * 12, began + 12), min(this_month - 4, place.until * 12))
            ends = starts + dice.randint(*lasting)
            open_end = ends > this_month and place.until == places.ALWAYS
            last = None if open_end else min(ends, this_month, place.until * 12 + 11)
            yield _seen(dice, Line(kind=place.kind, place=place.name, starts=starts, ends=last))


def _language(place: Place) -> int:
    return ENGLISH if place.speaks == "en" else GERMAN


def _seen(dice: random.Random, line: Line) -> Line:
    """Who sees it: mostly members or everyone, so that the town lives; nine of ten may be matched."""
    circles = (Visibility.MEMBERS, Visibility.EVERYONE, Visibility.CONTACTS, Visibility.ME)
    circle = dice.choices(circles, weights=(62, 22, 12, 4))[0]
    matchable = dice.random() < (0.92 if circle > Visibility.ME else 0.4)
    return replace(line, visible_to=int(circle), matchable=matchable)

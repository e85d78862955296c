"""A crowd for `crossings`: members, organisations with Zipf sizes, units and entries, poured in by COPY.

Sizes: organisations = members / 20, four entries a member; the largest organisation holds 5 % of all entries, the
others fall off as 1 / rank (Zipf; firm sizes: Axtell, Science 293, 2001). Nine in ten entries are matchable.
Where a unit is needed one entry in four names none; the units of a place are Zipf too, one for 60 entries.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Model

from accounts import months
from accounts.models import Account, Block, Entry, EntryKind, Member, Organisation, Unit
from foundation import clock

LARGEST_SHARE = 0.05
ENTRIES_A_MEMBER = 4
MATCHABLE = 0.9
WITHOUT_UNIT = 0.25
ENTRIES_A_UNIT = 60
JOINED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Crowd:
    """What there is to draw from: cumulative weights of places, and for each place its units with theirs."""

    members: int
    chance: random.Random
    places: list[float] = field(default_factory=list)
    units: dict[int, tuple[range, list[float]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        count = self.members // 20
        sizes = _zipf(count)
        self.places = list(accumulate(sizes))
        begins = 1
        for place, share in enumerate(sizes, start=1):
            many = max(3, round(share * self.members * ENTRIES_A_MEMBER / ENTRIES_A_UNIT))
            self.units[place] = range(begins, begins + many), list(accumulate(1 / rank for rank in range(1, many + 1)))
            begins += many

    def place(self) -> int:
        return self.chance.choices(range(1, len(self.places) + 1), cum_weights=self.places)[0]

    def unit(self, place: int) -> int | None:
        if self.chance.random() < WITHOUT_UNIT:
            return None
        ids, weights = self.units[place]
        return self.chance.choices(ids, cum_weights=weights)[0]


def _zipf(count: int) -> list[float]:
    """Shares of `count` places: 1 / rank, cut at the largest's share; the cut-off part goes to the others."""
    shares = [1 / rank for rank in range(1, count + 1)]
    for _round in range(50):
        total = sum(shares)
        shares = [min(share / total, LARGEST_SHARE) for share in shares]
    return shares


def fill(members: int, *, seed: int) -> None:
    """The tables hold this crowd and nothing else. Deterministic by `seed`."""
    crowd = Crowd(members, random.Random(seed))
    _empty()
    with clock.at(JOINED):
        pour(Account, ({"id": pk, "email": f"m{pk}@example.org", "password": "!"} for pk in range(1, members + 1)))
        pour(Member, _members(crowd))
        pour(Organisation, ({"id": pk, "name": f"Place {pk}"} for pk in crowd.units))
        pour(Unit, _units(crowd))
        pour(Entry, _entries(crowd))
        pour(Block, _blocks(crowd))
    _settle()


def pour(model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    """COPY the rows, keyed by attribute; what is not said has the model's default."""
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    names = [(field.attname, field) for field in fields]
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] if name in row else field.get_default() for name, field in names])


def _members(crowd: Crowd) -> Iterator[dict[str, Any]]:
    """One in 50 is not confirmed yet, one in 500 is frozen."""
    for pk in range(1, crowd.members + 1):
        yield {
            "id": pk,
            "account_id": pk,
            "handle": f"m{pk}",
            "name": f"Member Number {pk}",
            "name_to": 2,
            "headline": "Somebody with a headline of the usual length",
            "joined_at": JOINED,
            "confirmed_at": JOINED if crowd.chance.random() < 0.98 else None,
            "frozen_at": JOINED if crowd.chance.random() < 0.002 else None,
        }


def _units(crowd: Crowd) -> Iterator[dict[str, Any]]:
    for place, (ids, _weights) in crowd.units.items():
        for pk in ids:
            yield {"id": pk, "organisation_id": place, "name": f"Unit {pk}", "folded": f"unit {pk}"}


def _entries(crowd: Crowd) -> Iterator[dict[str, Any]]:
    """A life after the other: education, then posts that follow each other, now and then an event or a group."""
    now, chance, pk = months.of(clock.today()), crowd.chance, 0
    for member in range(1, crowd.members + 1):
        at = months.of(clock.today()) - chance.randrange(36, 480)
        for number in range(chance.randrange(1, 2 * ENTRIES_A_MEMBER)):
            kind, lasts = _kind(chance, number)
            ends: int | None = at + lasts
            if ends is not None and ends >= now:
                at, ends = min(at, now), None
            pk += 1
            place = crowd.place()
            yield {
                "id": pk,
                "member_id": member,
                "kind": kind,
                "organisation_id": place,
                "unit_id": crowd.unit(place),
                "title": "What I was there",
                "starts": at,
                "ends": ends,
                "matchable": chance.random() < MATCHABLE,
                "visible_to": 2,
            }
            at = min(now, at + round(lasts * chance.uniform(0.5, 1.1)))


def _kind(chance: random.Random, number: int) -> tuple[str, int]:
    """What it is and how many months it lasts beyond the first."""
    if number == 0:
        return EntryKind.EDUCATION, chance.randrange(30, 72)
    if chance.random() < 0.15:
        return EntryKind.EVENT, 0
    if chance.random() < 0.1:
        return EntryKind.GROUP, chance.randrange(12, 120)
    return EntryKind.EMPLOYMENT, 3 + int(chance.expovariate(1 / 45))


def _blocks(crowd: Crowd) -> Iterator[dict[str, Any]]:
    """One member in ten has blocked somebody."""
    for blocker in range(1, crowd.members, 10):
        blocked = crowd.chance.randrange(1, crowd.members + 1)
        if blocked != blocker:
            yield {"id": blocker, "blocker_id": blocker, "blocked_id": blocked}


_EMPTY = ("accounts_block", "accounts_entry", "accounts_unit", "accounts_organisation", "accounts_member")
_COUNT = """
UPDATE accounts_organisation o SET matchable_entries = counted.entries, needs_unit = counted.entries >= %s
FROM (SELECT organisation_id, count(*) AS entries FROM accounts_entry WHERE matchable GROUP BY 1) counted
WHERE counted.organisation_id = o.id
"""


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # a COPY of 400,000 rows may take longer than a page may
        for table in (*_EMPTY, "foundation_quota", "accounts_account"):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names from above


def _settle() -> None:
    """Sizes are counted, statistics are fresh; outside a transaction also vacuumed, as autovacuum does after a fill."""
    act = "ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE"
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [settings.NEEDS_UNIT_FROM_ENTRIES])
        for table in _EMPTY:
            cursor.execute(f"{act} {table}")
        cursor.execute("RESET statement_timeout")

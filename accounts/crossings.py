"""Crossed paths: members whose matchable entries overlap mine, rarest places first, never by fame."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts import months, ties, visibility
from accounts.models import Entry, Member
from accounts.models.entries import FAR_MONTH
from foundation import clock, quotas
from foundation.refusals import TooOften


class EnoughForToday(TooOften):
    code = "crossings-enough"
    message = _("You have looked through %(limit)d pages of crossed paths today. Come back tomorrow.")


# One statement, two branches: where an organisation needs a unit it reads the unit's index, else the place's. Below
# 200 entries a place is small by definition, and both indexes hold every column that is asked for, so that entries
# which do not overlap cost a few bytes each and no visit to their row (measured: docs/benchmarks.md, crossings).
STATEMENT = """
with mine as materialized (
    select e.id, e.organisation_id, e.unit_id, e.starts, coalesce(e.ends, %(far)s) as ends,
           o.needs_unit, o.matchable_entries as rarity
    from accounts_entry e join accounts_organisation o on o.id = e.organisation_id
    where e.member_id = %(me)s and e.matchable
), paths as (
    select mine.id as mine, e.id as theirs, e.member_id as member, mine.rarity,
           greatest(mine.starts, e.starts) as first,
           least(mine.ends, coalesce(e.ends, %(far)s), %(now)s) as last
    from mine join accounts_entry e on e.organisation_id = mine.organisation_id
    where not mine.needs_unit and e.matchable and e.member_id <> %(me)s
      and e.starts <= mine.ends and coalesce(e.ends, %(far)s) >= mine.starts
      and (e.unit_id = mine.unit_id or e.unit_id is null or mine.unit_id is null)
  union all
    select mine.id, e.id, e.member_id, mine.rarity, greatest(mine.starts, e.starts),
           least(mine.ends, coalesce(e.ends, %(far)s), %(now)s)
    from mine join accounts_entry e on e.unit_id = mine.unit_id
    where mine.needs_unit and e.unit_id is not null and e.matchable and e.member_id <> %(me)s
      and e.starts <= mine.ends and coalesce(e.ends, %(far)s) >= mine.starts
), best as (
    select distinct on (p.member) p.* from paths p
    where p.first <= p.last
      and not exists (select from accounts_block b where b.blocker_id = %(me)s and b.blocked_id = p.member)
      and not exists (select from accounts_block b where b.blocker_id = p.member and b.blocked_id = %(me)s)
    order by p.member, p.rarity, p.last - p.first desc, p.theirs
)
select best.member, best.mine, best.theirs, best.first, best.last
from best join accounts_member m on m.id = best.member
where m.confirmed_at is not null and m.frozen_at is null
order by best.rarity, best.last - best.first desc, m.public_id
limit %(limit)s offset %(offset)s
"""


@dataclass(frozen=True)
class Crossing:
    """Somebody who was where I was: their entry, mine, and the months we share (both ends included)."""

    person: visibility.Shown
    mine: Entry
    theirs: Entry
    first: int
    last: int

    @property
    def months(self) -> str:
        return months.span(self.first, self.last)


def find(member: Member, *, page: int = 1) -> tuple[list[Crossing], bool]:
    """One page of crossed paths and whether there is a next one; costs nothing (see `browse`)."""
    size = settings.CROSSINGS_A_PAGE
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, asked_of(member, page=page))
        rows = cursor.fetchall()
    return _filled(member, rows[:size]), len(rows) > size


def asked_of(member: Member, *, page: int) -> dict[str, int]:
    """What `STATEMENT` is asked: one row more than a page, which tells whether there is a next one."""
    size = settings.CROSSINGS_A_PAGE
    now = months.of(clock.today())
    return {"me": member.pk, "now": now, "far": FAR_MONTH, "limit": size + 1, "offset": (page - 1) * size}


def _filled(member: Member, rows: list[tuple[int, int, int, int, int]]) -> list[Crossing]:
    people = {person.pk: person for person in Member.objects.filter(pk__in=[row[0] for row in rows])}
    ids = {pk for row in rows for pk in row[1:3]}
    kept = Entry.objects.select_related("organisation", "unit").in_bulk(ids)
    shown = visibility.names_for(member, list(people.values()))
    return [Crossing(shown[who], kept[mine], kept[theirs], first, last) for who, mine, theirs, first, last in rows]


def browse(member: Member, *, page: int) -> tuple[list[Crossing], bool]:
    """A page as the member turns it: ten a page, ten pages a day (`EnoughForToday`), against harvesting."""
    limit = settings.CROSSING_PAGES_A_DAY
    try:
        quotas.spend("crossing-pages", str(member.pk), limit=limit)
    except quotas.QuotaSpent as spent:
        raise EnoughForToday(limit=limit, again_at=spent.again_at) from None
    return find(member, page=max(1, min(page, limit)))


def with_person(member: Member, other: Member) -> list[Crossing]:
    """The crossed paths of just these two, for the person's page, by the same rules and in the same order as `find`.

    Empty for oneself, for those who are not confirmed or frozen, and where one has blocked the other. At most 40
    entries each are compared here.
    """
    if member.pk == other.pk or other.confirmed_at is None or other.frozen_at is not None:
        return []
    if ties.has_blocked(member, other) or ties.has_blocked(other, member):
        return []
    now, shown = months.of(clock.today()), visibility.show(other, member)
    theirs = list(other.entries.filter(matchable=True).select_related("organisation", "unit"))
    found = []
    for mine in member.entries.filter(matchable=True).select_related("organisation", "unit"):
        for entry in theirs:
            shared = _shared_months(mine, entry, now=now)
            if shared >= 1:
                first = max(mine.starts, entry.starts)
                found.append(Crossing(shown, mine, entry, first, first + shared - 1))
    return sorted(found, key=lambda path: (path.mine.organisation.matchable_entries, path.first - path.last))


def _shared_months(mine: Entry, theirs: Entry, *, now: int) -> int:
    """How many months the two entries cross; 0 or less where they do not, or place or unit differ."""
    if theirs.organisation_id != mine.organisation_id or not _units_agree(mine, theirs):
        return 0
    return months.overlap((mine.starts, mine.ends), (theirs.starts, theirs.ends), now=now)


def _units_agree(mine: Entry, theirs: Entry) -> bool:
    if mine.organisation.needs_unit:
        return mine.unit_id is not None and mine.unit_id == theirs.unit_id
    return mine.unit_id == theirs.unit_id or mine.unit_id is None or theirs.unit_id is None

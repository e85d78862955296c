"""Where a member says they were, and when: added, changed, removed under one set of limits, with a dated log."""

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts import months, organisations, ties
from accounts.models import Entry, EntryChange, EntryKind, Member, Organisation, Unit, Visibility
from accounts.models.entries import FAR_MONTH
from accounts.months import Month
from foundation import clock, jobs, quotas, wording
from foundation.refusals import Forbidden, Invalid, TooOften


class NotYourEntry(Forbidden):
    code = "not-your-entry"
    message = _("That is not an entry of yours.")


class NoSuchEntry(NotYourEntry):
    """Others' entries and none at all are one answer."""

    status = 404
    code = "no-such-entry"
    message = _("There is no such entry of yours.")


class EntryWrong(Invalid):
    code = "entry-wrong"
    message = _("Choose one of the kinds and one of the circles.")


class StartsInTheFuture(EntryWrong):
    code = "entry-starts-in-the-future"
    message = _("The beginning lies in the future.")


class EndsInTheFuture(EntryWrong):
    code = "entry-ends-in-the-future"
    message = _("The end lies in the future. Leave it empty if you are still there.")


class EndsBeforeItStarts(EntryWrong):
    code = "entry-ends-before-it-starts"
    message = _("The end lies before the beginning.")


class TooManyEntries(Invalid):
    code = "too-many-entries"
    message = _("You have %(limit)d entries, which is the most there can be. Remove one first.")


class TooManyOrganisations(TooOften):
    code = "too-many-organisations"
    message = ngettext_lazy(
        "You may add or change %(limit)d organisation a day. Go on tomorrow.",
        "You may add or change %(limit)d organisations a day. Go on tomorrow.",
        "limit",
    )


class TooManyAtOnce(Invalid):
    code = "too-many-at-once"
    message = _(
        "At most %(limit)d employments of one time can be used for crossed paths. Switch one of the others off first."
    )


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a member says in one entry, as the form gives it; `ends=None` is "until today"."""

    kind: str
    organisation: str
    starts: Month
    ends: Month | None = None
    unit: str = ""
    title: str = ""
    text: str = ""
    visible_to: int = Visibility.ME
    matchable: bool = False


def own(member: Member, public_id: uuid.UUID) -> Entry:
    """The member's entry; raises `NoSuchEntry` alike for others' and unknown ones."""
    entry = member.entries.select_related("organisation", "unit").filter(public_id=public_id).first()
    if entry is None:
        raise NoSuchEntry
    return entry


def _check(facts: Facts) -> None:
    """Raises `EntryWrong` or one of its kinds, in the member's words."""
    if facts.kind not in EntryKind.values or facts.visible_to not in Visibility.values:
        raise EntryWrong
    this_month = months.of(clock.today())
    if facts.starts.number > this_month + (0 if facts.starts.exact else 11):
        raise StartsInTheFuture
    if facts.ends is None:
        return
    if facts.ends.number > this_month:
        raise EndsInTheFuture
    slack = 0 if facts.starts.exact and facts.ends.exact else 11
    if facts.ends.number < facts.starts.number - slack:
        raise EndsBeforeItStarts


def _write(entry: Entry, facts: Facts, organisation: Organisation, unit: Unit | None) -> None:
    entry.kind, entry.organisation, entry.unit = facts.kind, organisation, unit
    entry.title = " ".join(wording.clean(facts.title).split())[:120]
    entry.text = wording.clean(facts.text)[:1000]
    entry.starts, entry.starts_exact = facts.starts.number, facts.starts.exact
    entry.ends = facts.ends.number if facts.ends else None
    entry.ends_exact = facts.ends.exact if facts.ends else True
    entry.visible_to, entry.matchable = facts.visible_to, facts.matchable


def _spend_organisation(member: Member) -> None:
    """After the first week, five new or changed organisations a day (product.md, 2): against fishing by guesses.

    Members of other servers have no free week: accounts there cost nothing.
    """
    if not member.host and clock.now() - member.joined_at < timedelta(days=settings.ENTRIES_FREE_DAYS):
        return
    limit = settings.ENTRY_ORGANISATIONS_A_DAY
    try:
        quotas.spend("entry-organisations", str(member.pk), limit=limit)
    except quotas.QuotaSpent as spent:
        raise TooManyOrganisations(limit=limit, again_at=spent.again_at) from None


def _check_at_once(entry: Entry) -> None:
    """At most three matchable employments overlap in any month."""
    if not (entry.matchable and entry.kind == EntryKind.EMPLOYMENT):
        return
    now = months.of(clock.today())
    others = entry.member.entries.filter(kind=EntryKind.EMPLOYMENT, matchable=True).exclude(pk=entry.pk)
    spans = [(row.starts, now if row.ends is None else row.ends) for row in others]
    own = (entry.starts, now if entry.ends is None else entry.ends)
    beginnings = [max(own[0], start) for start, end in spans if start <= own[1] and end >= own[0]]
    at_once = 1 + max((sum(start <= month <= end for start, end in spans) for month in beginnings), default=0)
    if at_once > settings.MATCHABLE_EMPLOYMENTS_AT_ONCE:
        raise TooManyAtOnce(limit=settings.MATCHABLE_EMPLOYMENTS_AT_ONCE)


def _log(entry: Entry, act: str, fields: list[str], *, resets_age: bool = False) -> None:
    EntryChange.objects.create(
        member=entry.member, entry=entry.public_id, at=clock.now(), act=act, fields=fields, resets_age=resets_age
    )
    jobs.announce("entries-changed", {"member": entry.member_id}, key=str(entry.member_id))


@transaction.atomic
def add(member: Member, facts: Facts, *, key: str = "") -> Entry:
    """The member has one more entry; its age counts from now. The same `key` returns the entry that is there.

    Raises `EntryWrong`, `TooManyEntries`, `TooManyOrganisations`, `TooManyAtOnce`.
    """
    _check(facts)
    ties.lock(member)
    public_id = uuid.uuid5(member.public_id, f"entry:{key}") if key else uuid.uuid4()
    before = member.entries.filter(public_id=public_id).first()
    if before:
        return before
    if member.entries.count() >= settings.ENTRIES_MAX:
        raise TooManyEntries(limit=settings.ENTRIES_MAX)
    _spend_organisation(member)
    organisation = organisations.find_or_make(facts.organisation)
    entry = Entry(public_id=public_id, member=member, made_at=clock.now(), counts_from=clock.now())
    _write(entry, facts, organisation, organisations.find_or_make_unit(organisation, facts.unit))
    _check_at_once(entry)
    entry.save()
    _log(entry, "added", [])
    _recount_later(entry.organisation_id)
    return entry


@transaction.atomic
def claimed(member: Member, facts: Facts) -> Entry:
    """What somebody elsewhere says of themselves: seen by nobody, found by nobody, named by their requests alone.

    The same facts are the same entry, so that its age counts from when they were first seen here; facts narrower
    than some seen before have the age of those. Limits and refusals as in `add`.
    """
    bare = replace(facts, title="", text="", visible_to=Visibility.ME, matchable=False)
    entry = add(member, bare, key=_key_of(bare))
    there = member.entries.filter(kind=entry.kind, organisation=entry.organisation_id, unit=entry.unit_id)
    wide = there.filter(starts__lte=entry.starts).filter(Q(ends=None) | Q(ends__gte=entry.ends or FAR_MONTH))
    entry.counts_from = wide.aggregate(first=Min("counts_from"))["first"]
    entry.save(update_fields=["counts_from"])
    return entry


def _key_of(facts: Facts) -> str:
    place = (facts.kind, organisations.fold(facts.organisation), organisations.fold(facts.unit))
    return hashlib.sha256(repr((*place, facts.starts, facts.ends)).encode()).hexdigest()


def _widened(before: Entry, after: Entry) -> bool:
    far = 10**6
    return after.starts < before.starts or (far if after.ends is None else after.ends) > (
        far if before.ends is None else before.ends
    )


@transaction.atomic
def change(entry: Entry, facts: Facts, *, by: Member) -> Entry:
    """The entry says `facts` from now on. Organisation, unit, kind or widened months start its age anew;
    narrowing, title, text and visibility do not (product.md, 2)."""
    if entry.member_id != by.pk:
        raise NotYourEntry
    _check(facts)
    ties.lock(by)
    before = Entry.objects.get(pk=entry.pk)
    after = Entry.objects.select_related("member").get(pk=entry.pk)
    organisation = organisations.find_or_make(facts.organisation)
    if organisation.pk != before.organisation_id:
        _spend_organisation(by)
    _write(after, facts, organisation, organisations.find_or_make_unit(organisation, facts.unit))
    _check_at_once(after)
    changed = [name for name in _KEPT if getattr(before, name) != getattr(after, name)]
    resets = bool({"organisation_id", "unit_id", "kind"} & set(changed)) or _widened(before, after)
    if resets:
        after.counts_from = clock.now()
    after.save()
    if changed:
        _log(after, "changed", [name.removesuffix("_id") for name in changed], resets_age=resets)
    for pk in {before.organisation_id, after.organisation_id}:
        _recount_later(pk)
    return after


_KEPT = ("kind", "organisation_id", "unit_id", "title", "text", "starts", "ends", "visible_to", "matchable")


@transaction.atomic
def remove(entry: Entry, *, by: Member) -> None:
    """The entry is gone; requests that named it keep their snapshot."""
    if entry.member_id != by.pk:
        raise NotYourEntry
    ties.lock(by)
    _log(entry, "removed", [])
    organisation = entry.organisation_id
    entry.delete()
    _recount_later(organisation)


def _recount_later(organisation_id: int) -> None:
    jobs.add("organisation-recount", {"organisation": organisation_id}, key=f"recount:{organisation_id}")

"""Organisations: found by typing, known by several names, merged by moderators in a way that can be undone."""

import unicodedata

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import powers
from accounts.models import Alias, Entry, Member, Merge, Organisation, Unit, Visibility
from foundation import audit, clock, jobs, wording
from foundation.refusals import Conflict, Invalid

CHANGE = "accounts.change_organisation"
"""The power that merging, undoing and `needs_unit` take; each raises `NotAModerator` without it."""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LEGAL_FORMS = frozenset({"ag", "gmbh", "co", "kg", "kgaa", "ohg", "se", "ev", "eg", "mbh"}) | frozenset(
    {"inc", "ltd", "llc", "plc", "corp", "sa", "bv", "nv"}
)


class NameNeeded(Invalid):
    code = "organisation-name"
    message = _("Name the organisation, in at most 120 characters.")


class CannotMerge(Conflict):
    code = "cannot-merge"
    message = _("These two cannot be merged: choose two different ones, neither of them merged already.")


def fold(name: str) -> str:
    """The form under which a name is found again: case, accents, punctuation and legal forms do not count."""
    german = unicodedata.normalize("NFC", name).casefold().translate(_UMLAUTS)
    text = unicodedata.normalize("NFKD", german)
    letters = " " + "".join(c if c.isalnum() else " " for c in text if not unicodedata.combining(c)) + " "
    words = letters.replace(" e v ", " ev ").split()
    bare = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(bare or words)


def _cleaned(name: str) -> str:
    text = " ".join(wording.clean(name).split())
    if not text or len(text) > 120 or not fold(text):
        raise NameNeeded
    return text


def suggest(text: str, *, most: int = 8) -> QuerySet[Alias]:
    """Names that begin with what was typed, shortest first; never a name that stands in private entries alone."""
    folded = fold(text)
    if len(folded) < 2:
        return Alias.objects.none()
    shown = Entry.objects.filter(organisation=OuterRef("organisation"), visible_to__gte=Visibility.MEMBERS)
    found = Alias.objects.filter(Exists(shown), folded__startswith=folded, organisation__merged_into=None)
    return found.select_related("organisation").order_by("folded")[:most]


def suggest_units(organisation: str, text: str, *, most: int = 8) -> QuerySet[Unit]:
    """Units of the organisation of that name, under the same rule; with nothing typed, the first by name."""
    shown = Entry.objects.filter(unit=OuterRef("pk"), visible_to__gte=Visibility.MEMBERS)
    known = Unit.objects.filter(Exists(shown), organisation__aliases__folded=fold(organisation))
    return known.filter(folded__startswith=fold(text)).order_by("folded")[:most]


def find_or_make(name: str) -> Organisation:
    """The organisation known by that name, or a new one."""
    text = _cleaned(name)
    known = Alias.objects.select_related("organisation").filter(folded=fold(text)).first()
    if known:
        return known.organisation
    made = Organisation.objects.create(name=text, made_at=clock.now())
    alias, created = Alias.objects.get_or_create(folded=fold(text), defaults={"organisation": made, "name": text})
    if not created:  # somebody typed the same name at the same time
        made.delete()
    return alias.organisation


def find_or_make_unit(organisation: Organisation, name: str) -> Unit | None:
    """The unit of that name in the organisation, or a new one; None for an empty name."""
    if not name.strip():
        return None
    text = _cleaned(name)
    unit, _created = Unit.objects.get_or_create(organisation=organisation, folded=fold(text), defaults={"name": text})
    return unit


def recount(organisation: Organisation) -> None:
    """`matchable_entries` is what is there now; from 200 on the organisation needs a unit (product.md, 2)."""
    count = Entry.objects.filter(organisation=organisation, matchable=True).count()
    Organisation.objects.filter(pk=organisation.pk).update(matchable_entries=count)
    large = count >= settings.NEEDS_UNIT_FROM_ENTRIES
    if large and Organisation.objects.filter(pk=organisation.pk, needs_unit=False).update(needs_unit=True):
        jobs.announce("organisation-changed", {"organisation": organisation.pk})


def forget_unused(places: set[int], units: set[int]) -> None:
    """Of these, what stands in nobody's entry any more is gone with its names: only whoever wrote it knew it.

    What moderators have merged stays.
    """
    Unit.objects.filter(pk__in=units, entries=None).delete()
    merged = Merge.objects.values("source").union(Merge.objects.values("target"))
    Organisation.objects.filter(pk__in=places, entries=None).exclude(pk__in=merged).delete()
    for left in Organisation.objects.filter(pk__in=places):
        jobs.add("organisation-recount", {"organisation": left.pk}, key=f"recount:{left.pk}")


@transaction.atomic
def merge(source: Organisation, target: Organisation, *, by: Member) -> Merge:
    """Entries, names and units of `source` belong to `target`; ages stay; what moved is kept for `undo`."""
    powers.check(by, CHANGE)
    rows = Organisation.objects.select_for_update().filter(pk__in=[source.pk, target.pk]).order_by("pk")
    if len(rows) != 2 or any(row.merged_into_id for row in rows):
        raise CannotMerge
    moved = {
        "aliases": list(source.aliases.values_list("pk", flat=True)),
        "entries": [list(row) for row in source.entries.values_list("pk", "unit_id")],
        "units": _move_units(source, target),
    }
    source.aliases.update(organisation=target)
    source.entries.update(organisation=target)
    Organisation.objects.filter(pk=source.pk).update(merged_into=target, matchable_entries=0)
    done = Merge.objects.create(source=source, target=target, by=by, at=clock.now(), moved=moved)
    _tell(done, act="merged-organisations", by=by)
    return done


def _move_units(source: Organisation, target: Organisation) -> list[int]:
    """Units go along; where the target has one of the same name, entries change over to it. Ids of moved units."""
    there = dict(target.units.values_list("folded", "pk"))
    moved = []
    for unit in source.units.all():
        if unit.folded in there:
            Entry.objects.filter(unit=unit).update(unit_id=there[unit.folded])
        else:
            moved.append(unit.pk)
    Unit.objects.filter(pk__in=moved).update(organisation=target)
    return moved


@transaction.atomic
def undo(merge: Merge, *, by: Member) -> None:
    """Everything that moved with the merge is back where it was; entries written since stay with the target."""
    powers.check(by, CHANGE)
    if not Merge.objects.filter(pk=merge.pk, undone_at=None).update(undone_at=clock.now()):
        raise CannotMerge
    Organisation.objects.filter(pk=merge.source_id).update(merged_into=None)
    Alias.objects.filter(pk__in=merge.moved["aliases"]).update(organisation=merge.source_id)
    Unit.objects.filter(pk__in=merge.moved["units"]).update(organisation=merge.source_id)
    for entry, unit in merge.moved["entries"]:
        Entry.objects.filter(pk=entry, organisation=merge.target_id).update(organisation=merge.source_id, unit=unit)
    _tell(merge, act="undid-merge", by=by)


def _tell(merge: Merge, *, act: str, by: Member) -> None:
    for organisation in (merge.source, merge.target):
        recount(organisation)
        jobs.announce("organisation-changed", {"organisation": organisation.pk})
    audit.note(f"member:{by.pk}", act, f"organisation:{merge.source_id}", detail={"into": merge.target_id})


@transaction.atomic
def set_needs_unit(organisation: Organisation, needs_unit: bool, *, by: Member) -> None:
    """Moderators may say that a unit must agree before two entries there cross."""
    powers.check(by, CHANGE)
    Organisation.objects.filter(pk=organisation.pk).update(needs_unit=needs_unit)
    jobs.announce("organisation-changed", {"organisation": organisation.pk})
    audit.note(f"member:{by.pk}", "set-needs-unit", f"organisation:{organisation.pk}", detail={"to": needs_unit})


audit.worded(
    {
        "merged-organisations": _("merged organisations"),
        "undid-merge": _("undid a merge"),
        "set-needs-unit": _("said whether a unit must agree"),
    }
)

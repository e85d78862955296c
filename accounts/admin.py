"""The panel's rooms of this floor: organisations and their merges. Members are in the moderators' own wing."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import organisations, powers
from accounts.models import Alias, Entry, Member, Merge, Organisation, Unit, Visibility
from foundation import panel
from foundation.refusals import NotThere

CHANGE = organisations.CHANGE


class NoSuchOrganisation(NotThere):
    code = "no-such-organisation"
    message = _("No organisation is known by that name. Names that begin like it: %(names)s.")


class MergeForm(panel.VerbForm):
    into = forms.CharField(
        label=_("Merge into"),
        max_length=120,
        help_text=_("One of the names of the organisation that stays. Everything that moves can be moved back."),
    )


def shown() -> QuerySet[Organisation]:
    """Organisations that members can see in somebody's entry, and merged ones: a name that stands in private entries
    alone is no business of moderators."""
    visible = Entry.objects.filter(organisation=OuterRef("pk"), visible_to__gte=Visibility.MEMBERS)
    return Organisation.objects.filter(Q(Exists(visible)) | Q(merged_into__isnull=False))


def _units(organisation: Organisation) -> str:
    visible = Entry.objects.filter(unit=OuterRef("pk"), visible_to__gte=Visibility.MEMBERS)
    units = Unit.objects.filter(Exists(visible), organisation=organisation).order_by("folded")
    return ", ".join(units.values_list("name", flat=True))


def named(text: str) -> Organisation:
    """The organisation of exactly that name, as typed by members; raises `NoSuchOrganisation` with near ones."""
    names = Alias.objects.select_related("organisation").filter(organisation__in=shown().values("pk"))
    known = names.filter(folded=organisations.fold(text)).first()
    if known:
        return known.organisation
    near = ", ".join(alias.name for alias in organisations.suggest(text, most=5))
    raise NoSuchOrganisation(names=near or "–")


def moderator(request: HttpRequest) -> Member:
    return powers.check(getattr(request, "member", None), CHANGE)


def _merge(request: HttpRequest, source: Organisation, said: dict[str, Any]) -> None:
    organisations.merge(source, named(said["into"]), by=moderator(request))


def _turn_unit(request: HttpRequest, organisation: Organisation, said: dict[str, Any]) -> None:
    organisations.set_needs_unit(organisation, not organisation.needs_unit, by=moderator(request))


def _undo(request: HttpRequest, merge: Merge, said: dict[str, Any]) -> None:
    organisations.undo(merge, by=moderator(request))


@admin.register(Organisation, site=panel.site)
class OrganisationPanel(panel.ReadOnly[Organisation]):
    list_display = ("name", "needs_unit", "matchable_entries", "other_names", "merged_into")
    list_filter = ("needs_unit",)
    list_select_related = ("merged_into",)
    search_fields = ("aliases__folded",)
    search_help_text = _("Any name of the organisation")
    ordering = ("name", "pk")
    tools = (
        panel.Tool(
            name="merge",
            label=_("Merge into another"),
            act=_merge,
            done=_("Merged. Open requests that name either are graded anew."),
            permission=CHANGE,
            form=MergeForm,
            fits=lambda organisation: organisation.merged_into_id is None,
        ),
        panel.Tool(
            name="unit",
            label=_("Change whether it needs a unit"),
            act=_turn_unit,
            done=_("Changed. Open requests that name it are graded anew."),
            permission=CHANGE,
            intro=_("Where a unit is needed, two entries cross only if their units agree as well."),
            fits=lambda organisation: organisation.merged_into_id is None,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        return shown().order_by(*self.ordering).prefetch_related("aliases")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By any of its names, however written: the term is folded as the names are."""
        folded = organisations.fold(search_term) if search_term.strip() else ""
        if not folded:
            return queryset, False
        found = Alias.objects.filter(folded__contains=folded).values("organisation")
        return queryset.filter(pk__in=found), False

    @admin.display(description=_("other names"))
    def other_names(self, organisation: Organisation) -> str:
        return ", ".join(alias.name for alias in organisation.aliases.all() if alias.name != organisation.name)

    def facts(self, request: HttpRequest, obj: Organisation) -> panel.Facts:
        kinds = obj.entries.values_list("kind").annotate(n=Count("pk")).order_by("kind")
        merges = Merge.objects.filter(target=obj, undone_at=None).select_related("source")
        return [
            (_("Name"), obj.name),
            (_("Other names"), self.other_names(obj) or "–"),
            (_("Needs a unit"), _("yes") if obj.needs_unit else _("no")),
            (_("Units"), _units(obj) or "–"),
            (_("Entries"), ", ".join(f"{count} × {kind}" for kind, count in kinds) or "0"),
            (_("Merged into"), obj.merged_into or "–"),
            (_("Took in"), ", ".join(merge.source.name for merge in merges) or "–"),
        ]


@admin.register(Merge, site=panel.site)
class MergePanel(panel.ReadOnly[Merge]):
    list_display = ("source", "target", "by", "at", "undone_at")
    list_select_related = ("source", "target", "by")
    ordering = ("-at", "-pk")
    tools = (
        panel.Tool(
            name="undo",
            label=_("Undo this merge"),
            act=_undo,
            done=_("Undone. Everything that moved is back where it was."),
            permission=CHANGE,
            intro=_("Entries, names and units go back; what was entered since stays where it is."),
            fits=lambda merge: merge.undone_at is None,
        ),
    )

    def facts(self, request: HttpRequest, obj: Merge) -> panel.Facts:
        count = len(obj.moved.get("entries", []))
        moved = ngettext("%(count)d entry", "%(count)d entries", count) % {"count": count}
        return [
            (_("Merged"), obj.source.name),
            (_("Into"), obj.target.name),
            (_("By"), obj.by or "–"),
            (_("On"), obj.at),
            (_("Moved"), moved),
            (_("Undone on"), obj.undone_at or "–"),
        ]

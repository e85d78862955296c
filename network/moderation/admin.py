"""The panel's rooms of this wing: the queue of cases, members as members see them, and the audit log."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import BigIntegerField, Count, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import visibility
from accounts.models import EntryChange, Member, Visibility
from foundation import clock, panel
from foundation.models import AuditEntry
from foundation.refusals import Invalid
from network.contacts.models import Invitation
from network.moderation import decisions, freezing, notices, queue
from network.moderation.models import Case, State

CHANGES_SHOWN = 20


class NeitherNor(Invalid):
    code = "neither-nor"
    message = _("Choose: uphold or dismiss.")


def _reason(label: Any, help_text: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4, "maxlength": 2000})
    return forms.CharField(label=label, help_text=help_text, max_length=2000, widget=area)


class DecisionForm(panel.VerbForm):
    to_reporter = _reason(
        _("Reason for the side that reported"), _("They read it by letter and on their page. In an appeal: who marked.")
    )
    to_subject = _reason(
        _("Reason for the side it is about"),
        _("They read it by letter and on their page. Never say who reported, nor quote what only that person has."),
    )


class ReasonForm(panel.VerbForm):
    reason = _reason(_("Reason"), _("The member reads it by letter and on their page."))


def _decide(request: HttpRequest, case: Case, said: dict[str, Any]) -> None:
    verbs = {"uphold": decisions.uphold, "dismiss": decisions.dismiss}
    verb = verbs.get(said["button"])
    if verb is None:
        raise NeitherNor
    verb(case, by=_me(request), to_reporter=said["to_reporter"], to_subject=said["to_subject"])


def _freeze(request: HttpRequest, member: Member, said: dict[str, Any]) -> None:
    freezing.freeze(member, by=_me(request), reason=said["reason"])


def _thaw(request: HttpRequest, member: Member, said: dict[str, Any]) -> None:
    freezing.thaw(member, by=_me(request), reason=said["reason"])


def _me(request: HttpRequest) -> Member | None:
    return getattr(request, "member", None)


class StateFilter(admin.SimpleListFilter):
    """Open cases, unless one asks for others."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(State.UPHELD, State.UPHELD.label), (State.DISMISSED, State.DISMISSED.label), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": State.OPEN.label}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.value()
        return queryset if wanted == "all" else queryset.filter(state=wanted or State.OPEN)


@admin.register(Case, site=panel.site)
class CasePanel(panel.ReadOnly[Case]):
    """Oldest first. What the moderator may not decide is not in the queue and has no page."""

    list_display = ("opened_at", "kind", "about", "reports_count", "state", "decided_by")
    list_filter = (StateFilter, "kind")
    search_fields = ("=about__handle",)
    search_help_text = _("Exact handle")
    ordering = ("opened_at", "pk")
    object_template = "moderation/case.html"
    tools = (
        panel.Tool(
            name="decide",
            label=_("Decide this case"),
            act=_decide,
            done=_("Decided. Both sides have a letter."),
            permission=queue.DECIDE,
            form=DecisionForm,
            buttons=(("uphold", _("Uphold")), ("dismiss", _("Dismiss"))),
            fits=lambda case: case.state == State.OPEN,
            template="moderation/case.html",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        me = _me(request)
        mine = queue.open_to(me) if me else Case.objects.none()
        return mine.annotate(n=Count("reports")).order_by(*self.ordering)

    @admin.display(description=_("reports"), ordering="n")
    def reports_count(self, case: Case) -> int:
        return int(getattr(case, "n", 0))

    def facts(self, request: HttpRequest, obj: Case) -> panel.Facts:
        upheld = Case.objects.filter(about=obj.about, kind=obj.kind, state=State.UPHELD).exclude(pk=obj.pk)
        told: list[tuple[Any, object]] = [
            (_("About"), _line(obj.about)),
            (_("Kind"), obj.get_kind_display()),
            (_("Opened"), obj.opened_at),
            (_("State"), obj.get_state_display()),
            (_("Upheld before"), upheld.count()),
        ]
        if obj.state != State.OPEN:
            told += [
                (_("Decided"), obj.decided_at),
                (_("Decided by"), obj.decided_by),
                (_("Effect"), obj.get_effect_display()),
                (_("Reason for the side that reported"), obj.to_reporter),
                (_("Reason for the side it is about"), obj.to_subject),
            ]
        return told

    def page(self, request: HttpRequest, obj: Case) -> dict[str, Any]:
        decide = self.tools[0]
        offered = decide.fits(obj) and panel.may(request, decide.permission)
        return {
            "case": obj,
            "reports": obj.reports.select_related("reporter").order_by("at"),
            "marked_by": notices.reporters_of(obj)[0] if obj.pitch else None,
            "changes": EntryChange.objects.filter(member=obj.about)[:CHANGES_SHOWN],
            "tools": [],
            "tool": decide if offered else None,
            "form": decide.form() if offered else None,
        }


def _line(member: Member) -> str:
    """A member as every member sees them."""
    shown = visibility.show_at(member, Visibility.MEMBERS)
    return f"{shown.name} (@{member.handle})" if shown.name else f"@{member.handle}"


@admin.register(Member, site=panel.site)
class MemberPanel(panel.ReadOnly[Member]):
    """What every member may see of another, and nothing else: no address, door, terms, blocks, tray, notes."""

    list_display = ("__str__", "host", "shown_name", "joined_at", "frozen_at")
    list_filter = (("frozen_at", admin.EmptyFieldListFilter),)
    search_fields = ("^handle",)
    search_help_text = _("Handle, or how it begins")
    ordering = ("handle", "host")
    tools = (
        panel.Tool(
            name="freeze",
            label=_("Freeze"),
            act=_freeze,
            done=_("Frozen. The member has a letter."),
            permission=queue.FREEZE,
            form=ReasonForm,
            intro=_("A frozen member can read, but not ask or write. Nothing is deleted."),
            fits=lambda member: member.frozen_at is None,
        ),
        panel.Tool(
            name="thaw",
            label=_("Thaw"),
            act=_thaw,
            done=_("Thawed. The member has a letter."),
            permission=queue.FREEZE,
            form=ReasonForm,
            fits=lambda member: member.frozen_at is not None,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        return Member.objects.present().order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        handle = search_term.strip().lstrip("@").lower()
        return (queryset.filter(handle__startswith=handle) if handle else queryset), False

    @admin.display(description=_("name"))
    def shown_name(self, member: Member) -> str:
        return visibility.show_at(member, Visibility.MEMBERS).name

    def facts(self, request: HttpRequest, obj: Member) -> panel.Facts:
        shown = visibility.show_at(obj, Visibility.MEMBERS)
        entries = obj.entries.filter(visible_to__gte=Visibility.MEMBERS).select_related("organisation", "unit")
        through = Invitation.objects.filter(spent_by=obj).select_related("inviter").first()
        return [
            (_("Address here"), f"@{obj.address}"),
            (_("Name"), shown.name or "–"),
            (_("Headline"), shown.headline or "–"),
            (_("Place"), shown.place or "–"),
            (_("Languages"), shown.languages or "–"),
            (_("About"), shown.about or "–"),
            (_("Entries"), "\n".join(f"{e.organisation}{f' · {e.unit}' if e.unit else ''}" for e in entries) or "–"),
            (_("Joined"), obj.joined_at),
            (_("Invited by"), through.inviter if through else "–"),
            (_("Frozen since"), obj.frozen_at or "–"),
            (_("Freezes"), "\n".join(_frozen_line(freeze) for freeze in queue.freezes_of(obj)) or "–"),
        ]


def _frozen_line(freeze: Any) -> str:
    until = freeze.thawed_at.date().isoformat() if freeze.thawed_at else clock.today().isoformat()
    return f"{freeze.at.date().isoformat()} – {until} · {freeze.by} · {freeze.reason}"


def _handle_in(column: str) -> Subquery:
    """The handle of the member whose `member:number` stands in the column, if one does."""
    number = Func(OuterRef(column), Value("^member:([0-9]{1,18})$"), function="substring")
    return Subquery(Member.objects.filter(pk=Cast(number, BigIntegerField())).values("handle"))


def _at(handle: str | None) -> str:
    return f"@{handle}" if handle else ""


@admin.register(AuditEntry, site=panel.site)
class AuditPanel(panel.ReadOnly[AuditEntry]):
    """Who did what, with whose power. The database refuses to change a line."""

    list_display = ("made_at", "who", "act", "whom", "detail")
    list_display_links = ("made_at",)
    search_fields = ("act", "about")
    ordering = ("-made_at", "-pk")
    date_hierarchy = "made_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """With the handles of those whom the line names by `member:number`."""
        return super().get_queryset(request).annotate(handle=_handle_in("actor"), about_handle=_handle_in("about"))

    @admin.display(description=_("who"), ordering="actor")
    def who(self, line: AuditEntry) -> str:
        return _at(getattr(line, "handle", None)) or str(line.actor)

    @admin.display(description=_("about"), ordering="about")
    def whom(self, line: AuditEntry) -> str:
        return _at(getattr(line, "about_handle", None)) or str(line.about)

    def facts(self, request: HttpRequest, obj: AuditEntry) -> panel.Facts:
        return [
            (_("When"), obj.made_at),
            (_("Who"), self.who(obj)),
            (_("Did"), obj.act),
            (_("About"), self.whom(obj)),
            (_("Details"), obj.detail),
        ]

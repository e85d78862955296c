"""The panel's rooms of this floor: anchors, employers' domains, and how standing is computed."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import people
from accounts.models import Member
from foundation import clock, panel
from vetting import proofs, watch, work_mail
from vetting.models import Night, Proof, WorkDomain


class GrantForm(panel.VerbForm):
    kind = forms.ChoiceField(label=_("How"), choices=[(kind.value, kind.label) for kind in proofs.BY_HAND])


class GrantToForm(GrantForm):
    handle = forms.CharField(label=_("Member"), max_length=31, help_text=_("Their handle. Never your own."))
    field_order = ("handle", "kind")


class DomainForm(panel.VerbForm):
    domain = forms.CharField(
        label=_("Domain"),
        max_length=253,
        help_text=_("What stands behind the @ of the employer's addresses, exactly. Nothing where anybody has mail."),
    )


class ForbidForm(panel.VerbForm):
    end_proofs = forms.BooleanField(label=_("End the proofs given with it, too"), required=False)


def _me(request: HttpRequest) -> Member | None:
    return getattr(request, "member", None)


def _grant(request: HttpRequest, member: Member, said: dict[str, Any]) -> None:
    proofs.grant(member, said["kind"], by=_me(request))


def _grant_to(request: HttpRequest, _room: None, said: dict[str, Any]) -> None:
    proofs.grant(people.by_handle(said["handle"]), said["kind"], by=_me(request))


def _revoke(request: HttpRequest, proof: Proof, said: dict[str, Any]) -> None:
    proofs.revoke(proof, by=_me(request))


def _allow(request: HttpRequest, _room: None, said: dict[str, Any]) -> None:
    work_mail.allow_domain(said["domain"], by=_me(request))


def _forbid(request: HttpRequest, row: WorkDomain, said: dict[str, Any]) -> None:
    work_mail.forbid_domain(row.domain, by=_me(request), end_proofs=said["end_proofs"])


PROVED = _("On record. Standings follow within a moment.")
GRANT_INTRO = _(
    "An anchor is proved by something costly, and all standing flows from anchors. It stays on record that you say so."
)
GRANT = panel.Tool[Member](
    name="prove",
    label=_("Make an anchor"),
    act=_grant,
    done=PROVED,
    permission=proofs.GRANT,
    form=GrantForm,
    intro=GRANT_INTRO,
    fits=lambda member: not member.host,
)
"""For the members' room, which is a wing's."""


class LiveFilter(admin.SimpleListFilter):
    """Proofs that count now, unless one asks for the others."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ended", _("ended")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("counts now")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        live = Q(pk__in=proofs.live(clock.now()).values("pk"))
        return {"all": queryset, "ended": queryset.exclude(live)}.get(self.value() or "", queryset.filter(live))


@admin.register(Proof, site=panel.site)
class AnchorPanel(panel.ReadOnly[Proof]):
    list_display = ("who", "kind", "percent", "domain", "by", "since", "until")
    list_filter = (LiveFilter, "kind")
    list_select_related = ("member", "by")
    search_fields = ("=member__handle", "=domain")
    search_help_text = _("Exact handle or domain")
    ordering = ("-at", "-pk")
    room_tools = (
        panel.Tool(
            name="prove",
            label=_("Make an anchor"),
            act=_grant_to,
            done=PROVED,
            permission=proofs.GRANT,
            form=GrantToForm,
            intro=GRANT_INTRO,
        ),
    )
    tools = (
        panel.Tool(
            name="revoke",
            label=_("Revoke"),
            act=_revoke,
            done=_("Revoked. Standings follow within a moment."),
            permission=proofs.GRANT,
            intro=_("The proof counts no longer; whoever this member lent to loses what came from it."),
            fits=lambda proof: proof.ended_at is None,
        ),
    )

    @admin.display(description=_("Member"), ordering="member__handle")
    def who(self, proof: Proof) -> str:
        return str(proof.member)

    @admin.display(description=_("share"), ordering="share")
    def percent(self, proof: Proof) -> str:
        return f"{proof.percent}\N{NO-BREAK SPACE}%"

    @admin.display(description=_("since"), ordering="at")
    def since(self, proof: Proof) -> date:
        return timezone.localdate(proof.at)

    @admin.display(description=_("until"), ordering="ends_at")
    def until(self, proof: Proof) -> date | None:
        return timezone.localdate(proof.ends_at) if proof.ends_at else None

    def facts(self, request: HttpRequest, obj: Proof) -> panel.Facts:
        return [
            (_("Member"), obj.member),
            (_("Proof"), obj.get_kind_display()),
            (_("Share"), self.percent(obj)),
            (_("Domain"), obj.domain or "–"),
            (_("Granted by"), obj.by or "–"),
            (_("Since"), obj.at),
            (_("Until"), obj.ends_at or "–"),
            (_("Ended on"), obj.ended_at or "–"),
        ]


@admin.register(WorkDomain, site=panel.site)
class WorkDomainPanel(panel.ReadOnly[WorkDomain]):
    """Who reads mail at one of these domains can prove themselves by it."""

    list_display = ("domain", "proved", "added_by", "added_at")
    list_select_related = ("added_by",)
    search_fields = ("domain",)
    search_help_text = _("Part of a domain")
    ordering = ("domain",)
    room_tools = (
        panel.Tool(
            name="add",
            label=_("Add a domain"),
            act=_allow,
            done=_("Added. Members can prove themselves with it."),
            permission=proofs.GRANT,
            form=DomainForm,
            intro=_("Only a domain that the employer alone gives addresses at. You cannot prove yourself with it."),
        ),
    )
    tools = (
        panel.Tool(
            name="remove",
            label=_("Remove"),
            act=_forbid,
            done=_("Removed. Nobody can prove themselves with it from now on."),
            permission=proofs.GRANT,
            form=ForbidForm,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkDomain]:
        live = proofs.live(clock.now()).filter(domain=OuterRef("domain")).order_by()
        many = live.values("domain").annotate(n=Count("pk")).values("n")
        return super().get_queryset(request).annotate(n=Coalesce(Subquery(many), 0))

    @admin.display(description=_("members proved"), ordering="n")
    def proved(self, row: WorkDomain) -> int:
        return int(getattr(row, "n", 0))

    def back(self, obj: WorkDomain) -> str:
        return reverse("admin:vetting_workdomain_changelist")

    def facts(self, request: HttpRequest, obj: WorkDomain) -> panel.Facts:
        return [
            (_("Domain"), obj.domain),
            (_("Members proved"), self.proved(obj)),
            (_("Added by"), obj.added_by or "–"),
            (_("Since"), obj.added_at),
        ]


@admin.register(Night, site=panel.site)
class NightPanel(panel.ReadOnly[Night]):
    """One page instead of a list: what the nights wrote, and what to worry about."""

    title = _("How standing is computed")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        shown = {"title": self.title, "opts": self.opts, "watch": watch.watch()}
        context = {**self.admin_site.each_context(request), **shown}
        return TemplateResponse(request, "vetting/nights.html", context)

    def facts(self, request: HttpRequest, obj: Night) -> panel.Facts:
        return [
            (_("As of"), obj.as_of),
            (_("Members"), obj.members),
            (_("Words"), obj.edges),
            (_("Anchors, by their shares"), f"{obj.anchors:.1f}"),
            (_("With a first allowance"), obj.with_allowance),
            (_("Unit"), f"{obj.unit:.4f}"),
            (_("Rounds"), obj.rounds),
            (_("Took"), f"{obj.took_s:.2f} s"),
        ]

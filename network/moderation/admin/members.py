"""Members as every member may see them, and what moderators can do about one."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import visibility
from accounts.models import Member, Visibility
from foundation import clock, panel
from network.contacts.models import Invitation
from network.moderation import freezing, queue
from network.moderation.admin import words
from vetting.admin import GRANT


class FreezeForm(panel.VerbForm):
    reason = words.reason(_("Reason"), _("The member reads it by letter and on their page."))
    ground = words.ground(_("The member reads it."), required=True)
    law = words.law()


class ReasonForm(panel.VerbForm):
    reason = words.reason(_("Reason"), _("The member reads it by letter and on their page."))


def _freeze(request: HttpRequest, member: Member, said: dict[str, Any]) -> None:
    freezing.freeze(member, by=words.me(request), reason=said["reason"], ground=said["ground"], law=said["law"])


def _thaw(request: HttpRequest, member: Member, said: dict[str, Any]) -> None:
    freezing.thaw(member, by=words.me(request), reason=said["reason"])


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
            form=FreezeForm,
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
        GRANT,
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

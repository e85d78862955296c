"""The panel's room of what goes to other servers."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from foundation import panel
from network.federation import policies
from network.federation.models import Delivery


def short(moment: datetime | None) -> str:
    """As a column has room for it."""
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else "–"


class FateFilter(admin.SimpleListFilter):
    """What waits, unless one asks for others."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("dead", _("given up")), ("done", _("delivered"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("waits")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        which = {"dead": Q(dead_at__isnull=False), "done": Q(done_at__isnull=False)}
        return queryset.filter(which.get(self.value() or "", Q(done_at=None, dead_at=None)))


@admin.register(Delivery, site=panel.site)
class DeliveryPanel(panel.ReadOnly[Delivery]):
    """To which server, since when, and how it went; not what it says."""

    list_display = ("to", "due", "next_try", "tries", "answer", "error")
    list_filter = (FateFilter,)
    list_select_related = ("peer",)
    search_fields = ("=peer__host",)
    search_help_text = _("A server's name")
    ordering = ("-due_at", "-pk")
    tools = (
        panel.Tool(
            name="again",
            label=_("Send again"),
            act=lambda request, row, _said: policies.send_again(row, by=getattr(request, "member", None)),
            done=_("It is due now."),
            permission=policies.CHANGE,
            fits=lambda row: row.dead_at is not None and row.done_at is None,
        ),
        panel.Tool(
            name="give-up",
            label=_("Give up"),
            act=lambda request, row, _said: policies.drop(row, by=getattr(request, "member", None)),
            done=_("It will not be sent."),
            permission=policies.CHANGE,
            fits=lambda row: row.dead_at is None and row.done_at is None,
        ),
    )

    @admin.display(description=_("Server"), ordering="peer__host")
    def to(self, row: Delivery) -> str:
        return row.peer.host

    @admin.display(description=_("First due"), ordering="due_at")
    def due(self, row: Delivery) -> str:
        return short(row.due_at)

    @admin.display(description=_("Next try"), ordering="available_at")
    def next_try(self, row: Delivery) -> str:
        return short(row.available_at)

    @admin.display(description=_("Attempts"), ordering="attempts")
    def tries(self, row: Delivery) -> int:
        return row.attempts

    @admin.display(description=_("Last answer"), ordering="last_status")
    def answer(self, row: Delivery) -> int | None:
        return row.last_status

    @admin.display(description=_("Last error"))
    def error(self, row: Delivery) -> str:
        return row.last_error

    def facts(self, request: HttpRequest, obj: Delivery) -> panel.Facts:
        return [
            (_("Server"), obj.peer.host),
            (_("Kind"), obj.outbound.body.get("type", "–")),
            (_("First due"), obj.due_at),
            (_("Next try"), obj.available_at),
            (_("Attempts"), obj.attempts),
            (_("Last answer"), obj.last_status or "–"),
            (_("Last error"), obj.last_error or "–"),
            (_("Delivered"), obj.done_at or "–"),
            (_("Gave up"), obj.dead_at or "–"),
        ]

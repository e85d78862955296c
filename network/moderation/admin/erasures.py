"""Evidence that one moderator wants erased and another one has to answer for."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation import panel
from network.moderation import erasing, queue
from network.moderation.admin import words
from network.moderation.models import Erasure, ErasureState


def _confirm(request: HttpRequest, erasure: Erasure, _said: dict[str, Any]) -> None:
    erasing.confirm(erasure, by=words.me(request))


def _refuse(request: HttpRequest, erasure: Erasure, _said: dict[str, Any]) -> None:
    erasing.refuse(erasure, by=words.me(request))


class StateFilter(words.OpenFirst):
    default, others = ErasureState.ASKED, (ErasureState.DONE, ErasureState.REFUSED)


@admin.register(Erasure, site=panel.site)
class ErasurePanel(panel.ReadOnly[Erasure]):
    list_display = ("asked_at", "about", "asked_by", "state", "answered_by")
    list_filter = (StateFilter,)
    ordering = ("asked_at", "pk")
    object_template = "moderation/erasure.html"
    tools = (
        panel.Tool(
            name="confirm",
            label=_("Erase it"),
            act=_confirm,
            done=_("Erased. The decision stays readable."),
            permission=queue.DECIDE,
            intro=_("What was kept and the words of the report are gone for good. This cannot be taken back."),
            fits=lambda erasure: erasure.state == ErasureState.ASKED,
            template="moderation/erasure.html",
        ),
        panel.Tool(
            name="refuse",
            label=_("Keep it"),
            act=_refuse,
            done=_("The evidence stays."),
            permission=queue.DECIDE,
            fits=lambda erasure: erasure.state == ErasureState.ASKED,
            template="moderation/erasure.html",
        ),
    )

    def has_view_permission(self, request: HttpRequest, obj: Erasure | None = None) -> bool:
        return panel.may(request, queue.DECIDE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Erasure]:
        me = words.me(request)
        return (erasing.open_to(me) if me else Erasure.objects.none()).order_by(*self.ordering)

    @admin.display(description=_("about"))
    def about(self, erasure: Erasure) -> str:
        return str(erasure.report.case.about)

    def facts(self, request: HttpRequest, obj: Erasure) -> panel.Facts:
        return [
            (_("About"), words.line(obj.report.case.about)),
            (_("Asked by"), obj.asked_by),
            (_("Asked"), obj.asked_at),
            (_("Why"), obj.why),
            (_("State"), obj.get_state_display()),
            (_("Answered by"), obj.answered_by),
            (_("Answered"), obj.answered_at),
        ]

    def page(self, request: HttpRequest, obj: Erasure) -> dict[str, Any]:
        return {"reports": [obj.report]}

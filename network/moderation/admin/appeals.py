"""Appeals against decisions, as the moderators who may answer them see them."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation import panel
from network.moderation import queue, review, rulings
from network.moderation.admin import words
from network.moderation.models import Appeal, AppealState, Case, Effect, State


class GrantForm(panel.VerbForm):
    reason = words.reason(_("Reason for whoever appealed"), _("They read it by letter and on their page."))
    to_other = words.reason(
        _("Reason for the other side"),
        _("Needed where there is one. Never say who reported, nor quote what only that person has."),
        required=False,
    )
    ground = words.ground(_("Only if a dismissed report is upheld now."))
    law = words.law()


class DismissForm(panel.VerbForm):
    reason = words.reason(_("Reason for whoever appealed"), _("They read it by letter and on their page."))


def _grant(request: HttpRequest, appeal: Appeal, said: dict[str, Any]) -> None:
    values = {name: said[name] for name in ("reason", "to_other", "ground", "law")}
    rulings.grant(appeal, by=words.me(request), **values)


def _dismiss(request: HttpRequest, appeal: Appeal, said: dict[str, Any]) -> None:
    rulings.dismiss(appeal, by=words.me(request), reason=said["reason"])


class StateFilter(words.OpenFirst):
    default, others = AppealState.OPEN, (AppealState.GRANTED, AppealState.DISMISSED, AppealState.SETTLED)


@admin.register(Appeal, site=panel.site)
class AppealPanel(panel.ReadOnly[Appeal]):
    """Oldest first. Those against what the moderator decided themselves are not in the list and have no page."""

    list_display = ("opened", "what", "about", "state", "decided_by")
    list_filter = (StateFilter,)
    ordering = ("at", "pk")
    object_template = "moderation/appeal.html"
    tools = (
        panel.Tool(
            name="grant",
            label=_("Grant the appeal"),
            act=_grant,
            done=_("Granted. Whoever it concerns has a letter."),
            permission=queue.DECIDE,
            form=GrantForm,
            intro=_("Everything is as it was before the decision. A report that was dismissed is upheld."),
            fits=lambda appeal: appeal.state == AppealState.OPEN,
            template="moderation/appeal.html",
        ),
        panel.Tool(
            name="dismiss",
            label=_("Dismiss the appeal"),
            act=_dismiss,
            done=_("Dismissed. Whoever appealed has a letter."),
            permission=queue.DECIDE,
            form=DismissForm,
            fits=lambda appeal: appeal.state == AppealState.OPEN,
            template="moderation/appeal.html",
        ),
    )

    def has_view_permission(self, request: HttpRequest, obj: Appeal | None = None) -> bool:
        return panel.may(request, queue.DECIDE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appeal]:
        me = words.me(request)
        return (review.open_to(me) if me else Appeal.objects.none()).order_by(*self.ordering)

    @admin.display(description=_("opened"), ordering="at")
    def opened(self, appeal: Appeal) -> date:
        return timezone.localdate(appeal.at)

    @admin.display(description=_("against"))
    def what(self, appeal: Appeal) -> str:
        return against(appeal)

    @admin.display(description=_("about"))
    def about(self, appeal: Appeal) -> str:
        return str(appeal.case.about if appeal.case else appeal.freeze.member if appeal.freeze else "–")

    def facts(self, request: HttpRequest, obj: Appeal) -> panel.Facts:
        who = words.line(obj.by) if obj.by else _("somebody without an account")
        told: list[tuple[Any, object]] = [
            (_("Against"), against(obj)),
            (_("Appealed by"), who),
            (_("Opened"), obj.at),
            (_("First decided by"), obj.first),
            (_("State"), obj.get_state_display()),
        ]
        if obj.decided_at:
            told += [(_("Decided"), obj.decided_at), (_("Decided by"), obj.decided_by), (_("Reason"), obj.reason)]
        return told

    def page(self, request: HttpRequest, obj: Appeal) -> dict[str, Any]:
        reports = obj.case.reports.select_related("reporter", "notifier").order_by("at") if obj.case else []
        return {"appeal": obj, "case": obj.case, "freeze": obj.freeze, "reports": reports}


def against(appeal: Appeal) -> str:
    """Which kind of decision it is about, as it stood when the appeal was made."""
    case: Case | None = appeal.case
    if case is None:
        return str(_("a freeze"))
    if appeal.by_id == case.about_id:
        return str(_("a strike"))
    blamed = case.effect == Effect.BAD_FAITH or (case.state == State.DISMISSED and case.effect == Effect.TAKEN_BACK)
    return str(_("a dismissal as bad faith") if blamed else _("a dismissed report"))

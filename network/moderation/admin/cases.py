"""The queue of cases, and what moderators can decide about one."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from accounts.models import EntryChange
from foundation import panel
from foundation.refusals import Invalid
from network.moderation import decisions, erasing, labels, notices, queue
from network.moderation.admin import words
from network.moderation.models import Case, CaseKind, Effect, Reversal, State

CHANGES_SHOWN = 20


class NeitherNor(Invalid):
    code = "neither-nor"
    message = _("Choose: uphold or dismiss.")


class NoSuchReport(Invalid):
    code = "no-such-report"
    message = _("No report of this case has that number.")


class DecisionForm(panel.VerbForm):
    to_reporter = words.reason(
        _("Reason for the side that reported"), _("They read it by letter and on their page. In an appeal: who marked.")
    )
    to_subject = words.reason(
        _("Reason for the side it is about"),
        _("They read it by letter and on their page. Never say who reported, nor quote what only that person has."),
    )


class VerdictForm(DecisionForm):
    ground = words.ground(_("Needed to uphold a report: the member reads it."))
    law = words.law()


class ErasureForm(panel.VerbForm):
    report = forms.CharField(
        label=_("Number of the report"), max_length=36, help_text=_("It stands above each report.")
    )
    why = words.reason(_("Why it has to go"), _("The moderator who confirms it reads this."))


def _decide(request: HttpRequest, case: Case, said: dict[str, Any]) -> None:
    reasons = {"to_reporter": said["to_reporter"], "to_subject": said["to_subject"]}
    if said["button"] == "uphold":
        grounds = {"ground": said["ground"], "law": said["law"]}
        decisions.uphold(case, _ticked(request), by=words.me(request), **reasons, **grounds)
    elif said["button"] == "dismiss":
        decisions.dismiss(case, by=words.me(request), **reasons)
    else:
        raise NeitherNor


def _ticked(request: HttpRequest) -> frozenset[UUID]:
    """The marks whose boxes, beside their messages, are ticked."""
    return frozenset(UUID(mark) for mark in request.POST.getlist("marks") if words.is_uuid(mark))


def _all_marks(case: Case) -> frozenset[UUID]:
    return frozenset(labels.marks_of(case).values_list("public_id", flat=True))


def _dismiss_bad_faith(request: HttpRequest, case: Case, said: dict[str, Any]) -> None:
    reasons = {"to_reporter": said["to_reporter"], "to_subject": said["to_subject"]}
    decisions.dismiss_bad_faith(case, by=words.me(request), **reasons)


def _take_back(request: HttpRequest, case: Case, said: dict[str, Any]) -> None:
    decisions.take_back(case, by=words.me(request), to_reporter=said["to_reporter"], to_subject=said["to_subject"])


def _ask_to_erase(request: HttpRequest, case: Case, said: dict[str, Any]) -> None:
    number = said["report"].strip()
    report = case.reports.filter(public_id=number).first() if words.is_uuid(number) else None
    if report is None:
        raise NoSuchReport
    erasing.ask(report, by=words.me(request), why=said["why"])


class StateFilter(words.OpenFirst):
    default, others = State.OPEN, (State.UPHELD, State.DISMISSED)


@admin.register(Case, site=panel.site)
class CasePanel(panel.ReadOnly[Case]):
    """Oldest first. What the moderator may not decide is not in the queue and has no page."""

    list_display = ("opened", "kind", "about", "reports_count", "weight", "state", "decided_by")
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
            form=VerdictForm,
            buttons=(("uphold", _("Uphold")), ("dismiss", _("Dismiss"))),
            fits=lambda case: case.state == State.OPEN,
            template="moderation/case.html",
        ),
        panel.Tool(
            name="bad-faith",
            label=_("Dismiss as bad faith"),
            act=_dismiss_bad_faith,
            done=_("Dismissed. It counts against whoever reported; both sides have a letter."),
            permission=queue.DECIDE,
            form=DecisionForm,
            intro=_("Only if everybody who reported here meant harm: it lowers the standing of each of them."),
            fits=lambda case: case.state == State.OPEN and case.kind == CaseKind.REPORT,
            template="moderation/case.html",
        ),
        panel.Tool(
            name="take-back",
            label=_("Take the decision back"),
            act=_take_back,
            done=_("Taken back. Both sides have a letter."),
            permission=queue.DECIDE,
            form=DecisionForm,
            intro=_("It counts no longer, neither for whom it was about nor for those who lent them standing."),
            fits=lambda case: case.effect in decisions.REVERSIBLE,
            template="moderation/case.html",
        ),
        panel.Tool(
            name="erase",
            label=_("Ask for evidence to be erased"),
            act=_ask_to_erase,
            done=_("Asked. Another moderator has to confirm it; until then everything stays."),
            permission=queue.DECIDE,
            form=ErasureForm,
            intro=_("For what nobody should keep. Two moderators do it together, and the audit log names both."),
            fits=lambda case: case.state != State.OPEN,
            template="moderation/case.html",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        me = words.me(request)
        mine = queue.open_to(me) if me else Case.objects.none()
        return queue.weighed(mine).annotate(n=Count("reports")).order_by(*self.ordering)

    @admin.display(description=_("opened"), ordering="opened_at")
    def opened(self, case: Case) -> date:
        return timezone.localdate(case.opened_at)

    @admin.display(description=_("reports"), ordering="n")
    def reports_count(self, case: Case) -> int:
        return int(getattr(case, "n", 0))

    @admin.display(description=_("weight of reporters"), ordering="weight")
    def weight(self, case: Case) -> str:
        return number_format(round(getattr(case, "weight", 0.0), 1), 1)  # it cuts, and does not round

    def facts(self, request: HttpRequest, obj: Case) -> panel.Facts:
        upheld = Case.objects.filter(about=obj.about, kind=obj.kind, state=State.UPHELD)
        upheld = upheld.exclude(effect=Effect.TAKEN_BACK).exclude(pk=obj.pk)
        told: list[tuple[Any, object]] = [
            (_("About"), words.line(obj.about)),
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
                (_("What it stands on"), " · ".join(filter(None, (str(obj.get_ground_display()), obj.law))) or "–"),
                (_("Reason for the side that reported"), obj.to_reporter),
                (_("Reason for the side it is about"), obj.to_subject),
            ]
        return [*told, *_taken_back(obj)]

    def page(self, request: HttpRequest, obj: Case) -> dict[str, Any]:
        decide = self.tools[0]
        offered = decide.fits(obj) and panel.may(request, decide.permission)
        return {
            "case": obj,
            "reports": obj.reports.select_related("reporter", "notifier").order_by("at"),
            "ticked": _ticked(request)
            if request.method == "POST"
            else {mark.public_id for mark in labels.marks_of(obj)},
            "marked_by": notices.reporters_of(obj)[0] if obj.pitch else None,
            "changes": EntryChange.objects.filter(member=obj.about)[:CHANGES_SHOWN],
            "tools": [one for one in self.tools[1:] if panel.may(request, one.permission) and one.fits(obj)],
            "tool": decide if offered else None,
            "form": decide.form() if offered else None,
        }


def _taken_back(case: Case) -> panel.Facts:
    reversal = Reversal.objects.filter(case=case).select_related("by").first()
    if reversal is None:
        return []
    return [
        (_("Taken back"), reversal.at),
        (_("Taken back by"), reversal.by),
        (_("Reason for the side that reported"), reversal.to_reporter),
        (_("Reason for the side it is about"), reversal.to_subject),
    ]

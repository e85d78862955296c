"""The panel's rooms of this floor: jobs that gave up. The audit log is shown where members have names."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation import panel, retrying
from foundation.models import Job
from foundation.refusals import Forbidden

CHANGE = "foundation.change_job"


def _again(request: HttpRequest, job: Job, said: dict[str, Any]) -> None:
    if not panel.may(request, CHANGE):
        raise Forbidden
    member = getattr(request, "member", None)
    retrying.again(job, by=f"member:{member.pk}" if member else f"account:{request.user.pk}")


@admin.register(Job, site=panel.site)
class DeadJobPanel(panel.ReadOnly[Job]):
    """Only jobs that gave up; their payload holds ids and nothing else."""

    list_display = ("kind", "due_at", "dead_at", "attempts", "lost")
    list_filter = ("kind",)
    ordering = ("-dead_at",)
    tools = (
        panel.Tool(
            name="again",
            label=_("Try again"),
            act=_again,
            done=_("The job is due now."),
            permission=CHANGE,
            intro=_("Look at the error first: what has not changed will go wrong again."),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return super().get_queryset(request).filter(dead_at__isnull=False)

    def back(self, obj: Job) -> str:
        return reverse("admin:foundation_job_changelist")

    def facts(self, request: HttpRequest, obj: Job) -> panel.Facts:
        return [
            (_("Kind"), obj.kind),
            (_("For"), obj.payload),
            (_("First due"), obj.due_at),
            (_("Gave up"), obj.dead_at),
            (_("Attempts"), obj.attempts),
            (_("Lost"), obj.lost),
            (_("Last error"), obj.last_error),
        ]

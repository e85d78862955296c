"""Erasing what was kept of a reported thing: one moderator asks, another one answers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import clock
from network.moderation.models.cases import Report


class ErasureState(models.TextChoices):
    ASKED = "asked", _("asked")
    DONE = "done", _("erased")
    REFUSED = "refused", _("refused")


class Erasure(models.Model):
    """`asked_by` wants a report's evidence and words gone, and says why; `answered_by`, another moderator, decides."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="erasures")
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=clock.now)
    why = models.TextField()
    state = models.CharField(_("state"), max_length=7, choices=ErasureState.choices, default=ErasureState.ASKED)
    answered_by = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("erasure of evidence")
        verbose_name_plural = _("erasures of evidence")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["report"], condition=Q(state="asked"), name="erasure_asked_once_at_a_time"),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("asked_by")), name="erasure_answered_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_by=None, answered_at=None)
                | Q(state__in=["done", "refused"], answered_by__isnull=False, answered_at__isnull=False),
                name="erasure_done_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{_('erasure of evidence')} · {self.report.case.about}"

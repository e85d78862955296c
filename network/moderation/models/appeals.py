"""Appeals against what a moderator decided: another one answers (DSA Art. 20)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import clock
from network.moderation.models.cases import Case, Freeze
from network.moderation.models.outside import Notifier


class AppealState(models.TextChoices):
    OPEN = "open", _("open")
    GRANTED = "granted", _("granted")
    DISMISSED = "dismissed", _("dismissed")
    SETTLED = "settled", _("settled otherwise")


class Appeal(models.Model):
    """One side says why a decision about a case or a freeze is wrong. `first` decided it, and never answers here.

    `by`: the member who appeals; without one, `notifier`, who reported without an account. `before`: what stood until
    an appeal was granted that made a dismissed report an upheld one.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="appeals")
    freeze = models.ForeignKey(Freeze, null=True, on_delete=models.PROTECT, related_name="appeals")
    by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    notifier = models.ForeignKey(Notifier, null=True, on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("first decided by"))
    words = models.TextField()
    at = models.DateTimeField(_("opened"), default=clock.now)
    state = models.CharField(_("state"), max_length=9, choices=AppealState.choices, default=AppealState.OPEN)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    reason = models.TextField(blank=True)
    before = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals against decisions")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["case", "by"], name="appeal_once_per_case_and_member"),
            models.UniqueConstraint(fields=["case", "notifier"], name="appeal_once_per_case_and_notifier"),
            models.UniqueConstraint(fields=["freeze"], name="appeal_once_per_freeze"),
            models.CheckConstraint(
                condition=Q(case__isnull=False, freeze=None) | Q(case=None, freeze__isnull=False),
                name="appeal_against_one_decision",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=False, notifier=None) | Q(by=None, notifier__isnull=False, freeze=None),
                name="appeal_by_one_person",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("first")), name="appeal_answered_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | Q(state="settled", decided_at__isnull=False)
                | Q(
                    state__in=["granted", "dismissed"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    reason__gt="",
                ),
                name="appeal_answered_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "at"], name="appeal_queue")]

    def __str__(self) -> str:
        about = self.case.about if self.case else self.freeze.member if self.freeze else "–"
        return f"{_('appeal')} · {about}"

    @property
    def source(self) -> str:
        """How the audit log names it."""
        return f"appeal:{self.public_id}"

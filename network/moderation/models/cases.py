"""Cases, the reports that form them, and freezes. Evidence is a copy: it stays when the thing itself goes."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import clock
from network.messages.models import Pitch, Purpose
from network.moderation.models.outside import Notifier


class CaseKind(models.TextChoices):
    REPORT = "report", _("report")
    APPEAL = "pitch-appeal", _("appeal against a pitch")


class State(models.TextChoices):
    OPEN = "open", _("open")
    UPHELD = "upheld", _("upheld")
    DISMISSED = "dismissed", _("dismissed")


class Effect(models.TextChoices):
    """What a decision did, besides being said."""

    NOTHING = "", _("nothing else")
    STRIKE = "strike", _("it lowers the standing")
    RETRACTED = "retracted", _("the pitch no longer counts")
    BAD_FAITH = "bad-faith", _("it counts against whoever reported")
    TAKEN_BACK = "taken-back", _("taken back: it no longer counts")


class Ground(models.TextChoices):
    """What a sanction stands on: the rules of this server, or the law (DSA Art. 17)."""

    PITCHED = "pitched", _("selling or pushing where nobody asked")
    UNLABELLED = "unlabelled", _("advertising without its label")
    UNTRUE = "untrue", _("untrue claims about oneself or a shared past")
    PRETENDING = "pretending", _("pretending to be somebody else")
    HURTING = "hurting", _("insults, threats or pressure")
    PRIVATE = "private", _("private facts of somebody else")
    BAD_FAITH = "bad-faith", _("a report made in bad faith")
    RULE = "rule", _("another rule of this server")
    LAW = "law", _("against the law")


class Case(models.Model):
    """What moderators decide, once. `about` is whose conduct it is about: the reported, or who appeals.

    All open reports about one member are one case. `to_reporter` and `to_subject` are the two reasons.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    about = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("about"))
    kind = models.CharField(_("kind"), max_length=12, choices=CaseKind.choices, default=CaseKind.REPORT)
    pitch = models.OneToOneField(Pitch, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(_("opened"), default=clock.now)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    to_reporter = models.TextField(blank=True)
    to_subject = models.TextField(blank=True)
    effect = models.CharField(max_length=10, choices=Effect.choices, default=Effect.NOTHING, blank=True)
    ground = models.CharField(max_length=10, choices=Ground.choices, blank=True, default="", db_default="")
    law = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        default_permissions = ("view",)
        permissions = [("decide_case", "Can decide cases")]
        constraints = [
            models.UniqueConstraint(
                fields=["about"], condition=Q(state="open", kind="report"), name="case_one_open_per_member"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False, to_reporter__gt="", to_subject__gt=""),
                name="case_decided_with_reasons",
            ),
            models.CheckConstraint(
                condition=Q(kind="report", pitch=None) | Q(kind="pitch-appeal", pitch__isnull=False),
                name="case_appeal_names_its_pitch",
            ),
            models.CheckConstraint(condition=~Q(ground="law") | Q(law__gt=""), name="case_names_the_law"),
        ]
        indexes = [models.Index(fields=["state", "opened_at"], name="case_queue")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · @{self.about.handle}"

    @property
    def source(self) -> str:
        """How the ledger and the audit log name the case."""
        return f"case:{self.public_id}"


class Reversal(models.Model):
    """An upheld case that was taken back: its strike counts no longer. Decision and reasons stay readable."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="reversal")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    to_reporter = models.TextField()
    to_subject = models.TextField()

    class Meta:
        verbose_name = _("reversal")
        verbose_name_plural = _("reversals")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(to_reporter__gt="", to_subject__gt=""), name="reversal_with_reasons")
        ]

    def __str__(self) -> str:
        return f"reversal of {self.case_id}"


class SourceKind(models.TextChoices):
    MESSAGE = "message", _("a message")
    REQUEST = "request", _("a request")
    MEMBER = "member", _("a member's page")
    PROMOTION = "promotion", _("a promotion")
    VOUCH = "vouch", _("a public vouch")


class Report(models.Model):
    """One member says that something is wrong, or another server does. Nobody but moderators and the reporter reads it.

    `server`: who reports, if not a member: all its reports in one case are one. `forwarded`: the reporter wants the
    server of the reported to know, too; `their_answer` is what that one says. `label`: what the reported message is,
    says its reader, instead of `words` or beside them; `label_upheld`: the decision agreed with that, and
    `quiet_before` is the writer's quiet period until then. `notifier`: who reports without an account. `erased_at`:
    since then evidence and words are gone (`erasing`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    server = models.CharField(_("server"), max_length=253, blank=True, default="", db_default="")
    source_kind = models.CharField(max_length=9, choices=SourceKind.choices)
    source = models.CharField(max_length=36, blank=True)
    evidence = models.JSONField(default=dict)
    words = models.TextField(blank=True)
    label = models.CharField(max_length=9, choices=Purpose.choices, blank=True, default="", db_default="")
    label_upheld = models.BooleanField(default=False, db_default=False)
    key = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)
    forwarded = models.BooleanField(default=False, db_default=False)
    their_answer = models.CharField(max_length=9, choices=State.choices, blank=True, default="", db_default="")
    notifier = models.OneToOneField(Notifier, null=True, on_delete=models.PROTECT, related_name="report")
    quiet_before = models.JSONField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["reporter", "key"], name="report_once_per_form"),
            models.UniqueConstraint(
                fields=["reporter", "source_kind", "source"], condition=~Q(source=""), name="report_once_per_thing"
            ),
            models.UniqueConstraint(
                fields=["reporter", "case"], condition=Q(source=""), name="report_of_a_member_once_per_case"
            ),
            models.UniqueConstraint(
                fields=["server", "case"], condition=~Q(server=""), name="report_of_a_server_once_per_case"
            ),
            models.CheckConstraint(
                condition=Q(reporter__isnull=False, server="", notifier=None)
                | Q(reporter=None, server__gt="", notifier=None)
                | Q(reporter=None, server="", notifier__isnull=False),
                name="report_by_a_member_a_server_or_a_notifier",
            ),
        ]
        indexes = [models.Index(fields=["reporter", "-at"], name="report_by_reporter")]

    def __str__(self) -> str:
        return f"report {self.public_id}"

    @property
    def happened_at(self) -> datetime | None:
        """When the reported thing was sent; a page has no such moment."""
        when = self.evidence.get("when")
        return datetime.fromisoformat(when) if when else None


class Freeze(models.Model):
    """From `at` until `thawed_at` the member could read but not write; the reasons are shown to them."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    reason = models.TextField()
    ground = models.CharField(max_length=10, choices=Ground.choices, default=Ground.RULE, db_default="rule")
    law = models.CharField(max_length=200, blank=True, default="", db_default="")
    thawed_at = models.DateTimeField(null=True)
    thawed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    thaw_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("freeze")
        verbose_name_plural = _("freezes")
        default_permissions = ()
        permissions = [("freeze_member", "Can freeze and thaw members")]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(thawed_at__isnull=True), name="freeze_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(ground="law") | Q(law__gt=""), name="freeze_names_the_law"),
        ]

    def __str__(self) -> str:
        return f"freeze {self.pk}"

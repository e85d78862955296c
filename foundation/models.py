"""The rows all stand on: work still to be done, limits spent, letters, and who did what."""

import uuid
from datetime import date

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

WAITING = Q(token=None, done_at=None, dead_at=None)
UNDONE = Q(done_at=None, dead_at=None)


class Job(models.Model):
    """Something that must still happen; it is done only when its effect is done.

    Waiting: no `token`. Claimed: a `token` that fences off every earlier claimer, until `available_at`.
    `due_at` is when it was first to be done; its kind's deadline counts from there. `attempts` counts
    claims, `lost` those whose worker never came back. All times are the database's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.TextField(_("kind"))
    dedup_key = models.TextField(null=True, blank=True)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(db_default=Now())
    available_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    lost = models.PositiveIntegerField(default=0, db_default=0)
    token = models.UUIDField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(default="", db_default="", blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs that gave up")
        indexes = [
            models.Index(fields=["kind", "available_at"], condition=UNDONE, name="job_undone_by_kind_and_time"),
            models.Index(fields=["done_at"], condition=Q(done_at__isnull=False), name="job_done_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["dedup_key"], condition=WAITING, name="job_waits_once_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class PeriodicRun(models.Model):
    """The slot of a periodic kind has been asked for: at most one job a slot, however many beats there are."""

    kind = models.TextField()
    slot = models.BigIntegerField()
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "slot"], name="periodic_run_once_per_slot")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slot}"


class Quota(models.Model):
    """How much `holder` has `used` of `what` in the window of `days` UTC days that began on `since`."""

    what = models.TextField()
    holder = models.TextField()
    days = models.PositiveSmallIntegerField(default=1)
    since = models.DateField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["what", "holder", "days", "since"], name="quota_counted_once_per_window")
        ]
        indexes = [models.Index(fields=["since"], name="quota_by_window")]

    def __str__(self) -> str:
        since: date = self.since
        return f"{self.what} {since} {self.used}"


class Bucket(models.Model):
    """`level` of `what` was left to `holder` at `filled_at`; it fills up from then on (`quotas.draw`)."""

    what = models.TextField()
    holder = models.TextField()
    level = models.FloatField()
    filled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["what", "holder"], name="bucket_one_per_holder"),
            models.CheckConstraint(condition=Q(level__gte=0), name="bucket_is_never_overdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.level:g}"


class Letter(models.Model):
    """A mail to send, sealed. `reader` is the plain id of whom it is for, so that erasure finds it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.TextField()
    reader = models.TextField(default="", blank=True)
    sealed_to = models.TextField()
    sealed_subject = models.TextField()
    sealed_body = models.TextField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="letter_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class AuditEntry(models.Model):
    """`actor` did `act` about `about`. Append-only: triggers refuse UPDATE, DELETE and TRUNCATE."""

    actor = models.TextField(_("by"))
    act = models.TextField(_("act"))
    about = models.TextField(_("concerning"))
    detail = models.JSONField(_("detail"), default=dict, encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("line of the audit log")
        verbose_name_plural = _("audit log")
        indexes = [
            models.Index(fields=["about", "made_at"], name="audit_by_about_and_time"),
            models.Index(fields=["actor", "made_at"], name="audit_by_actor_and_time"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.act} {self.about}"


class AuditLink(models.Model):
    """The audit log's chain: link `number` hangs `entry` on the hash before it. The database writes it at commit."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="link")
    previous = models.BinaryField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"link {self.number}"

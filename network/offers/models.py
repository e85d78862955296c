"""Terms (sealed) and offers. What the worker decided about an offer is read by the recipient's side alone."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Entry, Member
from foundation import clock


class Terms(models.Model):
    """A member's private floors for offers, sealed under the member's own data key: the matcher and the member read
    them, nobody else. `question` is shown to whoever fills in an offer for this member, hence in the clear."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, primary_key=True, related_name="+")
    sealed = models.TextField()
    question = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("terms")
        verbose_name_plural = _("terms")
        default_permissions = ()


class Answer(models.TextChoices):
    NONE = "", _("not answered")
    INTERESTED = "interested", _("interested")
    NOT_NOW = "not-now", _("not now")
    NOT_FOR_ME = "not-for-me", _("not for me")
    UNREAD = "unread", _("unread offer: it plainly ignores my profile")


class Status(models.TextChoices):
    """An offer as its sender sees it, and nothing more: not delivered, unread and turned down all read "sent"."""

    SENT = "sent", _("sent")
    INTERESTED = "interested", _("interested")
    ENDED = "ended", _("ended")


class Offer(models.Model):
    """One job approach. `form` is what the sender filled in (`filling.Form`); it never changes.

    `settled_at`, `arrived_at` and `sealed_met` (codes of the terms it met) belong to the recipient's side. `role` holds
    what makes two offers the same role: folded employer, words of the title, place.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sender = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="offers_sent")
    recipient = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="offers_received")
    form = models.JSONField()
    employer = models.CharField(max_length=240, blank=True)
    role = models.JSONField()
    entry = models.ForeignKey(Entry, null=True, on_delete=models.SET_NULL, related_name="+")
    snapshot = models.JSONField(default=dict)
    key = models.CharField(max_length=64)
    sent_at = models.DateTimeField(default=clock.now)

    settled_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    sealed_met = models.TextField(blank=True, default="")
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.NONE, blank=True)
    answered_at = models.DateTimeField(null=True)
    kept = models.BooleanField(null=True)
    kept_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["sender", "key"], name="offer_once_per_form"),
            models.CheckConstraint(condition=~Q(sender=F("recipient")), name="offer_not_to_oneself"),
            models.CheckConstraint(
                condition=Q(answer="") | Q(answered_at__isnull=False, arrived_at__isnull=False),
                name="offer_answered_only_if_it_arrived",
            ),
            models.CheckConstraint(
                condition=Q(kept=None) | Q(answer="interested", kept_at__isnull=False),
                name="offer_range_reported_after_a_talk",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-sent_at"], name="offer_by_recipient"),
            models.Index(fields=["sender", "-sent_at"], name="offer_by_sender"),
            models.Index(fields=["employer"], condition=Q(kept__isnull=False), name="offer_kept_by_employer"),
        ]

    def __str__(self) -> str:
        return f"offer {self.public_id}"

    @property
    def status(self) -> Status:
        """What the sender is shown. Reads nothing that terms, a block or an answer but *interested* changes."""
        if self.answer == Answer.INTERESTED:
            return Status.INTERESTED
        return Status.ENDED if clock.now() >= self.ends_at else Status.SENT

    @property
    def is_open(self) -> bool:
        """Neither ended nor answered in a way the sender is told: it can be answered."""
        return self.status == Status.SENT

    @property
    def ends_at(self) -> datetime:
        return self.sent_at + self.lasts()

    @staticmethod
    def lasts() -> timedelta:
        return timedelta(days=settings.OFFER_ENDS_DAYS)

"""Threads between two members, and what they write. One thread per pair."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import clock


class Purpose(models.TextChoices):
    PERSONAL = "personal", _("personal")
    OFFER = "offer", _("offer")
    PROMOTION = "promotion", _("promotion")


class Thread(models.Model):
    """What two members wrote to each other. `met_*` is the last contact before its first message (truth line)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    low = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now)
    met_at = models.DateTimeField(null=True)
    met_how = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="thread_once_per_pair"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="thread_low_before_high"),
        ]
        indexes = [
            models.Index(fields=["low", "-last_at"], name="thread_of_low"),
            models.Index(fields=["high", "-last_at"], name="thread_of_high"),
        ]


class Message(models.Model):
    """One message. Text and purpose never change after it was sent."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    writer = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=9, choices=Purpose.choices, default=Purpose.PERSONAL)
    text = models.TextField()
    sent_at = models.DateTimeField(default=clock.now)
    key = models.CharField(max_length=64)
    claims_contact = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [models.UniqueConstraint(fields=["writer", "key"], name="message_once_per_form")]
        indexes = [models.Index(fields=["thread", "-id"], name="message_by_thread")]


class Reading(models.Model):
    """How far one side has read: for their own unread count only, never shown to the other (no read receipts)."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="readings")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    up_to = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "member"], name="reading_once_per_side")]


class Pitch(models.Model):
    """The recipient marked a message: that was a pitch. The text is kept as proof; the sender can appeal."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="pitch")
    by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)
    proof = models.TextField()
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("pitch")
        verbose_name_plural = _("pitches")

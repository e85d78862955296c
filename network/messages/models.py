"""Threads between two members, and what they write. One thread per pair."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
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
    """One message. Its purpose never changes after it was sent, and its text only while what it said before is kept
    (`Revision`): the database sees to both. `label` is what a moderator upheld it to be. `sent_to_many`: nearly the
    same text had gone to others when it was sent."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    writer = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=9, choices=Purpose.choices, default=Purpose.PERSONAL)
    text = models.TextField()
    sent_at = models.DateTimeField(default=clock.now)
    key = models.CharField(max_length=64)
    claims_contact = models.BooleanField(default=False)
    sent_to_many = models.BooleanField(default=False, db_default=False)
    label = models.CharField(max_length=9, choices=Purpose.choices, blank=True, default="", db_default="")
    edited_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [models.UniqueConstraint(fields=["writer", "key"], name="message_once_per_form")]
        indexes = [
            models.Index(fields=["thread", "-id"], name="message_by_thread"),
            models.Index(fields=["writer", "-sent_at"], name="message_by_writer"),
            GinIndex(SearchVector("text", config="german"), name="message_words_german"),
            GinIndex(SearchVector("text", config="english"), name="message_words_english"),
        ]

    @property
    def shown_as(self) -> str:
        """Its purpose; or what a moderator upheld it to be."""
        return self.label or self.purpose


class Revision(models.Model):
    """What a message said before it was edited: shown to nobody, kept for a report. Written before the text changes."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="revisions")
    text = models.TextField()
    until = models.DateTimeField(default=clock.now)


class File(models.Model):
    """A file that came with a message; what is in it lies sealed in `Enclosed`, under a key that is sealed here."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="file")
    name = models.CharField(max_length=100)
    mime = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    sealed_key = models.TextField()
    made_at = models.DateTimeField(default=clock.now)


class Enclosed(models.Model):
    """Apart from `File`, so that nothing but fetching it reads it."""

    file = models.OneToOneField(File, on_delete=models.CASCADE, related_name="enclosed", primary_key=True)
    sealed = models.TextField()


class Draft(models.Model):
    """What `writer` has begun to write to `other` and not sent: sealed, and nobody's business but theirs."""

    writer = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    sealed = models.TextField()
    kept_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["writer", "other"], name="draft_once_per_person"),
            models.CheckConstraint(condition=~Q(writer=F("other")), name="draft_not_to_oneself"),
        ]


class Hidden(models.Model):
    """One side has put a message out of their own sight; the other still reads it, and it stays evidence."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="hidden")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "member"], name="hidden_once_per_side")]


class Reading(models.Model):
    """How far one side has read: for their own unread count only, never shown to the other (no read receipts).

    `muted`: nothing new in this thread is counted for them.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="readings")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    up_to = models.BigIntegerField(default=0)
    muted = models.BooleanField(default=False, db_default=False)

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


class CallKind(models.TextChoices):
    SERVICE = "service", _("I am looking for a service")
    EXPERIENCE = "experience", _("I am looking for experience")


class Topic(models.TextChoices):
    """What calls can be about. A list, so that a call and those who can answer it find each other."""

    IT = "it", _("software and IT")
    SECURITY = "security", _("security")
    DATA = "data", _("data and statistics")
    ENGINEERING = "engineering", _("engineering and production")
    CONSTRUCTION = "construction", _("construction and crafts")
    ENERGY = "energy", _("energy")
    LOGISTICS = "logistics", _("logistics and travel")
    LAW = "law", _("law")
    TAX = "tax", _("tax and accounting")
    FINANCE = "finance", _("finance and insurance")
    HEALTH = "health", _("health")
    EDUCATION = "education", _("teaching and training")
    DESIGN = "design", _("design and media")
    TRANSLATION = "translation", _("language and translation")
    MARKETING = "marketing", _("marketing and sales")
    PEOPLE = "people", _("people and recruiting")
    MANAGEMENT = "management", _("management and organisation")
    OTHER = "other", _("something else")


class Call(models.Model):
    """An open call: the member's dated consent to hear promotions on one topic, from one region."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="calls")
    kind = models.CharField(max_length=10, choices=CallKind.choices)
    topic = models.CharField(max_length=12, choices=Topic.choices)
    region = models.CharField(max_length=40)
    words = models.CharField(max_length=400)
    key = models.CharField(max_length=64)
    opened_at = models.DateTimeField(default=clock.now)
    ends_on = models.DateField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("open call")
        verbose_name_plural = _("open calls")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="call_once_per_form")]
        indexes = [models.Index(fields=["topic", "ends_on"], condition=Q(closed_at=None), name="call_open_by_topic")]

    def __str__(self) -> str:
        return f"call {self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.ends_on >= clock.today()


class Trade(models.Model):
    """What a member can speak to, and where: they see calls on that topic from that region."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="trades")
    topic = models.CharField(max_length=12, choices=Topic.choices)
    region = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("trade")
        verbose_name_plural = _("trades")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["member", "topic", "region"], name="trade_once")]


class Promotion(models.Model):
    """What was sent into an open call. `consent` keeps the call as it stood, as proof that it was asked for.

    Text and consent never change; the database sees to that."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, null=True, on_delete=models.SET_NULL, related_name="promotions")
    sender = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="promotions_sent")
    recipient = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="promotions_received")
    text = models.TextField()
    consent = models.JSONField()
    key = models.CharField(max_length=64)
    sent_at = models.DateTimeField(default=clock.now)
    objected_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    sent_to_many = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["sender", "key"], name="promotion_once_per_form"),
            models.CheckConstraint(condition=~Q(sender=F("recipient")), name="promotion_not_to_oneself"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-sent_at"], name="promotion_by_recipient"),
            models.Index(fields=["sender", "-sent_at"], name="promotion_by_sender"),
        ]


class OptOut(models.Model):
    """`member` wants no promotions from `sender` any more."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    sender = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("opt-out")
        verbose_name_plural = _("opt-outs")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["member", "sender"], name="opt_out_once")]

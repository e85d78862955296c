"""What a member is to hear of by letter, and what of that they want."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import clock


class Kind(models.TextChoices):
    """One switch each."""

    REQUEST = "request", _("Somebody knocks at your door")
    ANSWER = "answer", _("What became of your own requests")
    VOUCH = "vouch", _("Your word is asked for, or somebody gives theirs")
    MESSAGE = "message", _("Messages you have not read")
    OFFER = "offer", _("Offers that meet your terms, and interest in yours")
    CONTACT = "contact", _("A contact has moved to another server")
    DECISION = "decision", _("Decisions of moderators")
    TRAY = "tray", _("How much waits in your tray")


class Way(models.TextChoices):
    AT_ONCE = "at-once", _("at once")
    DIGEST = "digest", _("in the digest")
    NEVER = "never", _("never")


class Outcome(models.TextChoices):
    """What became of a notice. Only `SENT` has a letter."""

    WAITING = "", _("waits")
    SENT = "sent", _("sent")
    SEEN = "seen", _("seen here before")
    GONE = "gone", _("no longer true")
    UNWANTED = "unwanted", _("no longer wanted")


class Wish(models.Model):
    """How a member wants to hear of one kind; without a row the default counts (`wishes.DEFAULTS`)."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    way = models.CharField(max_length=7, choices=Way.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "kind"], name="wish_once_per_kind")]


class Rhythm(models.Model):
    """When a member's digest comes, in their own time zone: at `hour`, on `days` ("0" is Monday, "01234" the week)."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+", primary_key=True)
    hour = models.PositiveSmallIntegerField()
    days = models.CharField(max_length=7)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="rhythm_hour_of_a_day"),
            models.CheckConstraint(condition=~Q(days=""), name="rhythm_has_a_day"),
        ]


class Notice(models.Model):
    """One fact that one member is to hear of: written with the fact, settled once.

    `what` and `ref` name the fact (`facts`), no word of it is kept here. `due_at`: when it may be said.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=16)
    ref = models.CharField(max_length=64)
    noted_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    by_digest = models.BooleanField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "what", "ref"], name="notice_once_per_fact"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None) | (~Q(outcome="") & Q(settled_at__isnull=False)),
                name="notice_settled_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(settled_at=None), name="notice_waiting_by_moment"),
            models.Index(fields=["member"], condition=Q(settled_at=None), name="notice_waiting_by_member"),
            models.Index(fields=["settled_at"], name="notice_by_settled"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.ref}"

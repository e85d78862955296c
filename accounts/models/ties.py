"""Bare facts between two members, read by all floors. A pair is kept as (low, high) by id."""

from django.db import models
from django.db.models import F, Q

from accounts.models.people import Member
from foundation import clock


class Tie(models.Model):
    """The two are in contact since `since`, until `ended_at`. At most one live tie per pair."""

    low = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="tie_low_before_high"),
            models.UniqueConstraint(
                fields=["low", "high"], condition=Q(ended_at__isnull=True), name="tie_one_live_per_pair"
            ),
        ]
        indexes = [models.Index(fields=["high", "low"], name="tie_from_the_other_side")]


class Block(models.Model):
    """`blocker` wants nothing from `blocked`, who is never told."""

    blocker = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="block_not_oneself"),
        ]


class LastMet(models.Model):
    """The last contact the two had on this server: when and how. The truth line is read from it."""

    low = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    how = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="last_met_once_per_pair"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="last_met_low_before_high"),
        ]

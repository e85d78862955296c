"""Confirmations between two, and doubts about an entry."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Entry, Member, Organisation
from foundation import clock


class ConfirmationKind(models.TextChoices):
    WORKED = "worked", _("worked together")
    STUDIED = "studied", _("studied together")
    PROJECT = "project", _("same project")
    MET = "met", _("met at an event")
    GROUP = "group", _("same list or user group")
    INVITED = "invited", _("came by invitation")


class Confirmation(models.Model):
    """Both of a pair said "yes, we were both there", or one came by the other's invitation."""

    low = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=ConfirmationKind.choices)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    entry = models.ForeignKey(Entry, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    source = models.UUIDField(default=uuid.uuid4)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="confirmation_low_before_high"),
            models.UniqueConstraint(fields=["low", "high", "source"], name="confirmation_once_per_source"),
        ]
        indexes = [models.Index(fields=["high", "low"], name="confirmation_from_the_other")]


class Doubt(models.Model):
    """Somebody who was asked said of an entry: not true, we were not there together. Never shown to anybody."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "by"], name="doubt_once_per_person")]

"""What is known of a member: evidence (append-only), confirmations, doubts, and the standing computed from them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Entry, Member, Organisation
from foundation import clock


class Evidence(models.Model):
    """One line of the ledger. Members appear by their random `ledger_id` only; nothing personal is in it.

    `commitment` is HMAC-SHA-256(salt, claim); salt and claim live in `Claim`, which can be erased while the chain
    still verifies. `hash` covers the line and `previous`, so a chain per subject has neither forks nor gaps.
    """

    about = models.UUIDField()
    number = models.PositiveIntegerField()
    by = models.UUIDField()
    kind = models.CharField(max_length=24)
    source = models.CharField(max_length=80)
    at = models.DateTimeField()
    commitment = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.UniqueConstraint(fields=["about", "number"], name="evidence_chain_has_no_fork"),
            models.UniqueConstraint(fields=["kind", "source", "about"], name="evidence_recorded_once"),
            models.CheckConstraint(condition=~Q(by=F("about")), name="evidence_not_about_oneself"),
        ]


class Claim(models.Model):
    """What a line of evidence commits to, with its salt: erasable, unlike the line."""

    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="claim", primary_key=True)
    salt = models.BinaryField(max_length=32)
    claim = models.JSONField(default=dict)


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


class Standing(models.Model):
    """What the worker computed last for a member; pages read it and never compute."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="standing", primary_key=True)
    points = models.FloatField(default=0)
    conduct = models.FloatField(default=1)
    weight = models.FloatField(default=0)
    anchor = models.FloatField(default=0)
    computed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = [
            models.CheckConstraint(condition=Q(conduct__gt=0, conduct__lte=1), name="standing_conduct_is_a_share"),
            models.CheckConstraint(condition=Q(weight__gte=0, weight__lte=1), name="standing_weight_is_a_share"),
            models.CheckConstraint(condition=Q(anchor__gte=0, anchor__lte=1), name="standing_anchor_is_a_share"),
        ]

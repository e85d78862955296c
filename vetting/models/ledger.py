"""The ledger: lines of evidence that are only ever added, and what they commit to, which can be erased."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vetting import evidence

MILLION = 1_000_000


class Evidence(models.Model):
    """One line of the ledger. Members appear by their random `ledger_id` only; nothing personal is in it.

    `commitment` is HMAC-SHA-256(salt, claim); salt and claim live in `Claim`, which can be erased while the chain
    still verifies. `hash` covers the line and `previous`, so a chain per subject has neither forks nor gaps.
    `word` is what the speaker's word weighed then, in millionths (whole numbers have one canonical form); for
    `liable` the share that the member answers for; empty where nothing is weighed.
    """

    about = models.UUIDField()
    number = models.PositiveIntegerField()
    by = models.UUIDField()
    kind = models.CharField(max_length=24)
    source = models.CharField(max_length=80)
    at = models.DateTimeField()
    word = models.PositiveIntegerField(null=True)
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
            models.CheckConstraint(condition=Q(word=None) | Q(word__lte=MILLION), name="evidence_word_is_a_share"),
        ]
        indexes = [  # few lines are about conduct: the night reads them without passing the millions that are not
            models.Index(fields=["at"], condition=Q(kind__in=evidence.JUDGED), name="evidence_of_conduct"),
        ]


class Claim(models.Model):
    """What a line of evidence commits to, with its salt: erasable, unlike the line."""

    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="claim", primary_key=True)
    salt = models.BinaryField(max_length=32)
    claim = models.JSONField(default=dict)

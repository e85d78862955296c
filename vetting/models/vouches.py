"""Public vouches: offered by one, countersigned by the other, a credential from then on."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import HouseKey, Member, Visibility
from foundation import clock
from vetting.models.contexts import Confirmation


class Vouch(models.Model):
    """`voucher` remembers shared work with `subject` and would take their call.

    Offered until the subject answers; `issued_at` is the moment of the countersignature, from which on `credential`
    is the signed document and `token` its unguessable address. Nothing shows it before. `status_index` is its place
    in the status lists of `status_key`, at random, so that a list tells nothing about when. `ended`: it ran out, and
    the ledger has it.

    Where one of the two lives elsewhere, `draft` is what their servers agree upon: offered to a subject elsewhere it
    has `token` and `status_index` already; `agreed_at`: a subject here has signed a draft from elsewhere. What another
    server issued has no place in our lists: `status_read_at` is when theirs was read last.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    voucher = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="vouches_given")
    subject = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="vouches_received")
    confirmation = models.ForeignKey(Confirmation, null=True, on_delete=models.SET_NULL, related_name="+")
    context = models.JSONField(default=dict)
    sentence = models.CharField(max_length=1000)
    key = models.CharField(max_length=64)
    offered_at = models.DateTimeField(default=clock.now)
    refused_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    visible_to = models.PositiveSmallIntegerField(choices=Visibility.choices, default=Visibility.ME)
    token = models.CharField(max_length=43, null=True, unique=True)
    status_key = models.ForeignKey(HouseKey, null=True, on_delete=models.PROTECT, related_name="+")
    status_index = models.PositiveIntegerField(null=True)
    credential = models.JSONField(null=True)
    ended = models.BooleanField(default=False)
    draft = models.JSONField(null=True)
    agreed_at = models.DateTimeField(null=True)
    status_read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("vouch")
        verbose_name_plural = _("vouches")
        constraints = [
            models.UniqueConstraint(fields=["status_key", "status_index"], name="vouch_has_a_place_of_its_own"),
            models.CheckConstraint(condition=~Q(voucher=F("subject")), name="vouch_not_for_oneself"),
            models.UniqueConstraint(fields=["voucher", "key"], name="vouch_once_per_form"),
            models.UniqueConstraint(
                fields=["voucher", "subject"],
                condition=Q(refused_at__isnull=True, withdrawn_at__isnull=True, issued_at__isnull=True),
                name="vouch_one_offer_per_pair",
            ),
            models.CheckConstraint(
                condition=Q(issued_at=None, credential=None, ends_at=None)
                | Q(issued_at__isnull=False, token__isnull=False, credential__isnull=False, ends_at__isnull=False),
                name="vouch_issued_with_its_credential",
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None) | Q(issued_at=None), name="vouch_refused_is_never_issued"
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "-issued_at"], name="vouch_by_subject"),
            models.Index(fields=["voucher", "-offered_at"], name="vouch_by_voucher"),
        ]

    def __str__(self) -> str:
        return f"vouch {self.public_id}"

    def is_live(self, now: datetime) -> bool:
        """Issued, not withdrawn, not run out."""
        return self.withdrawn_at is None and self.ends_at is not None and now < self.ends_at

    @property
    def source(self) -> str:
        """How the ledger names it."""
        return f"public-vouch:{self.public_id}"

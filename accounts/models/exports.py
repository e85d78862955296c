"""An export of everything of a member's own, while it can be fetched."""

import uuid

from django.db import models

from accounts.models.people import Member
from foundation import clock


class Export(models.Model):
    """Asked for; made by a worker, sealed under the member's own data key; fetched once, and then empty."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    sealed = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["member", "-asked_at"], name="export_by_member")]

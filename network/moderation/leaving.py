"""Somebody has left: what was kept of theirs for a case is erased as soon as nobody has to decide about it.

Else whoever threatens somebody could take the proof along by leaving. Decisions and their reasons stay.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation import retention
from network.moderation.models import Report, State


@transaction.atomic
def erase() -> None:
    """In decided cases there are no words of reporters who have left, nor evidence against members who have."""
    decided = Report.objects.exclude(case__state=State.OPEN)
    decided.filter(reporter__left_at__isnull=False).exclude(words="").update(words="")
    decided.filter(case__about__left_at__isnull=False).exclude(evidence={}).update(evidence={})


@retention.keeps("reports", setting="REPORT_DAYS", what=_("What was reported and with which words, after the decision"))
def forget(before: datetime) -> None:
    """The decision and its reasons stay."""
    Report.objects.filter(case__decided_at__lt=before).exclude(evidence={}, words="").update(evidence={}, words="")

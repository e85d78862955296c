"""Somebody has left: what was kept of theirs for a case is erased as soon as nobody has to decide about it.

Else whoever threatens somebody could take the proof along by leaving. Decisions and their reasons stay.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation import retention
from network.moderation.models import Appeal, AppealState, Report, State


@transaction.atomic
def erase() -> None:
    """In decided cases there are no words of reporters who have left, nor evidence against members who have, nor their
    words in appeals that are answered."""
    waiting = Appeal.objects.filter(state=AppealState.OPEN, freeze=None).values("case")
    decided = Report.objects.exclude(case__state=State.OPEN).exclude(case__in=waiting)
    decided.filter(reporter__left_at__isnull=False).exclude(words="").update(words="")
    decided.filter(case__about__left_at__isnull=False).exclude(evidence={}).update(evidence={})
    answered = Appeal.objects.exclude(state=AppealState.OPEN).filter(by__left_at__isnull=False)
    answered.exclude(words="").update(words="")


@retention.keeps("reports", setting="REPORT_DAYS", what=_("What was reported and with which words, after the decision"))
def forget(before: datetime) -> None:
    """The decision and its reasons stay, and all of it where an appeal waits."""
    waiting = Appeal.objects.filter(state=AppealState.OPEN, freeze=None).values("case")
    over = Report.objects.filter(case__decided_at__lt=before).exclude(case__in=waiting)
    over.exclude(evidence={}, words="").update(evidence={}, words="")

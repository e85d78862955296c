"""Somebody has left: what was kept of theirs for a case is erased as soon as nobody has to decide about it.

Else whoever threatens somebody could take the proof along by leaving. Decisions and their reasons stay.
"""

from django.db import transaction

from network.moderation.models import Report, State


@transaction.atomic
def erase() -> None:
    """In decided cases there are no words of reporters who have left, nor evidence against members who have."""
    decided = Report.objects.exclude(case__state=State.OPEN)
    decided.filter(reporter__left_at__isnull=False).exclude(words="").update(words="")
    decided.filter(case__about__left_at__isnull=False).exclude(evidence={}).update(evidence={})

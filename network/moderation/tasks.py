"""The jobs of this wing."""

from datetime import timedelta

from foundation import jobs
from network.messages.models import Pitch
from network.moderation import appeals, leaving, telling
from network.moderation import taken_along as _taken_along  # noqa: F401  (enters its parts)
from network.moderation.models import Report


@jobs.handles("appeal-open")
def open_appeal(pitch: int) -> None:
    found = Pitch.objects.select_related("message__writer").filter(pk=pitch).first()
    if found:
        appeals.open_for(found)


@jobs.handles("report-receipt")
def send_receipt(report: int) -> None:
    found = Report.objects.select_related("reporter", "notifier").filter(pk=report).first()
    if found:
        telling.receipt(found)


jobs.listen("report-arrived", "report-receipt")
jobs.listen("pitch-appealed", "appeal-open")


@jobs.handles("moderation-erase", lane="slow")
def erase_of(member: int) -> None:
    leaving.erase()


@jobs.every("moderation-erase-decided", timedelta(days=1), lane="slow")
def erase_what_was_decided() -> None:
    leaving.erase()


jobs.listen("member-left", "moderation-erase")

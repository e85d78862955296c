"""What this wing has to tell members by letter; how it is worded, and whether it still holds, says `told`."""

from accounts.models import Member
from foundation import clock
from network.contacts.models import KeepQuestion, Request, VouchQuestion
from network.notices import telling


def request_arrived(request: Request) -> None:
    telling.tell(request.recipient, "request", request.pk)


def request_accepted(request: Request) -> None:
    telling.tell(request.asker, "accepted", request.pk)


def asked_back(request: Request) -> None:
    telling.tell(request.asker, "asked-back", request.pk)


def vouch_asked(question: VouchQuestion) -> None:
    telling.tell(question.voucher, "vouch-asked", question.pk)


def moved(question: KeepQuestion) -> None:
    telling.tell(question.member, "moved", question.pk)


def vouch_offered(subject: Member, vouch: int) -> None:
    telling.tell(subject, "vouch-offered", vouch)


def tray_summed_up(member: Member) -> None:
    """Once a week, however often it is asked for."""
    year, week, _day = clock.today().isocalendar()
    telling.tell(member, "tray", f"{year}-{week}")

"""The jobs of this wing."""

from datetime import timedelta

from accounts.models import Member
from foundation import jobs
from network.messages import erasing, promotions, told
from network.messages import taken_along as _taken_along  # noqa: F401  (enters its parts)
from network.messages.models import Message


@jobs.every("promotions-heard", timedelta(hours=1), lane="slow")
def count_promotions_as_heard() -> None:
    promotions.count_as_heard()


@jobs.handles("messages-erase", lane="slow")
def erase_member(member: int) -> None:
    erasing.erase(Member.objects.get(pk=member))


jobs.listen("member-left", "messages-erase")


@jobs.handles("message-notice")
def tell_of_message(message: int) -> None:
    arrived = Message.objects.select_related("thread__low", "thread__high", "writer").filter(pk=message).first()
    if arrived:
        told.message_arrived(arrived)


jobs.listen("message-sent", "message-notice")

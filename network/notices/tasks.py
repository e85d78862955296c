"""The jobs of this wing."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import jobs, retention
from network.notices import taken_along as _taken_along  # noqa: F401  (enters its parts)
from network.notices import telling, wishes


@jobs.handles("notice-letter")
def write_letter(notice: int) -> None:
    telling.write_one(notice)


@jobs.every("digests", timedelta(minutes=5), lane="slow")
def ask_for_digests() -> None:
    """Whoever has something due has one letter about it, in a job of its own."""
    jobs.add_many("digest", {f"digest:{member}": {"member": member} for member in telling.due_digests()})


@jobs.handles("digest", lane="slow")
def write_digest(member: int) -> None:
    telling.write_digest(member)


@retention.keeps("notices", setting="NOTICE_DAYS", what=_("That a letter was due, after it was written or not"))
def forget(before: datetime) -> None:
    telling.forget()


@jobs.handles("notices-erase", lane="slow")
def erase_member(member: int) -> None:
    wishes.erase(Member.objects.get(pk=member))


jobs.listen("member-left", "notices-erase")

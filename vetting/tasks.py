"""The jobs of this floor. What computes standings has a lane of its own, so that it keeps no notice waiting."""

from datetime import timedelta

from accounts.models import Member
from foundation import jobs
from vetting import contexts, erasing, liability, nights, standing, vouches, work_mail
from vetting import taken_along as _taken_along  # noqa: F401  (enters its parts)


@jobs.handles("standing", lane="standing", time_limit_s=30)
def recompute_standing(member: int) -> None:
    found = Member.objects.filter(pk=member).first()
    if found:
        standing.recompute(found)


jobs.listen("member-confirmed", "standing")


@jobs.every("standing-night", timedelta(days=1), lane="slow", time_limit_s=900)
def solve_standings() -> None:
    """Soon after midnight (UTC) every standing is solved anew; on Mondays what was whispered enters."""
    nights.solve()


@jobs.handles("tie-lends-no-more")
def part(one: int, other: int) -> None:
    pair = list(Member.objects.filter(pk__in=[one, other]))
    if len(pair) == 2:
        contexts.parted(*pair)


jobs.listen("tie-ended", "tie-lends-no-more")


@jobs.handles("liability", lane="standing")
def spread_liability(strike: int) -> None:
    liability.spread(strike)


@jobs.handles("work-mail")
def send_work_mail(letter: str) -> None:
    work_mail.send_or_drop(letter)


@jobs.every("vouches-end", timedelta(hours=1), lane="slow")
def end_old_vouches() -> None:
    vouches.end_those_that_ran_out()


@jobs.handles("vetting-erase", lane="slow")
def erase_member(member: int) -> None:
    erasing.erase(Member.objects.get(pk=member))


jobs.listen("member-left", "vetting-erase")

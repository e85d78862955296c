"""What the clerk of a town can do: words in, values out that JSON knows. People are named by what follows the @."""

from datetime import timedelta
from typing import Any

from accounts import remotes
from accounts.models import Lookup, Member
from foundation.models import Job
from tests import cast


def joins(handle: str, *, at: str = "", starts: str = "2001-04", ends: str = "2004-06") -> str:
    """A member of long standing, with an entry at that organisation."""
    member = cast.new_member(handle)
    if at:
        cast.was_at(member, at, starts, ends)
    return member.handle


def looks_up(handle: str, *, address: str) -> None:
    remotes.look_up(address, by=member(handle))


def looked_up(address: str) -> str:
    """What follows the @ of who was found; why nobody was; empty while it is not answered."""
    row = Lookup.objects.select_related("member").get(address=address)
    if row.member:
        return row.member.called
    return f"not: {row.why_not}" if row.answered_at else ""


def jobs_left() -> list[str]:
    """The kinds of what is due and not done."""
    return sorted(set(Job.objects.filter(done_at=None, dead_at=None).values_list("kind", flat=True)))


def dead_jobs() -> list[Any]:
    return list(Job.objects.filter(dead_at__isnull=False).values_list("kind", "last_error"))


def member(called: str) -> Member:
    handle, _at, host = called.partition("@")
    return Member.objects.get(handle=handle, host=host)


DAY = timedelta(days=1)

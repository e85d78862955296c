"""What the clerk of a town can do: words in, values out that JSON knows. People are named by what follows the @."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from accounts import remotes
from accounts.models import Lookup, Member
from foundation.models import Job
from network.federation import actors, addresses, outbox
from network.federation.models import Inbound
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


def known(called: str) -> dict[str, Any]:
    """Somebody elsewhere, as this town knows them."""
    them = member(called)
    place = them.elsewhere
    return {"uri": place.uri, "name": them.name, "about": them.about, "speaks": place.speaks}


def has_heard(activity: str) -> bool:
    """Whether an activity was let in and looked at."""
    return Inbound.objects.filter(activity_id=activity, handled_at__isnull=False).exists()


@transaction.atomic
def says(handle: str, *, to: str, text: str, proved: bool = False) -> str:
    """A note goes to somebody elsewhere, whatever the pages would say to it: what is looked at is how it travels."""
    writer, number = member(handle), uuid4()
    recipient = actors.of(member(to))
    note: dict[str, Any] = {"id": addresses.thing("note", number), "type": "Note", "attributedTo": addresses.actor(writer)}
    note |= {"to": [recipient.uri], "content": f"<p>{text}</p>"}
    activity = {"type": "Create", "to": [recipient.uri], "object": note}
    return outbox.send(writer, activity, to=[recipient], key=f"test:{number}", proved=proved).uri

"""What the clerk of a town can do: words in, values out that JSON knows. People are named by what follows the @."""

from typing import Any
from uuid import uuid4

from django.db import transaction

from accounts import people, remotes, ties
from accounts.models import Lookup, Member
from network.contacts import answers, quiet, requests
from network.contacts import follows as following
from network.contacts.models import ContextKind, Request
from network.federation import actors, addresses, outbox
from network.federation.models import Inbound
from network.messages import threads
from network.messages.models import Message
from tests import cast
from vetting import contexts


def member(called: str) -> Member:
    handle, _at, host = called.partition("@")
    return Member.objects.get(handle=handle, host=host)


def joins(handle: str, *, at: str = "", starts: str = "2001-04", ends: str = "2004-06", door: str = "C") -> str:
    """A member of long standing, with an entry at that organisation."""
    new = cast.new_member(handle)
    people.set_door(new, door)
    if at:
        cast.was_at(new, at, starts, ends)
    return new.handle


def looks_up(handle: str, *, address: str) -> None:
    remotes.look_up(address, by=member(handle))


def looked_up(address: str) -> str:
    """What follows the @ of who was found; why nobody was; empty while it is not answered."""
    row = Lookup.objects.select_related("member").get(address=address)
    if row.member:
        return row.member.called
    return f"not: {row.why_not}" if row.answered_at else ""


def known(called: str) -> dict[str, Any]:
    """Somebody elsewhere, as this town knows them."""
    them = member(called)
    place = them.elsewhere
    return {"uri": place.uri, "name": them.name, "about": them.about, "speaks": place.speaks}


def asks(asker: str, recipient: str, *, note: str = "") -> None:
    """By the asker's first entry."""
    one, other = member(asker), member(recipient)
    requests.ask(one, other, context=ContextKind.ENTRY, entry=one.entries.first(), note=note, key=cast.key())


def withdraws(asker: str, recipient: str) -> None:
    requests.withdraw(_request(asker, recipient), by=member(asker))


def request(asker: str, recipient: str) -> dict[str, str] | None:
    """The request as it stands here."""
    row = _request_or_none(asker, recipient)
    return {"where": row.whereabouts, "grade": row.grade, "answer": row.answer} if row else None


def how_many_requests(asker: str, recipient: str) -> int:
    return Request.objects.filter(asker=member(asker), recipient=member(recipient)).count()


def is_withdrawn(asker: str, recipient: str) -> bool:
    row = _request_or_none(asker, recipient)
    return row is None or row.withdrawn_at is not None


def asks_back(recipient: str, asker: str, *, question: str) -> None:
    answers.ask_back(_request(asker, recipient), by=member(recipient), question=question)


def replies(asker: str, recipient: str, *, text: str) -> None:
    answers.reply(_request(asker, recipient), by=member(asker), text=text)


def said_about(asker: str, recipient: str) -> list[str]:
    """Question and reply, as far as they are here."""
    row = _request(asker, recipient)
    return [words for words in (row.question, row.reply) if words]


def accepts(recipient: str, asker: str, *, both_there: bool = True) -> None:
    answers.accept(_request(asker, recipient), by=member(recipient), both_there=both_there)


def stand_together(one: str, other: str) -> dict[str, bool]:
    """Whether the two are in contact here, by a context that both have confirmed, and whether the first keeps quiet."""
    a, b = member(one), member(other)
    return {
        "contact": ties.in_contact(a, b),
        "confirmed": b.pk in contexts.confirmed_contacts(a),
        "quiet": quiet.keeps_quiet(a, b) is not None,
    }


def in_contact(one: str, other: str) -> bool:
    return ties.in_contact(member(one), member(other))


def writes(writer: str, reader: str, *, text: str) -> None:
    threads.write(member(writer), member(reader), text=text, key=cast.key())


def messages(one: str, other: str) -> list[str]:
    """What the two have written, oldest first."""
    thread = threads.between(member(one), member(other))
    return list(Message.objects.filter(thread=thread).order_by("pk").values_list("text", flat=True)) if thread else []


def last_message(one: str, other: str) -> str:
    return (messages(one, other) or [""])[-1]


def lifts(recipient: str, asker: str) -> None:
    contact = quiet.between(member(recipient), member(asker))
    assert contact
    quiet.lift(contact, by=member(recipient))


def parts(one: str, other: str) -> None:
    contact = quiet.between(member(one), member(other))
    assert contact
    quiet.end(contact, by=member(one))


def follows(follower: str, followed: str) -> None:
    following.follow(member(follower), member(followed))


def lets_follow(followed: str, follower: str) -> None:
    following.accept(following.from_whom(member(followed), member(follower)))


def follow(follower: str, followed: str) -> str:
    """How far it has come."""
    row = following.between(member(follower), member(followed))
    return ("accepted" if row.accepted_at else "asked") if row else "none"


def has_heard(activity: str) -> bool:
    """Whether an activity was let in and looked at."""
    return Inbound.objects.filter(activity_id=activity, handled_at__isnull=False).exists()


def became_of(activity: str) -> str:
    return Inbound.objects.filter(activity_id=activity).values_list("outcome", flat=True).first() or "never came"


def unhandled() -> list[str]:
    """What came in and was not looked at yet."""
    return list(Inbound.objects.filter(handled_at=None, waits_for="").values_list("activity_id", flat=True))


@transaction.atomic
def says(handle: str, *, to: str, text: str, proved: bool = False) -> str:
    """A note goes to somebody elsewhere, whatever the pages would say to it: what is looked at is how it travels."""
    writer, number = member(handle), uuid4()
    recipient = actors.of(member(to))
    note: dict[str, Any] = {"id": addresses.thing("note", number), "type": "Note"}
    note |= {"attributedTo": addresses.actor(writer), "to": [recipient.uri], "content": f"<p>{text}</p>"}
    activity = {"type": "Create", "to": [recipient.uri], "object": note}
    return outbox.send(writer, activity, to=[recipient], key=f"test:{number}", proved=proved).uri


def _request_or_none(asker: str, recipient: str) -> Request | None:
    """The latest; the asker may not be known here yet."""
    handle, _at, host = asker.partition("@")
    found = Request.objects.filter(asker__handle=handle, asker__host=host, recipient=member(recipient))
    return found.select_related("asker", "recipient").order_by("pk").last()


def _request(asker: str, recipient: str) -> Request:
    row = _request_or_none(asker, recipient)
    assert row, f"no request of {asker} to {recipient}"
    return row

"""Other servers report somebody here, and answer what we reported. Who reported there is not kept (federation.md)."""

import hashlib

from accounts.models import Member
from network.federation import addresses, peers, references, vocabulary, words
from network.federation.dispatch import Arrival, NotTheirs, understands
from network.federation.models import Reference
from network.messages import threads
from network.messages.models import Message
from network.moderation import flags
from network.moderation.models import Report

MOST_NAMED = 50


@understands("Flag")
def flagged(arrival: Arrival) -> bool:
    """A server reports a member, perhaps with a message of theirs to somebody there. Nobody else is told."""
    if references.find(arrival.id, "flag-of-theirs"):
        return True
    about, message = _named(arrival)
    if about is None:
        return False
    peers.spend(arrival.actor.peer, "reports")
    said, key = words.of(arrival.activity.get("content")), hashlib.sha256(arrival.id.encode()).hexdigest()
    report = flags.receive(arrival.actor.peer.host, about, words=said, key=key, message=message)
    references.remember(arrival.id, "flag-of-theirs", report, owner=arrival.actor)
    return True


@understands("Accept", of="flag")
@understands("Reject", of="flag")
def answered(arrival: Arrival) -> bool:
    """The server that we told has decided."""
    known = references.find(arrival.object_uri, "flag")
    report = _ours(known) if known else None
    if report is None or report.case.about.host != arrival.actor.peer.host:
        raise NotTheirs
    flags.note_answer(report, upheld=arrival.type == "Accept")
    return True


def _named(arrival: Arrival) -> tuple[Member | None, Message | None]:
    """The first member here who is named, by their page or by a message of theirs; with that message."""
    named = [vocabulary.uri_of(one) for one in vocabulary.listed(arrival.object)[:MOST_NAMED]]
    messages = [found for uri in named if (found := _message(uri, arrival.actor.peer.host))]
    about = next((member for uri in named if (member := addresses.member_at(uri))), None)
    if about is None and messages:
        about = messages[0].writer
    return about, next((message for message in messages if message.writer == about), None)


def _message(uri: str, host: str) -> Message | None:
    """A message from here that went to somebody of that server, by its name."""
    known = references.find(uri, "message")
    rows = Message.objects.select_related("writer", "thread__low", "thread__high")
    found = rows.filter(pk=known.row).first() if known and known.owner is None else None
    if found is None or threads.other_side(found.thread, found.writer).host != host:
        return None
    return found


def _ours(known: Reference) -> Report | None:
    if known.owner is not None:
        return None
    return Report.objects.select_related("case__about").filter(pk=known.row).first()

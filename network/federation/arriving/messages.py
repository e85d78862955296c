"""Words to one person here: a message between two in contact, a question about a request, the reply to it.

A note that is addressed to anybody else besides is none of these (federation.md, 37), and one from somebody who is
not in contact with its reader is left to the next room.
"""

import hashlib
from dataclasses import dataclass

from accounts.models import Member
from network.contacts import answers, quiet, requests
from network.contacts.models import Request
from network.federation import addresses, inbox, peers, references, vocabulary, words
from network.federation.dispatch import Arrival, Parked, understands
from network.messages import threads


@dataclass(frozen=True, kw_only=True)
class Note:
    """A note from one person elsewhere to one person here. `uri` is of the writer's own server."""

    uri: str
    writer: Member
    reader: Member
    text: str
    in_reply_to: str
    thread: str


@understands("Create", of="Note")
def receive(arrival: Arrival) -> bool:
    """A private note finds its place, if it is one of these three; else False."""
    note = read(arrival)
    if note is None:
        return False
    answered = references.find(note.in_reply_to, "request", "question")
    if answered:
        request = Request.objects.select_related("asker", "recipient").get(pk=answered.row)
        if answered.kind == "request" and _is_between(request, asker=note.reader, recipient=note.writer):
            return _question(arrival, note, request)
        if answered.kind == "question" and _is_between(request, asker=note.writer, recipient=note.reader):
            return _reply(arrival, note, request)
    return _message(arrival, note)


@understands("Create", of="message")
@understands("Create", of="question")
@understands("Create", of="reply")
def receive_again(arrival: Arrival) -> bool:
    """It is here already, by another inbox or under another activity."""
    return True


def read(arrival: Arrival) -> Note | None:
    """The note, if it is meant for exactly one person, who lives here, and comes from its own author and server."""
    body, writer, readers = arrival.object, arrival.actor.member, list(dict.fromkeys(arrival.audience))
    reader = addresses.member_at(readers[0]) if len(readers) == 1 else None
    if not isinstance(body, dict) or writer is None or reader is None:
        return None
    uri, author = vocabulary.uri_of(body), vocabulary.uri_of(body.get("attributedTo"))
    if author != arrival.actor.uri or not addresses.same_server(uri, author):
        return None
    return Note(
        uri=uri,
        writer=writer,
        reader=reader,
        text=words.without_mentions(words.of(body.get("content")), reader.handle, reader.address),
        in_reply_to=vocabulary.uri_of(body.get("inReplyTo")),
        thread=vocabulary.uri_of(body.get("context")),
    )


def _is_between(request: Request, *, asker: Member, recipient: Member) -> bool:
    return (request.asker_id, request.recipient_id) == (asker.pk, recipient.pk)


def _question(arrival: Arrival, note: Note, request: Request) -> bool:
    """Whom we asked asks back."""
    peers.spend(arrival.actor.peer, "messages")
    answers.ask_back(request, by=note.writer, question=note.text)
    return references.remember(note.uri, "question", request, owner=arrival.actor)


def _reply(arrival: Arrival, note: Note, request: Request) -> bool:
    """Who asked us replies."""
    peers.spend(arrival.actor.peer, "messages")
    answers.reply(request, by=note.writer, text=note.text)
    return references.remember(note.uri, "reply", request, owner=arrival.actor)


def _message(arrival: Arrival, note: Note) -> bool:
    """Between two in contact, under all the rules of a thread. Before the acceptance it waits for that."""
    if quiet.between(note.writer, note.reader) is None and quiet.ended_meanwhile(note.writer, note.reader) is None:
        _wait_for_acceptance(note)
        return False
    peers.spend(arrival.actor.peer, "messages")
    message = threads.write(note.writer, note.reader, text=note.text, key=_key(note))
    references.remember(note.uri, "message", message, owner=arrival.actor)
    if note.thread and addresses.same_server(note.thread, arrival.actor.uri):
        references.remember(note.thread, "thread", message.thread, owner=arrival.actor)
    inbox.look_again(note.uri)
    return True


def _wait_for_acceptance(note: Note) -> None:
    """Our request to the writer is open, and their server knows requests: the acceptance is on its way."""
    asked = requests.waiting_for(note.writer).filter(asker=note.reader).first()
    offer = references.ours("request", asked) if asked else ""
    if offer and note.writer.elsewhere.speaks:
        raise Parked(offer)


def _key(note: Note) -> str:
    return hashlib.sha256(note.uri.encode()).hexdigest()

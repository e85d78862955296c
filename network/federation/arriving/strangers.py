"""Messages from people elsewhere whose servers know no requests: each is a request without a context, grade C.

It comes after `messages`, which takes what is said between two in contact. What is public, or meant for several, is
nobody's business here: there is no feed (docs/decisions/0056).
"""

import hashlib
from contextlib import suppress

from django.conf import settings

from accounts import remotes
from foundation import jobs
from foundation.refusals import Invalid, Refusal
from network.contacts import notes, requests
from network.contacts.models import Contact, ContextKind, Request
from network.contacts.requests import Afar
from network.federation import peers, references, tombstones
from network.federation.arriving import messages
from network.federation.dispatch import Arrival, NotTheirs, understands
from network.federation.models import Inbound
from network.messages import threads


@understands("Create", of="Note")
def receive(arrival: Arrival) -> bool:
    """Somebody elsewhere writes to somebody here whom they are not in contact with."""
    note = messages.read(arrival)
    if note is None or remotes.speaks(note.writer):
        return False
    peers.spend(arrival.actor.peer, "requests")
    text, why_hidden = shown(note.text)
    request = requests.ask(
        note.writer,
        note.reader,
        context=ContextKind.MESSAGE,
        key=hashlib.sha256(note.uri.encode()).hexdigest(),
        note=text,
        afar=Afar(loud=not peers.is_limited(note.writer), kept={"message": {"hidden": why_hidden}}),
    )
    references.remember(note.uri, "request", request, owner=arrival.actor)
    return True


@understands("Create", of="request")
def receive_again(arrival: Arrival) -> bool:
    """It is here already, by another inbox or under another activity."""
    return True


@understands("Delete", of="request")
def take_back(arrival: Arrival) -> bool:
    """They have deleted their message: while it waits, it is withdrawn."""
    known, by = references.find(arrival.object_uri, "request"), arrival.actor.member
    if known is None or by is None or known.owner is None or known.owner.pk != arrival.actor.pk:
        raise NotTheirs
    request = Request.objects.select_related("recipient").get(pk=known.row)
    if request.context != ContextKind.MESSAGE:
        return False
    requests.withdraw(request, by=by)
    return tombstones.bury(arrival.object_uri, by=arrival.actor)


@jobs.handles("whole-message")
def show_whole(contact: int) -> None:
    """What could not be shown of the message that a contact came from stands in the thread of the two, as far as the
    quiet period lets it: else when that is lifted. After 30 days nobody has it any more."""
    row = Contact.objects.select_related("request__asker", "request__recipient").filter(pk=contact).first()
    request = row.request if row and row.ended_at is None else None
    if request is None or not request.snapshot.get("message", {}).get("hidden"):
        return
    note = _kept(request)
    if note and note.text:
        key = hashlib.sha256(note.uri.encode()).hexdigest()
        with suppress(Refusal):
            threads.write(request.asker, request.recipient, text=note.text, key=key)


jobs.listen("contact-begun", "whole-message")
jobs.listen("quiet-lifted", "whole-message")


def _kept(request: Request) -> messages.Note | None:
    """The note as it came, while it is kept."""
    rows = Inbound.objects.filter(actor__member=request.asker, body__type="Create")
    row = rows.filter(body__object__id=references.name_of("request", request)).select_related("actor__member").first()
    return messages.read(Arrival(activity=row.body, actor=row.actor, inbound=row)) if row else None


def shown(text: str) -> tuple[str, str]:
    """The message as far as the rules for notes let it pass, and why not all of it: `carries`, `long` or `empty`."""
    try:
        words = notes.check(text, limit=max(len(text), 1))
    except Invalid:
        return "", "carries"
    most = settings.NOTE_MAX_CHARACTERS
    if len(words) > most:
        return f"{words[: most - 1].rstrip()}…", "long"
    return words, "" if words else "empty"

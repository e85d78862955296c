"""Requests from other servers. They settle like any (`network.contacts.settling`), and nothing tells how.

A Reject answers what is no request, or breaks a rule that is the same for all; never who was asked, or their answer.
"""

import hashlib

from django.db import transaction

from accounts import entries, ties
from accounts.models import Member
from foundation.refusals import Forged, Invalid
from network.contacts import quiet, requests
from network.contacts.models import Contact
from network.contacts.requests import Afar
from network.federation import addresses, asking, inbox, peers, proved, references, vocabulary
from network.federation.asking import NotARequest
from network.federation.dispatch import Arrival, understands
from network.federation.leaving import requests as leaving


@understands("Offer", of="Relationship")
def ask(arrival: Arrival) -> bool:
    """Somebody elsewhere asks somebody here for contact."""
    asker, recipient = arrival.actor.member, addresses.member_at(vocabulary.uri_of(arrival.object.get("object")))
    if asker is None or recipient is None:
        return False
    if references.find(arrival.id):
        return True
    peers.spend(arrival.actor.peer, "requests")
    try:
        with transaction.atomic():
            _ask(arrival, asker, recipient)
    except (Invalid, Forged):
        leaving.reject(arrival.id, by=recipient, to=asker)
    else:
        inbox.look_again(arrival.id)
    return True


def _ask(arrival: Arrival, asker: Member, recipient: Member) -> None:
    """The request is here, or a waiting one of ours is accepted by it. Raises `Unproven`, and what `ask` raises."""
    expected = asking.relationship(arrival.actor.uri, addresses.actor(recipient))
    stated = {name: value for name, value in arrival.object.items() if name in expected}
    if stated != expected or arrival.audience != [addresses.actor(recipient)]:
        raise NotARequest
    asked = asking.read(arrival.activity)
    proved.check(arrival.activity, by=arrival.actor)
    ties.lock(asker, recipient)
    contact = quiet.between(asker, recipient)
    if contact:
        _crossed(arrival, contact, recipient)
        return
    waiting = requests.waiting_for(asker).filter(asker=recipient).first()
    ours = references.ours("request", waiting) if waiting else ""
    afar = Afar(
        loud=not peers.is_limited(asker),
        came_first=not ours or drawn(arrival.id) < drawn(ours),
        kept={name: kept for name, kept in (("asker", asked.told), ("said", asked.said)) if kept},
    )
    request = requests.ask(
        asker,
        recipient,
        context=asked.context,
        key=hashlib.sha256(arrival.id.encode()).hexdigest(),
        entry=entries.claimed(asker, asked.facts) if asked.facts else None,
        note=asked.note,
        afar=afar,
    )
    references.remember(arrival.id, "request", request, owner=arrival.actor)
    if request.asker_id == recipient.pk:
        leaving.accept(request.contact, offer=arrival.id, by=recipient)


def _crossed(arrival: Arrival, contact: Contact, recipient: Member) -> None:
    """It was on its way when our request was accepted: one more name for that one. Else they are in contact already."""
    if contact.request is None or contact.request.asker_id != recipient.pk:
        raise requests.AlreadyInContact
    references.remember(arrival.id, "request", contact.request, owner=arrival.actor)


def drawn(uri: str) -> str:
    """A lot that falls the same way on both servers: the lower one counts as the request that was accepted."""
    return hashlib.sha256(uri.encode()).hexdigest()

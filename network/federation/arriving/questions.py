"""Vouching across servers: a question to somebody here, and somebody's word from elsewhere for a request made here."""

import hashlib
from dataclasses import dataclass

from accounts.models import Member
from foundation import clock
from foundation.signing import Document
from network.contacts import vouching
from network.contacts.models import Request, Whereabouts
from network.federation import actors, addresses, asking, peers, references, vocabulary, words
from network.federation.dispatch import Arrival, Parked, understands
from network.federation.models import Actor
from vetting import contexts


@dataclass(frozen=True)
class Invitation:
    """Who asks whom to vouch for which request, as it stands in an Invite."""

    asker: str
    voucher: str
    offer: str
    recipient: str
    context: Document


@understands("Invite")
def ask(arrival: Arrival) -> bool:
    """A contact elsewhere asks somebody here to vouch for a request: passed on only where they know the recipient."""
    said = _read(arrival.activity)
    voucher = addresses.member_at(said.voucher) if said else None
    if said is None or voucher is None or arrival.actor.member is None or said.asker != arrival.actor.uri:
        return False
    peers.spend(arrival.actor.peer, "requests")
    request = _request(said, arrival.actor.member, voucher)
    if request:
        vouching.ask_from_afar(request, voucher)
    return True


def _request(said: Invitation, asker: Member, voucher: Member) -> Request | None:
    """The request as it is known here; that of two who live elsewhere is written down if the voucher knows both."""
    known = references.find(said.offer, "request")
    if known:
        request = Request.objects.select_related("asker", "recipient").get(pk=known.row)
        return request if request.asker_id == asker.pk else None
    if addresses.is_ours(said.recipient):
        raise Parked(said.offer)
    recipient = actors.known(said.recipient)
    if recipient is None or recipient.member is None or recipient.member.pk not in contexts.confirmed_contacts(voucher):
        return None
    return _between_others(said, asker, recipient.member)


def _between_others(said: Invitation, asker: Member, recipient: Member) -> Request:
    facts = asking.facts(said.context) if said.context.get("basis") == "entry" else None
    now = clock.now()
    Request.objects.filter(asker=asker, recipient=recipient, ended_at=None).update(ended_at=now)
    request = Request.objects.create(
        asker=asker,
        recipient=recipient,
        context="entry" if facts else "earlier",
        snapshot=asking.snapshot(facts) if facts else {},
        asked_at=now,
        key=hashlib.sha256(said.offer.encode()).hexdigest(),
        whereabouts=Whereabouts.AWAY,
    )
    references.remember(said.offer, "request", request, owner=Actor.objects.get(member=asker))
    return request


@understands("Accept", of="Invite")
def vouch(arrival: Arrival) -> bool:
    """A mutual contact elsewhere vouches. It counts if they are a confirmed contact of the recipient here."""
    said = _read(arrival.object)
    by = arrival.actor.member
    if said is None or by is None or said.voucher != arrival.actor.uri or not addresses.member_at(said.recipient):
        return False
    if arrival.audience != [said.recipient]:
        return False
    peers.spend(arrival.actor.peer, "requests")
    known = references.find(said.offer, "request")
    if known is None:
        raise Parked(said.offer)
    request = Request.objects.select_related("asker", "recipient").get(pk=known.row)
    if addresses.actor(request.asker) != said.asker:
        raise vouching.NotYoursToVouch
    vouching.word_from_afar(request, by=by, sentence=words.of(arrival.activity.get("content")))
    return True


def _read(invite: Document) -> Invitation | None:
    """What an Invite says, or None if it is about something else."""
    target = invite.get("target")
    if not isinstance(target, dict) or target.get("type") != "Offer" or not isinstance(target.get("object"), dict):
        return None
    asker, context = vocabulary.uri_of(invite.get("actor")), target.get("context")
    recipient = vocabulary.uri_of(target["object"].get("object"))
    stated = {name: target["object"].get(name) for name in ("type", "subject", "relationship", "object")}
    if stated != asking.relationship(asker, recipient) or target.get("actor") != asker:
        return None
    return Invitation(
        asker=asker,
        voucher=vocabulary.uri_of(invite.get("object")),
        offer=vocabulary.uri_of(target),
        recipient=recipient,
        context=context if isinstance(context, dict) else {},
    )

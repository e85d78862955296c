"""Public vouches from other servers: offered to somebody here, answered there, issued, shown, withdrawn.

A credential counts only if it proves itself and everything around it fits (`vouch_notes.read`); else nothing is kept
of it but what was there before: an offer stays words that nobody has signed (federation.md, 35 and 36).
"""

import hashlib

from accounts.models import Member
from foundation.signing import Document
from network.federation import actors, addresses, inbox, peers, references, tombstones, vocabulary, vouch_notes
from network.federation.dispatch import Arrival, NotTheirs, Parked, understands
from network.federation.models import Reference
from vetting import vouches, vouches_afar
from vetting.models import Vouch


@understands("Offer", of="Note")
def offered(arrival: Arrival) -> bool:
    """Somebody elsewhere would vouch for somebody here, who finds it among their vouches."""
    draft = vouch_notes.read(arrival.object, author=arrival.actor)
    voucher, subject = arrival.actor.member, _about(draft) if draft else None
    if draft is None or voucher is None or subject is None or set(arrival.audience) != {addresses.actor(subject)}:
        return False
    peers.spend(arrival.actor.peer, "vouches")
    vouch = vouches_afar.receive(voucher, subject, draft=draft, key=_key(arrival.object_uri))
    references.remember(arrival.object_uri, "vouch", vouch, owner=arrival.actor)
    references.remember(arrival.id, "vouch-offer", vouch, owner=arrival.actor)
    inbox.look_again(arrival.object_uri)
    return True


@understands("Offer", of="vouch")
def offered_again(arrival: Arrival) -> bool:
    _owned(arrival)
    return True


@understands("Accept", of="vouch-offer")
def agreed(arrival: Arrival) -> bool:
    """Whom our member vouches for has countersigned: our member's signature makes it a credential."""
    known = _known(arrival)
    vouch, by, agreed_ = _vouch(known), arrival.actor.member, arrival.activity.get("credential")
    if known.owner is not None or by is None or vouch.subject_id != by.pk:
        raise NotTheirs
    if not isinstance(agreed_, dict):
        return False
    if vouch.issued_at is None:
        vouches_afar.conclude(vouch, by=by, agreed=agreed_, everyone=_is_for_everyone(arrival))
    return True


@understands("Reject", of="vouch-offer")
def rejected(arrival: Arrival) -> bool:
    """Nobody who follows the contract says so: to the voucher a refusal is no answer."""
    return True


@understands("Create", of="vouch")
def issued(arrival: Arrival) -> bool:
    """The voucher's server has signed what our member countersigned."""
    vouch = _owned(arrival)
    document = vouch_notes.read(arrival.object, author=arrival.actor)
    by = arrival.actor.member
    if document is None or by is None:
        return False
    if not vouch.subject.host:
        vouches_afar.keep(vouch, by=by, document=document)
    return True


@understands("Create", of="Note")
def published(arrival: Arrival) -> bool:
    """A vouch between two who live elsewhere; kept if both are known here, and both have signed it."""
    if not vocabulary.PUBLIC_NAMES & set(arrival.audience):
        return False
    document = vouch_notes.read(arrival.object, author=arrival.actor)
    subject = actors.known(_subject_uri(document)) if document else None
    if document is None or subject is None or subject.member is None or arrival.actor.member is None:
        return False
    if document["credentialSubject"]["id"] not in vouch_notes.dids(subject):
        raise vouch_notes.NotTheirVouch
    key = _key(arrival.object_uri)
    vouch = vouches_afar.learn(arrival.actor.member, subject.member, document=document, key=key)
    references.remember(arrival.object_uri, "vouch", vouch, owner=arrival.actor)
    inbox.look_again(arrival.object_uri)
    return True


@understands("Delete", of="vouch")
@understands("Undo", of="vouch-offer")
def withdrawn(arrival: Arrival) -> bool:
    """The voucher takes it back: it counts no longer, and nobody is told."""
    vouch, by = _owned(arrival), arrival.actor.member
    if by is None:
        return False
    vouches.withdraw(vouch, by=by)
    tombstones.bury(arrival.object_uri, by=arrival.actor)
    return True


@understands("Add", of="vouch")
@understands("Remove", of="vouch")
def shown(arrival: Arrival) -> bool:
    """Its subject lists it among those everybody may see, or no longer. Only they may: it is their collection."""
    vouch, by = _vouch(_known(arrival)), arrival.actor.member
    if by is None or vouch.subject_id != by.pk or not _is_their_list(arrival):
        raise NotTheirs
    vouches_afar.show(vouch, by=by, everyone=arrival.type == "Add")
    return True


@understands("Add", of="")
def listed_early(arrival: Arrival) -> bool:
    """The vouch is on its way from its voucher's server."""
    known = references.find(arrival.object_uri)
    if known is None and arrival.object_uri and _is_their_list(arrival):
        raise Parked(arrival.object_uri)
    return False


def _is_their_list(arrival: Arrival) -> bool:
    target, home = vocabulary.uri_of(arrival.activity.get("target")), arrival.actor.uri.rstrip("/")
    return target.startswith(f"{home}/") and target.endswith("/vouches")


def _is_for_everyone(arrival: Arrival) -> bool:
    result = arrival.activity.get("result")
    readers = vocabulary.listed(result.get("to")) if isinstance(result, dict) else []
    return any(reader in vocabulary.PUBLIC_NAMES for reader in readers if isinstance(reader, str))


def _about(document: Document) -> Member | None:
    return addresses.member_at(_subject_uri(document))


def _subject_uri(document: Document) -> str:
    return str(document["credentialSubject"]["alsoKnownAs"])


def _key(uri: str) -> str:
    return hashlib.sha256(uri.encode()).hexdigest()


def _known(arrival: Arrival) -> Reference:
    found = references.find(arrival.object_uri, "vouch", "vouch-offer")
    if found is None:
        raise NotTheirs
    return found


def _vouch(known: Reference) -> Vouch:
    return Vouch.objects.select_related("voucher", "subject").get(pk=known.row)


def _owned(arrival: Arrival) -> Vouch:
    """The vouch, which is the actor's; else `NotTheirs`."""
    known = _known(arrival)
    if known.owner is None or known.owner.pk != arrival.actor.pk:
        raise NotTheirs
    return _vouch(known)

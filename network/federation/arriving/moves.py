"""People elsewhere move. Both homes are asked before anything moves here, and each contact before theirs does.

Who keeps a contact tells the new home: `Accept` of the Move, whole, since that server has never seen it.
"""

from django.db import transaction

from accounts import homes
from accounts.models import Member
from foundation import jobs
from foundation.refusals import NotNow, Refusal
from foundation.signing import Document
from network.contacts import moves, quiet
from network.contacts.models import KeepQuestion
from network.federation import actors, addresses, references, refreshing, vocabulary
from network.federation.dispatch import Arrival, NotTheirs, Parked, understands
from network.federation.models import Actor, Inbound


@understands("Move")
def moved(arrival: Arrival) -> bool:
    """Nothing moves on the word of one home: both are asked (federation.md, Move)."""
    if arrival.object_uri != arrival.actor.uri:
        raise NotTheirs
    if not _target(arrival.activity):
        return False
    jobs.add("move-check", {"inbound": arrival.inbound.pk}, delay=refreshing.wait(arrival.actor))
    return True


@jobs.handles("move-check", lane="slow", outside=True, time_limit_s=60, deadline=refreshing.TWO_DAYS)
def check(inbound: int) -> None:
    """Both homes name each other, as their servers say now; else nothing happens."""
    row = Inbound.objects.select_related("actor").filter(pk=inbound).first()
    if row is None:
        return
    target = _target(row.body)
    try:
        before = actors.refresh(row.actor)
        if before.moved_to == target and (after := _at(target, naming=before.uri)) and before.member:
            moves.relocate(before.member, after)
    except NotNow:
        raise
    except Refusal:
        return


def _at(uri: str, *, naming: str) -> Member | None:
    """Who lives there, if they say that they lived at `naming` before. Raises a `Refusal`."""
    here = addresses.member_at(uri)
    if here:
        return here if naming in homes.aliases_of(here) else None
    met = actors.known(uri)
    found = actors.refresh(met) if met else actors.learn(uri)
    return found.member if naming in found.also_known_as else None


@understands("Accept", of="Move")
def kept(arrival: Arrival) -> bool:
    """Somebody elsewhere keeps a contact with somebody who has moved here; or who has moved there, with us."""
    said, by = arrival.object, arrival.actor.member
    if not isinstance(said, dict) or by is None or references.find(arrival.id):
        return False
    mover = addresses.member_at(_target(said))
    if mover:
        return _kept_with(arrival, mover, by, actors.known(vocabulary.uri_of(said.get("object"))))
    return _target(said) == arrival.actor.uri and _named(arrival, by)


def _kept_with(arrival: Arrival, mover: Member, by: Member, before: Actor | None) -> bool:
    """Our member is asked, if they are who they say they were: their old home has to say so, too."""
    if before is None or before.member is None or before.uri not in homes.aliases_of(mover):
        return False
    if before.moved_to != addresses.actor(mover):
        raise Parked(before.uri, ask=before)
    contact = quiet.between(mover, by)
    if contact:
        return references.remember(arrival.id, "contact", contact, owner=arrival.actor)
    question = moves.offer_to_keep(mover, by, before=before.member)
    return question is not None and references.remember(arrival.id, "keep-question", question, owner=arrival.actor)


def _named(arrival: Arrival, by: Member) -> bool:
    """Their name for the contact that somebody here keeps: under it they may end it."""
    for member in arrival.local_members():
        contact = quiet.between(member, by)
        if contact and KeepQuestion.objects.filter(member=member, other=by, kept=True).exists():
            return references.remember(arrival.id, "contact", contact, owner=arrival.actor)
    return False


@understands("Undo", of="keep-question")
def kept_no_more(arrival: Arrival) -> bool:
    """Ended before our member has answered."""
    known = references.find(arrival.object_uri, "keep-question")
    if known is None or known.owner is None or known.owner.pk != arrival.actor.pk:
        raise NotTheirs
    with transaction.atomic():
        KeepQuestion.objects.filter(pk=known.row, answered_at=None).delete()
    return True


def _target(activity: Document) -> str:
    return vocabulary.uri_of(activity.get("target"))

"""Follows between servers: asked, answered, ended. Only who it concerns may speak of one (federation.md, 14, 17).

Whom the followed one has blocked is answered as anybody is: at once where everybody is let, else not at all.
"""

from accounts.models import Member
from network.contacts import follows
from network.contacts.models import Follow
from network.federation import addresses, peers, references, tombstones, vocabulary
from network.federation.dispatch import Arrival, NotTheirs, understands
from network.federation.leaving import follows as leaving
from network.federation.models import Reference


@understands("Follow")
def follow(arrival: Arrival) -> bool:
    """Somebody elsewhere asks to follow somebody here."""
    follower, followed = arrival.actor.member, addresses.member_at(arrival.object_uri)
    if follower is None or followed is None:
        return False
    if references.find(arrival.id):
        return True
    peers.spend(arrival.actor.peer, "follows")
    before = follows.between(follower, followed)
    row = follows.follow(follower, followed, may_at_once=not peers.is_limited(follower))
    references.remember(arrival.id, "follow", row, owner=arrival.actor)
    if before and before.accepted_at:  # they have forgotten our answer, or never had it
        leaving.answer("Accept", before, arrival.id)
    return True


@understands("Accept", of="follow")
def accept(arrival: Arrival) -> bool:
    """Whom one of ours asked to follow has agreed."""
    follows.accept(_asked_by_us(arrival))
    return True


@understands("Reject", of="follow")
def reject(arrival: Arrival) -> bool:
    """They do not agree, or no longer."""
    row = _asked_by_us(arrival)
    follows.end(row.follower, row.followed, by=row.followed)
    return True


@understands("Accept", of="Follow")
def accept_of_content(arrival: Arrival) -> bool:
    """Of a Follow that they name by who asked whom: some servers keep no ids of ours."""
    row = _named_by_content(arrival)
    if row:
        follows.accept(row)
    return row is not None


@understands("Reject", of="Follow")
def reject_of_content(arrival: Arrival) -> bool:
    row = _named_by_content(arrival)
    if row:
        follows.end(row.follower, row.followed, by=row.followed)
    return row is not None


@understands("Undo", of="follow")
def undo(arrival: Arrival) -> bool:
    """The follower follows no more. The end of an earlier follow does not end a later one."""
    known, by = _known(arrival), arrival.actor.member
    row = _row(known)
    if by is None or known.owner is None or known.owner.pk != arrival.actor.pk or row.follower_id != by.pk:
        raise NotTheirs
    if references.names_of("follow", row)[-1] == arrival.object_uri:
        follows.end(row.follower, row.followed)
    tombstones.bury(arrival.object_uri, by=arrival.actor)
    return True


@understands("Undo", of="Follow")
def undo_unknown(arrival: Arrival) -> bool:
    """Ended before it came: when it comes it has no effect."""
    return tombstones.bury(arrival.object_uri, by=arrival.actor)


def _asked_by_us(arrival: Arrival) -> Follow:
    """The follow under a name that we gave, whose followed one is the actor; else `NotTheirs`."""
    known, by = _known(arrival), arrival.actor.member
    row = _row(known)
    if known.owner is not None or by is None or row.followed_id != by.pk:
        raise NotTheirs
    return row


def _named_by_content(arrival: Arrival) -> Follow | None:
    """The follow of the actor by one of ours, if there is one that has not ended; `NotTheirs` where we sent none."""
    by: Member | None = arrival.actor.member
    follower = addresses.member_at(vocabulary.uri_of(arrival.object.get("actor")))
    if by is None or follower is None or vocabulary.uri_of(arrival.object.get("object")) != arrival.actor.uri:
        return None
    row = follows.between(follower, by)
    if row is None:
        raise NotTheirs
    return row


def _known(arrival: Arrival) -> Reference:
    found = references.find(arrival.object_uri)
    if found is None:  # it was there when the room was chosen
        raise NotTheirs
    return found


def _row(known: Reference) -> Follow:
    return Follow.objects.select_related("follower", "followed").get(pk=known.row)

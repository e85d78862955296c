"""Somebody elsewhere blocks somebody here: contact and follows end, and it is shown to nobody (federation.md, Block).

We send no Block ourselves: what a block ends here is told as ending, and the rest looks like silence.
"""

from accounts import ties
from accounts.models import Block, Member
from network.contacts import blocks, follows
from network.federation import addresses, references, tombstones, vocabulary
from network.federation.dispatch import Arrival, NotTheirs, understands


@understands("Block")
def block(arrival: Arrival) -> bool:
    """As if they lived here and had blocked: our member sees of them what any visitor sees."""
    blocker, blocked = arrival.actor.member, addresses.member_at(arrival.object_uri)
    if blocker is None or blocked is None:
        return False
    blocks.block(blocker, blocked)
    follows.end(blocked, blocker, by=blocker)
    references.remember(arrival.id, "block", Block.objects.get(blocker=blocker, blocked=blocked), owner=arrival.actor)
    return True


@understands("Undo", of="block")
def unblock(arrival: Arrival) -> bool:
    """By the name that the block has; only who made it takes it back."""
    known = references.find(arrival.object_uri, "block")
    if known is None or known.owner is None or known.owner.pk != arrival.actor.pk:
        raise NotTheirs
    row = Block.objects.filter(pk=known.row).select_related("blocked").first()
    if row and arrival.actor.member:
        _undo(arrival, arrival.actor.member, row.blocked)
    return True


@understands("Undo", of="Block")
def unblock_whole(arrival: Arrival) -> bool:
    """A block that is described and has no name here: it has no effect, also if it comes later."""
    if vocabulary.uri_of(arrival.object.get("actor")) not in ("", arrival.actor.uri):
        raise NotTheirs
    blocked = addresses.member_at(vocabulary.uri_of(arrival.object.get("object")))
    if arrival.actor.member and blocked:
        _undo(arrival, arrival.actor.member, blocked)
    return tombstones.bury(arrival.object_uri, by=arrival.actor) or blocked is not None


def _undo(arrival: Arrival, blocker: Member, blocked: Member) -> None:
    ties.lock(blocker, blocked)
    blocks.unblock(blocker, blocked)
    tombstones.bury(arrival.object_uri, by=arrival.actor)

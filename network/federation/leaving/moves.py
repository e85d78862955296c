"""Members of ours move, or keep contacts that have moved: other servers hear it."""

from accounts import homes
from accounts.models import Home, Member
from foundation import clock, jobs
from foundation.refusals import NotNow, Refusal
from foundation.signing import Document
from network.contacts import moves, quiet
from network.contacts.models import KeepQuestion
from network.federation import actors, addresses, circles, outbox, references, refreshing, vocabulary
from network.federation.models import Actor, Reference


@jobs.handles("move-look", lane="slow", outside=True, time_limit_s=60, deadline=refreshing.TWO_DAYS)
def look_at_new_home(member: int) -> None:
    """The new home names this one as its other, or not; what its server says now counts."""
    home = Home.objects.select_related("member").filter(member=member).exclude(moving_to="").first()
    if home is None:
        return
    met = actors.known(home.moving_to)
    if met and (wait := refreshing.wait(met)) and not _names(met, home.member):
        jobs.add("move-look", {"member": member}, key=f"move-look:{member}", delay=wait)
        return
    try:
        found = actors.refresh(met) if met else actors.learn(home.moving_to)
    except NotNow:
        homes.answer(home.member, home.moving_to, why_not="unreachable")
        return
    except Refusal:
        homes.answer(home.member, home.moving_to, why_not="unlinked")
        return
    homes.answer(home.member, home.moving_to, why_not="" if _names(found, home.member) else "unlinked")


def _names(actor: Actor, member: Member) -> bool:
    return actor.member is not None and addresses.actor(member) in actor.also_known_as


@jobs.handles("move-leaves")
def send_move(member: int) -> None:
    """Followers' and contacts' servers hear it; contacts here are asked, as those elsewhere are by theirs."""
    row = Home.objects.select_related("member").filter(member=member).exclude(moved_to="").first()
    new = actors.known(row.moved_to) if row else None
    if row is None or new is None or new.member is None:
        return
    readers = [actor for actor in circles.near(row.member) if actor.pk != new.pk]
    activity = {
        **_move(addresses.actor(row.member), row.moved_to),
        "to": [vocabulary.PUBLIC],
        "cc": [addresses.part(row.member, "followers")],
    }
    key = f"move:{row.member.public_id}:{(row.moved_at or clock.now()).isoformat()}"
    outbox.send(row.member, activity, to=readers, key=key, shared=True)
    moves.relocate(row.member, new.member)


@jobs.handles("keeping-leaves")
def send_keeping(question: int) -> None:
    """The new home hears that the contact goes on. Under this name it ends, too."""
    row = KeepQuestion.objects.select_related("member", "other", "before").get(pk=question)
    contact = quiet.between(row.member, row.other)
    if not row.kept or contact is None:
        return
    Reference.objects.filter(kind="keep-question", row=row.pk).update(kind="contact", row=contact.pk)
    if not row.other.host:
        return
    new = row.member if row.mine else row.other
    activity = {
        "type": "Accept",
        "to": [addresses.actor(row.other)],
        "object": _move(addresses.actor(row.before), addresses.actor(new)),
    }
    made = outbox.send(row.member, activity, to=[actors.of(row.other)], key=f"kept:{row.public_id}")
    references.remember(made.uri, "contact", contact)


jobs.listen("move-asked", "move-look")
jobs.listen("member-moved", "move-leaves")
jobs.listen("contact-kept", "keeping-leaves")


def _move(before: str, after: str) -> Document:
    return {"type": "Move", "actor": before, "object": before, "target": after}

"""Who follows whom across servers: asked, accepted, ended. Of a follow that is put away nothing is told.

A follow of ours has one name for as long as it lasts (federation.md, 6); after its end it has another.
"""

from accounts.models import Member
from foundation import jobs
from foundation.signing import Document
from network.contacts.models import Follow
from network.federation import actors, addresses, outbox, references


@jobs.handles("follow-leaves")
def send_follow(follow: int) -> None:
    """Somebody here asks to follow somebody elsewhere."""
    row = _held(follow)
    if row.ended_at is None and not row.follower.host and row.followed.host:
        uri = addresses.actor(row.followed)
        key = f"follow:{row.public_id}:{row.asked_at.isoformat()}"
        activity = {"type": "Follow", "to": [uri], "object": uri}
        made = outbox.send(row.follower, activity, to=[actors.of(row.followed)], key=key)
        references.remember(made.uri, "follow", row)


@jobs.handles("follow-acceptance-leaves")
def send_acceptance(follow: int) -> None:
    """Somebody here has agreed to be followed from elsewhere."""
    row = _held(follow)
    names = references.names_of("follow", row)
    if row.ended_at is None and row.follower.host and not row.followed.host and names:
        answer("Accept", row, names[-1])


@jobs.handles("follow-ending-leaves")
def send_ending(follow: int, by: int) -> None:
    """One of the two, who lives here, has ended it: the follower's Undo, or the followed one's Reject."""
    row = _held(follow)
    names = references.names_of("follow", row)
    if not names:
        return
    if row.follower_id == by and not row.follower.host and row.followed.host:
        _undo(row, references.names_of("follow", row)[-1])
    elif row.followed_id == by and not row.followed.host and row.follower.host:
        answer("Reject", row, names[-1])


jobs.listen("follow-asked", "follow-leaves")
jobs.listen("follow-accepted", "follow-acceptance-leaves")
jobs.listen("follow-ended", "follow-ending-leaves")


def answer(word: str, row: Follow, uri: str) -> None:
    """Accept or Reject of a follow that came under that name: name and object as they came."""
    _send(row.followed, row.follower, {"type": word, "object": _follow(row, uri)}, key=f"{word.lower()}:{uri}")


def _undo(row: Follow, uri: str) -> None:
    _send(row.follower, row.followed, {"type": "Undo", "object": _follow(row, uri)}, key=f"undo:{uri}")


def _follow(row: Follow, uri: str) -> Document:
    return {
        "id": uri,
        "type": "Follow",
        "actor": addresses.actor(row.follower),
        "object": addresses.actor(row.followed),
    }


def _send(by: Member, other: Member, activity: Document, *, key: str) -> None:
    to = actors.of(other)
    if to.gone_at is None:
        outbox.send(by, {**activity, "to": [to.uri]}, to=[to], key=key)


def _held(follow: int) -> Follow:
    """The follow, locked: an end either finds its name, or comes before it leaves."""
    rows = Follow.objects.select_for_update(of=["self"])
    return rows.select_related("follower__elsewhere", "followed__elsewhere").get(pk=follow)

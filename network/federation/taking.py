"""What is posted here, many at a time: each goes through the gate by itself, and all that is proved is kept at once.

Sixteen rows in one commit cost the database a sixth of what they cost alone (docs/decisions/0058-posts-together.md).
Nobody is told 202 before it. What one post gets wrong changes nothing for the others.
"""

import json
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError

from accounts import signup
from accounts.models import Member
from foundation import handfuls
from foundation.refusals import Forged, NotNow, NotThere, Refusal
from network.federation import door, gate, inbox, known_keys, vocabulary
from network.federation.gate import Claimed, Knock
from network.federation.inbox import Letter
from network.federation.known_keys import Later
from network.federation.models import Actor

log = logging.getLogger(__name__)

UNPROVEN_A_MINUTE = 120
"""Posts of one address whose signature does not hold; a peer that has just changed its keys has a few."""
A_MINUTE_S = 60


@dataclass(frozen=True)
class Post:
    """Somebody at `address` posts `knock` to the inbox of `handle`; to the shared one, if that is empty."""

    knock: Knock
    address: str
    handle: str = ""


class Answer(NamedTuple):
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


_ALWAYS = (("Allow", "POST, OPTIONS"), ("Vary", "Accept, Signature"))
TAKEN = Answer(202, _ALWAYS, b"")

Found = list[Answer | Claimed | Letter | Forged | Later]
"""What has become of each post so far, in their order."""


def take(posts: Sequence[Post], keys: known_keys.Keys) -> list[Answer | None]:
    """The answer to each; None for one of which `keys` had to say `Later`. What is answered 202 is committed."""
    there = inboxes({post.handle for post in posts})
    found: Found = [_said(_open, post, there) for post in posts]
    keys.foresee([one.claim.key_id for one in found if isinstance(one, Claimed)])
    _each(Claimed, _prove, posts, found, keys)
    _count_all(posts, found)
    _keep(posts, found)
    return [one if isinstance(one, Answer) else None for one in found]


def inboxes(handles: Collection[str]) -> set[str]:
    """Those of these handles that have an inbox; the shared one is the empty handle's.

    Whether there is such a member everybody may know: their page says it.
    """
    if not settings.FEDERATION:
        return set()
    named = [handle for handle in handles if signup.HANDLE.fullmatch(handle)]
    if not named:
        return {""}
    return {"", *Member.objects.present().filter(handle__in=named, host="").values_list("handle", flat=True)}


def count(actor: Actor) -> None:
    """So many posts a minute of a server and of one of its people: of whom, is proved and cannot be pretended.

    Raises `ratelimit.TooMany`.
    """
    _hit(_limits_of(actor))


def count_unproven(address: str) -> None:
    """Raises `ratelimit.TooMany` (429) for an address that tries and tries."""
    _hit(_limits_at(address))


def refused(refusal: Refusal) -> Answer:
    """What is of no interest here is answered like what is kept: nobody learns the difference."""
    if isinstance(refusal, gate.Ignored):
        return TAKEN
    document, more = door.said(refusal)
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    lines = {"Content-Type": vocabulary.ACTIVITY_JSON, **more}
    return Answer(refusal.status, (*_ALWAYS, *lines.items()), body)


def _open(post: Post, there: set[str]) -> Claimed:
    if post.handle not in there:
        raise NotThere
    return gate.read(post.knock)


def _prove(post: Post, claimed: Claimed, keys: known_keys.Keys) -> Letter:
    admitted = gate.prove(claimed, keys=keys)
    return Letter(admitted.activity, admitted.actor, post.handle)


def _count_all(posts: Sequence[Post], found: Found) -> None:
    """Every letter counts against its author and their server, every forgery against the address it came from."""
    limits: dict[tuple[str, str], int] = {}
    for post, one in zip(posts, found, strict=True):
        if isinstance(one, Letter):
            limits |= _limits_of(one.actor)
        elif isinstance(one, Forged):
            limits |= _limits_at(post.address)
    try:
        handfuls.fetch(limits, per_s=A_MINUTE_S)
    except NotNow as away:  # asked once for all of them
        found[:] = [refused(away) if isinstance(one, Letter | Forged) else one for one in found]
    _each(Letter, _counted, posts, found)
    _each(Forged, _counted_unproven, posts, found)


def _counted(_post: Post, letter: Letter) -> Letter:
    count(letter.actor)
    return letter


def _counted_unproven(post: Post, forged: Forged) -> Answer:
    count_unproven(post.address)
    return refused(forged)


def _keep(posts: Sequence[Post], found: Found) -> None:
    """The letters among what was found are kept, and answered."""
    try:
        inbox.keep_all([one for one in found if isinstance(one, Letter)])
    except (inbox.Unkept, IntegrityError):  # one of them; the others do not pay for it
        _each(Letter, _kept, posts, found)
    else:
        found[:] = [TAKEN if isinstance(one, Letter) else one for one in found]


def _kept(_post: Post, letter: Letter) -> Answer:
    inbox.keep_all([letter])
    return TAKEN


def _each(kind: type, step: Callable[..., Any], posts: Sequence[Post], found: Found, *more: Any) -> None:
    """What was found of that kind becomes what the step makes of it."""
    for number, one in enumerate(found):
        if isinstance(one, kind):
            found[number] = _said(step, posts[number], one, *more)


def _said(step: Callable[..., Any], post: Post, *more: Any) -> Any:
    """What the step makes of the post, or what is answered instead; what is forged is still to be counted."""
    try:
        return step(post, *more)
    except (Later, Forged) as open_question:
        return open_question
    except Refusal as refusal:
        return refused(refusal)
    except Exception:
        log.exception("A post could not be taken.")
        return refused(NotNow())


def _limits_of(actor: Actor) -> dict[tuple[str, str], int]:
    return {
        ("inbox-server", actor.peer.host): settings.INBOX_A_MINUTE_AND_SERVER,
        ("inbox-actor", str(actor.pk)): settings.INBOX_A_MINUTE_AND_ACTOR,
    }


def _limits_at(address: str) -> dict[tuple[str, str], int]:
    return {("inbox-unproven", address): UNPROVEN_A_MINUTE}


def _hit(limits: dict[tuple[str, str], int]) -> None:
    for (what, who), limit in limits.items():
        handfuls.hit(what, who, limit=limit, per_s=A_MINUTE_S)

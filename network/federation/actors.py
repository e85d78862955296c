"""Who lives elsewhere, as their own server says: known, learnt, looked at again. Nothing unverified is kept.

`learn` and `refresh` call other servers, so only workers use them; the gate's `Keys` do it inside a request, with
little time and few at once (federation.md, 9). Nothing an actor's document names is fetched in turn, but the WebFinger
of their address (federation.md, 26).
"""

import threading
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from accounts.models import Elsewhere, Member
from foundation import clock, jobs
from foundation.refusals import NotNow, Refusal
from foundation.signing import Document
from network.federation import addresses, described, discovery, fetching, guard, hosts, peers, registered
from network.federation.described import Described, NoActor
from network.federation.models import Actor, ActorKey

KEY_FETCH_S = 3
"""A key is waited for inside a request: federation.md, 9."""
KEYS_AT_ONCE = 4
"""Requests of a process that wait for a key at the same time; others are told to come again."""

_fetching = threading.BoundedSemaphore(KEYS_AT_ONCE)


class Busy(NotNow):
    """Too many keys are being fetched just now."""

    code = "busy"


def known(uri: str) -> Actor | None:
    """The actor of that address, if we have met."""
    return Actor.objects.select_related("peer", "member").filter(uri=uri).first()


def of(member: Member) -> Actor:
    """The actor of a member who lives elsewhere; raises `Actor.DoesNotExist` for one who lives here."""
    return Actor.objects.select_related("peer", "member").get(member=member)


def learn(uri: str) -> Actor:
    """The actor of that address, fetched from its server if we have not met.

    Raises `NoActor`, `fetching.Nobody`, `Gone`, `Elsewhere`, `registered.NameTaken`, and what `client.get` raises.
    """
    return known(uri) or _fetch(uri)


def refresh(actor: Actor) -> Actor:
    """The actor as their server describes them now; asked at most once in five minutes, else as known.

    Raises what `learn` raises; one that is gone (410) is marked so.
    """
    return _fetch(actor.uri) if _may_ask_again(actor) else actor


def ask_for_address(actor: Actor) -> None:
    """The address by which they go is what WebFinger says now, where it says something: when they were first met there
    may have been no time for it. Raises `registered.NameTaken`."""
    if actor.member is None:
        return
    try:
        acct = discovery.acct_of(actor.uri, actor.name.lower())
    except Refusal:
        return
    registered.readdress(actor.member, acct, uri=actor.uri)


def mark_gone(actor: Actor) -> None:
    """Their server says that they will not come back."""
    if Actor.objects.filter(pk=actor.pk, gone_at=None).update(gone_at=clock.now()):
        Elsewhere.objects.filter(member=actor.member_id, gone_at=None).update(gone_at=clock.now())
        jobs.announce("actor-gone", {"actor": actor.pk})


class Keys:
    """How the gate finds keys (`gate.KeyFinder`)."""

    def known(self, actor_uri: str, key_id: str) -> ActorKey | None:
        """The key, if we know it as that actor's."""
        key = self.named(key_id)
        return key if key and key.actor.uri == actor_uri else None

    def named(self, key_id: str) -> ActorKey | None:
        """The key of that name, whosever it is, if we know it. Raises `peers.Closed`."""
        key = ActorKey.objects.select_related("actor__peer", "actor__member").filter(key_id=key_id).first()
        if key:
            peers.check(key.actor.peer.host)
        return key

    def met(self, actor_uri: str) -> bool:
        """Whether we know the actor at all. Raises `peers.Closed`."""
        peers.check(hosts.of(actor_uri))
        return Actor.objects.filter(uri=actor_uri).exists()

    def refetch(self, actor_uri: str, key_id: str) -> ActorKey | None:
        """The key as the actor's server names it now; None if it does not, or was asked less than five minutes ago.

        `actor_uri` may be the key's own address, where only that is known (signed GETs): the key then has to be one
        that its owner names. Raises a `NotNow` where the server does not answer in time.
        """
        if not _fetching.acquire(blocking=False):
            raise Busy
        try:
            with guard.deadline(KEY_FETCH_S):
                met = known(actor_uri)
                actor = refresh(met) if met else _fetch(actor_uri)
        finally:
            _fetching.release()
        return self.known(actor.uri, key_id)


def _may_ask_again(actor: Actor) -> bool:
    """One UPDATE is both the check and the note, so that two at once do not both ask (federation.md, 32)."""
    long_ago = clock.now() - timedelta(seconds=settings.KEY_REFETCH_S)
    due = Actor.objects.filter(Q(refetched_at=None) | Q(refetched_at__lte=long_ago), pk=actor.pk)
    return bool(due.update(refetched_at=clock.now()))


def _fetch(uri: str) -> Actor:
    if addresses.is_ours(uri):
        raise NoActor
    with guard.deadline(settings.FETCH_TIMEOUT_S):
        try:
            found = described.read(_of_owner(fetching.document(uri)))
        except fetching.Gone:
            met = known(uri)
            if met:
                mark_gone(met)
            raise
        return registered.keep(found, acct=_acct(found))


def _of_owner(document: Document) -> Document:
    """The actor; where a key has an address of its own, the document of its owner, on the same server."""
    owner = document.get("owner")
    if "publicKeyPem" not in document or not isinstance(owner, str):
        return document
    if not hosts.same_origin(owner, str(document.get("id"))):
        raise NoActor
    return fetching.document(owner)


def _acct(found: Described) -> str:
    """`name@server` by which the actor goes. Another server than the actor's own only where that one agrees; where
    nobody answers, the actor's own server speaks for its names."""
    met = Member.objects.filter(elsewhere__uri=found.uri, handle=found.handle).first()
    if met and found.acct in ("", f"{met.handle}@{met.host}"):
        return f"{met.handle}@{met.host}"
    try:
        return discovery.acct_of(found.uri, found.handle)
    except Refusal:
        return f"{found.handle}@{hosts.of(found.uri)}"

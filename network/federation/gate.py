"""The one gate: what comes in is its author's, or goes no further (federation.md, the gate). Nothing is stored here.

What costs least is looked at first: length and kind, header lines, what is covered and when, the digest, the JSON,
whether it is of interest at all, and only then keys and signatures; a key is fetched last. There is no way round a
signature: what has none raises, and nothing here answers "not proved" with a value.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from foundation import signing
from foundation.refusals import Forged, Invalid, NotNow, Refusal, TooOften
from foundation.signing import Document
from network.federation import hosts, http_signatures, peers, shape
from network.federation.models import Actor, ActorKey, Policy, Purpose
from network.federation.wire import Claim
from network.federation.wire import Knock as Knock
from network.federation.wire import Malformed as Malformed
from network.federation.wire import Unproven as Unproven

KINDS = frozenset({"application/activity+json", "application/ld+json"})
PASSED_ON_FOR = timedelta(days=7)
"""So long after it was made a proof stands in for its author's own signature: as long as senders try (federation.md,
10). Older ones could be brought back by anybody who has kept them."""

log = logging.getLogger(__name__)


class TooLarge(Invalid):
    """More than `INBOX_MAX_BYTES`."""

    code = "too-large"
    status = 413


class WrongKind(Invalid):
    """A content type that no activity has."""

    code = "wrong-kind"
    status = 415


class KeyUnreachable(NotNow):
    """The server that has the key did not answer: the sender is to come again (503 with Retry-After)."""

    code = "key-unreachable"


class Ignored(Refusal):
    """Understood, and of no interest here: answered 202 without any work, as if it had been taken."""

    code = "ignored"
    status = 202


class KeyFinder(Protocol):
    """Where keys come from. Each method raises `peers.Closed` for a server that we have no dealings with.

    The keys have their actor and its peer with them (`select_related`).
    """

    def known(self, actor_uri: str, key_id: str) -> ActorKey | None:
        """The key, if we know it as that actor's."""

    def named(self, key_id: str) -> ActorKey | None:
        """The key of that name, whosever it is, if we know it: of signed GETs and of those who pass something on."""

    def met(self, actor_uri: str) -> bool:
        """Whether we know the actor at all: of others, a Delete means nothing to us and costs no fetch."""

    def refetch(self, actor_uri: str, key_id: str) -> ActorKey | None:
        """The key as the actor's own server names it now; None if it does not. Once in five minutes and actor.

        `actor_uri` may be the key's own address where only that is known. Raises `NotNow` if nobody answers.
        """


@dataclass(frozen=True)
class Claimed:
    """Read, and of interest here. Whose it is is only claimed: `prove` says."""

    activity: Document
    claim: Claim
    knock: Knock


@dataclass(frozen=True)
class Admitted:
    """`activity` is by `actor`: shown by the signature of the request or, if another passed it on, by its proof."""

    activity: Document
    actor: Actor


def admit(knock: Knock, *, keys: KeyFinder) -> Admitted:
    """The activity that somebody posts, and whose it is: `read` and then `prove`.

    Raises `TooLarge`, `WrongKind`, `Malformed`, `Unproven`, `peers.Closed`, `KeyUnreachable`, and `Ignored` for what is
    answered as if it had been taken.
    """
    return prove(read(knock), keys=keys)


def read(knock: Knock) -> Claimed:
    """All that can be seen without a key. Raises `TooLarge`, `WrongKind`, `Malformed`, `Unproven`, `Ignored`."""
    _of_a_size_and_kind(knock)
    claim = _claim(knock)
    if claim is None:
        raise Unproven
    activity = shape.read(knock.body)
    if not shape.is_known(activity):
        raise Ignored
    return Claimed(activity, claim, knock)


def prove(claimed: Claimed, *, keys: KeyFinder) -> Admitted:
    """Whose it is. Raises `Malformed`, `Unproven`, `peers.Closed`, `KeyUnreachable`, `Ignored`."""
    activity, knock = claimed.activity, claimed.knock
    actor = _author(activity, claimed.claim, keys, at=knock.at)
    if not shape.is_own(activity):
        log.warning("Not theirs: %s by %s was dropped (%s).", activity["type"], actor.uri, activity.get("id"))
        raise Ignored
    return Admitted(shape.named(shape.without_blind(activity), knock.body), actor)


def recognise(knock: Knock, *, keys: KeyFinder) -> Actor | None:
    """Who asks, if the request is signed; None if it is not.

    Raises `Malformed`, `peers.Closed`, `KeyUnreachable`, and `Unproven` for a signature that does not hold.
    """
    if knock.method not in ("GET", "HEAD"):
        raise Malformed
    claim = _claim(knock)
    return _deliverer(claim, keys) if claim else None


def _of_a_size_and_kind(knock: Knock) -> None:
    if knock.method != "POST":
        raise Malformed
    if len(knock.body) > settings.INBOX_MAX_BYTES:
        raise TooLarge
    kind, *parameters = (part.strip(" \t").lower() for part in (knock.only("content-type") or "").split(";"))
    charsets = {text.partition("=")[2].strip('"') for text in parameters if text.startswith("charset=")}
    if kind not in KINDS or not charsets <= {"utf-8"}:
        raise WrongKind


def _claim(knock: Knock) -> Claim | None:
    """What the request claims of its signature; it was sent to this house, so another's letters say nothing here."""
    claim = http_signatures.read(knock)
    if claim is None:
        return None
    domain, _port = split_domain_port(knock.host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS) or knock.only("host") != knock.host:
        raise Malformed
    if not hosts.is_https(claim.key_id):
        raise Unproven
    return claim


def _author(activity: Document, claim: Claim, keys: KeyFinder, *, at: datetime) -> Actor:
    """The actor, if the key that signed the request is theirs, or their own proof is with what another passes on."""
    uri = shape.author(activity)
    key = keys.known(uri, claim.key_id) if hosts.same_origin(claim.key_id, uri) else None
    if key is not None:
        return _borne_out(claim, key, keys)
    if activity["type"] == "Delete" and not keys.met(uri):
        raise Ignored
    if hosts.same_origin(claim.key_id, uri):
        key = _theirs(keys, uri, claim.key_id)
        if key is not None:
            return _borne_out(claim, key)
    if not isinstance(activity.get("proof"), dict):
        raise Unproven
    _deliverer(claim, keys)
    return _prover(activity, uri, keys, at=at)


def _deliverer(claim: Claim, keys: KeyFinder) -> Actor:
    """Whose key signed the request, whoever that is."""
    key = keys.named(claim.key_id)
    if key is not None:
        return _borne_out(claim, key, keys)
    key = _fetched(keys, claim.key_id.partition("#")[0], claim.key_id)
    if key is None:
        raise Unproven
    return _borne_out(claim, key)


def _borne_out(claim: Claim, key: ActorKey, keys: KeyFinder | None = None) -> Actor:
    """The key's owner, if it made the signature. With `keys`, one that does not is looked at again: it may be new."""
    _usable(key, Purpose.HTTP)
    try:
        http_signatures.check(claim, key.public)
    except Unproven:
        again = _theirs(keys, key.actor.uri, claim.key_id) if keys else None
        if again is None or again.public == key.public:
            raise
        return _borne_out(claim, again)
    return key.actor


def _prover(activity: Document, uri: str, keys: KeyFinder, *, at: datetime) -> Actor:
    """The author, if a key of theirs for assertions made the proof, not long ago (FEP-8b32)."""
    proof = activity["proof"]
    method = proof.get("verificationMethod")
    if not hosts.is_https(method) or not hosts.same_origin(method, uri) or not _fresh(proof, at):
        raise Unproven
    key = keys.known(uri, method) or _theirs(keys, uri, method)
    if key is None:
        raise Unproven
    _usable(key, Purpose.ASSERTION)
    try:
        signing.check(activity, public=signing.public_from(key.public))
    except Forged:
        raise Unproven from None
    return key.actor


def _fresh(proof: Document, at: datetime) -> bool:
    try:
        created = datetime.fromisoformat(proof["created"])
        expires = datetime.fromisoformat(proof["expires"]) if "expires" in proof else at
        return at - PASSED_ON_FOR <= created <= at + timedelta(seconds=settings.SIGNATURE_FUTURE_S) and at <= expires
    except (KeyError, TypeError, ValueError):
        return False


def _usable(key: ActorKey, purpose: Purpose) -> None:
    """Nothing, if it is a key for that, at its owner's own origin, of a server we have dealings with."""
    if key.actor.peer.policy == Policy.CLOSED:
        raise peers.Closed
    if key.purpose != purpose or not hosts.same_origin(key.key_id, key.actor.uri):
        raise Unproven


def _theirs(keys: KeyFinder, uri: str, key_id: str) -> ActorKey | None:
    """The key as its server names it now, if it is that actor's and nobody else's."""
    key = _fetched(keys, uri, key_id)
    return key if key is not None and key.actor.uri == uri else None


def _fetched(keys: KeyFinder, address: str, key_id: str) -> ActorKey | None:
    try:
        return keys.refetch(address, key_id)
    except (NotNow, TooOften):
        raise KeyUnreachable from None
    except peers.Closed:
        raise
    except Refusal:
        return None

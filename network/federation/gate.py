"""The one gate: what comes in is its author's, or goes no further (federation.md, the gate). Nothing is stored here."""

from dataclasses import dataclass
from typing import Protocol

from foundation.refusals import Invalid, NotNow, Refusal
from foundation.signing import Document
from network.federation.models import Actor, ActorKey
from network.federation.wire import Knock as Knock
from network.federation.wire import Malformed as Malformed
from network.federation.wire import Unproven as Unproven


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
class Admitted:
    """`activity` is by `actor`: shown by the signature of the request or, if another passed it on, by its proof."""

    activity: Document
    actor: Actor


def admit(knock: Knock, *, keys: KeyFinder) -> Admitted:
    """The activity that somebody posts, and whose it is. Raises a `Refusal`."""
    raise NotImplementedError


def recognise(knock: Knock, *, keys: KeyFinder) -> Actor | None:
    """Who asks, if the request is signed; None if it is not. Raises a `Refusal` for a signature that does not hold."""
    raise NotImplementedError

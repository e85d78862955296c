"""did:key: a name that is its own key, so that what it signed is verified by anybody, at any time, without a server.

`did:key:z6Mk…` holds an Ed25519 public key as a Multikey (W3C CCG did:key; W3C Controlled Identifiers, Multikey).
Nothing is looked up, and a key that was retired still verifies what it signed. An identity statement (FEP-c390) ties
such a name to the page of an actor.
"""

from dataclasses import dataclass
from datetime import datetime

from foundation import signing
from foundation.signing import Document, Unproven

PREFIX = "did:key:"
STATEMENT = "VerifiableIdentityStatement"
STATEMENT_CONTEXT = [
    "https://www.w3.org/ns/activitystreams",
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/data-integrity/v1",
    "https://w3id.org/fep/c390",
]
"""The terms of a statement that stands alone: FEP-c390, the example of an actor."""


@dataclass(frozen=True)
class Identity:
    """The holder of `did` says: `actor` is my page."""

    did: str
    actor: str


def of(public: bytes) -> str:
    """The name that is this key."""
    return PREFIX + signing.multikey(public)


def method(did: str) -> str:
    """Where the key of `did` is found, which is in itself: `did:key:z6Mk…#z6Mk…`."""
    return f"{did}#{did.removeprefix(PREFIX)}"


def key_in(did: object) -> bytes:
    """The 32 bytes of the key that `did` is; `Unproven` for any other text, method or kind of key."""
    if not isinstance(did, str) or not did.startswith(PREFIX):
        raise Unproven
    return signing.public_from(did.removeprefix(PREFIX))


def identity_statement(
    private: bytes, actor: str, *, attached: bool = False, created: datetime | None = None
) -> Document:
    """A signed statement that the key's holder is `actor` (a URL).

    It stands alone with its own `@context`; `attached` leaves that out, as FEP-c390 shows it inside an actor, whose
    context counts there. The method is the bare DID, which has to equal the subject (FEP-c390, proof generation).
    """
    subject = of(signing.public_of(private))
    said: Document = {"type": STATEMENT, "subject": subject, "alsoKnownAs": actor}
    statement = said if attached else {"@context": STATEMENT_CONTEXT, **said}
    return signing.secure(statement, private=private, method=subject, created=created)


def check_identity(statement: Document, *, actor: str) -> Identity:
    """Whose key says that it is `actor`'s; `Unproven` for another type, actor or signer, or a changed statement.

    It proves only that side: that the page names the key as well has to be seen on the page.
    """
    proof = statement.get("proof")
    subject = statement.get("subject")
    if statement.get("type") != STATEMENT or statement.get("alsoKnownAs") != actor:
        raise Unproven
    if not isinstance(subject, str) or not isinstance(proof, dict):
        raise Unproven
    if proof.get("verificationMethod") != subject:
        raise Unproven
    signing.check(statement, public=key_in(subject))
    return Identity(subject, actor)

"""Whether a body is the one that was signed: Digest (RFC 3230) and Content-Digest (RFC 9530). Pure.

Of several digests all that we know have to fit: a signer who adds a second one must mean it (federation.md, 9).
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable

from network.federation import wire
from network.federation.wire import Knock, Unproven

KNOWN = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}
"""RFC 9530, 5: the others are old, or no digests of this kind. They are neither believed nor a reason to refuse."""


def digest(body: bytes) -> str:
    """The value of a Digest header."""
    return f"SHA-256={b64encode(hashlib.sha256(body).digest()).decode()}"


def content_digest(body: bytes) -> str:
    """The value of a Content-Digest header."""
    return f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"


def check(knock: Knock) -> None:
    """Nothing, if every digest that came with the body is the body's; else `Unproven`, or `Malformed` for two headers.

    Whether there has to be one, and whether it was signed, the signature's standard says.
    """
    old, new = knock.only("digest"), knock.only("content-digest")
    if old is not None:
        _fit(_stated_old(old), knock.body)
    if new is not None:
        _fit(_stated(new), knock.body)


def _fit(stated: Iterable[tuple[str, bytes]], body: bytes) -> None:
    """Nothing, if there is a digest we know and each that we know is the body's."""
    fits = [
        hmac.compare_digest(value, KNOWN[algorithm](body).digest()) for algorithm, value in stated if algorithm in KNOWN
    ]
    if not fits or not all(fits):
        raise Unproven


def _stated_old(text: str) -> list[tuple[str, bytes]]:
    """`SHA-256=base64,…`; names of algorithms in any case (RFC 3230, 4.1.1)."""
    found = []
    for part in text.split(","):
        algorithm, _, value = part.strip(" \t").partition("=")
        found.append((algorithm.lower(), _bytes(value) if algorithm.lower() in KNOWN else b""))
    return found


def _stated(text: str) -> list[tuple[str, bytes]]:
    members = wire.dictionary(text)
    return [(name, value if isinstance(value, bytes) else b"") for name, (value, _parameters) in members.items()]


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise Unproven from None

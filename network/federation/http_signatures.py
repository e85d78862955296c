"""Signatures on HTTP requests: draft-cavage-12 (`cavage`) and RFC 9421 (`rfc9421`), RSA and SHA-256 alone. Pure.

A reader's way: `read` says what a request claims, `check` whether the key bears it out. Both raise and never answer
False. Which key it has to be, and whose, the gate says.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from network.federation import cavage, digests, rfc9421
from network.federation.models import SignsWith
from network.federation.rfc9421 import Wish
from network.federation.wire import Claim, Knock, Unproven

BITS = range(2048, 4097)
"""Shorter keys are broken before long, longer ones only cost time (federation.md: verified at 36.8k/s with 2048)."""
EXPONENT_MAX = 2**32
KEYS_KEPT = 4096
ONCE = ("host", "date", "digest", "content-digest", "content-type", "signature", "signature-input")
"""Headers of which two could be read by two readers differently."""


@dataclass(frozen=True)
class Signer:
    """Who signs: the address of the public key, and the private one. Never an Ed25519 key (federation.md, 2)."""

    key_id: str
    private: RSAPrivateKey


def sign(
    method: str,
    url: str,
    body: bytes | None,
    *,
    signer: Signer,
    how: SignsWith,
    now: datetime,
    wish: Wish | None = None,
) -> dict[str, str]:
    """The headers that make the request provable, Host and digest included. Content-Type is the caller's.

    `wish`: as the other server has asked for it (`rfc9421.wish`); draft-cavage knows no wishes.
    """
    bare = partial(signer.private.sign, padding=PKCS1v15(), algorithm=hashes.SHA256())
    if how == SignsWith.RFC9421:
        return rfc9421.headers(method, url, body, key_id=signer.key_id, sign=bare, now=now, wish=wish or Wish())
    return cavage.headers(method, url, body, key_id=signer.key_id, sign=bare, now=now)


def read(knock: Knock) -> Claim | None:
    """What the request says of its signature; None if it says nothing. The digests that came with it fit its body.

    Raises `Malformed`, or `Unproven` for a signature that covers too little, is not of this hour, or that nobody
    can read.
    """
    for name in ONCE:
        knock.only(name)
    if knock.only("signature-input") is not None:
        claim = rfc9421.read(knock)
    elif knock.only("signature") is not None:
        claim = cavage.read(knock)
    else:
        return None
    digests.check(knock)
    return claim


def check(claim: Claim, public: str) -> None:
    """Nothing, if the holder of the public key (PEM) signed one of the claim's bases; else `Unproven`."""
    key = public_key(public)
    for base in claim.bases:
        try:
            return key.verify(claim.signature, base, PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            continue
    raise Unproven


@lru_cache(maxsize=KEYS_KEPT)
def public_key(pem: str) -> RSAPublicKey:
    """The RSA key that a PEM text holds, of 2048 to 4096 bits; else `Unproven`."""
    try:
        key = load_pem_public_key(pem.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm):
        raise Unproven from None
    if not isinstance(key, RSAPublicKey) or key.key_size not in BITS or key.public_numbers().e >= EXPONENT_MAX:
        raise Unproven
    return key

"""Signatures on HTTP requests: draft-cavage-12 (`cavage`) and RFC 9421 (`rfc9421`), RSA and SHA-256 alone."""

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from network.federation.models import SignsWith


@dataclass(frozen=True)
class Signer:
    """Who signs: the address of the public key, and the private one. Never an Ed25519 key (federation.md, 2)."""

    key_id: str
    private: RSAPrivateKey


def sign(method: str, url: str, body: bytes | None, *, signer: Signer, how: SignsWith, now: datetime) -> dict[str, str]:
    """The headers that make the request provable, Host and digest included. Content-Type is the caller's."""
    raise NotImplementedError

"""Signatures: bytes in, bytes out. Canonical JSON (RFC 8785), Ed25519 (RFC 8032), eddsa-jcs-2022 (W3C vc-di-eddsa).

Keys are 32 raw bytes. `verify` and `check` raise `Unproven` and never answer False: there is nothing to forget.
"""

import hashlib
import json
from datetime import datetime
from typing import Any, Literal

import base58
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.utils.translation import gettext_lazy as _

from foundation import clock, rfc3339
from foundation.refusals import Forged

SUITE = "eddsa-jcs-2022"
ED25519_PUBLIC = b"\xed\x01"  # multicodec ed25519-pub
BASE58BTC = "z"  # multibase

EXACT_MAX = 2**53 - 1  # RFC 8785, appendix D

Document = dict[str, Any]

_plainly = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class Unproven(Forged):
    code = "signature"
    message = _("The signature does not fit.")


def canonical(value: Any) -> bytes:
    """The one way to write `value` as JSON (RFC 8785). Raises `Unproven` for what has none (NaN, 2^53, a set)."""
    try:
        return _plainly(value).encode() if _is_plain(value) else rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeError):
        raise Unproven from None


def _is_plain(value: Any) -> bool:
    """Whether the standard library writes it in the same way, four times as fast: text, whole numbers that are exact,
    ASCII names (their order is that of UTF-16), no floats."""
    kind = type(value)
    if kind is dict:
        return all(type(key) is str and key.isascii() and _is_plain(inner) for key, inner in value.items())
    if kind is list:
        return all(map(_is_plain, value))
    return kind is str or kind is bool or value is None or (kind is int and abs(value) <= EXACT_MAX)


def new_key() -> tuple[bytes, bytes]:
    """A fresh pair: private, public."""
    private = Ed25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def public_of(private: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def opened(private: bytes) -> Ed25519PrivateKey:
    """The key ready to sign with, for those who sign often: making it ready takes as long as signing."""
    return Ed25519PrivateKey.from_private_bytes(private)


def sign(private: bytes | Ed25519PrivateKey, message: bytes) -> bytes:
    """64 bytes that only the holder of `private` can make for `message`."""
    return (opened(private) if isinstance(private, bytes) else private).sign(message)


def verify(public: bytes, message: bytes, signature: bytes) -> Literal[True]:
    """`message` was signed by the holder of `public`; else `Unproven`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise Unproven from None
    return True


def secure(
    document: Document,
    *,
    private: bytes | Ed25519PrivateKey,
    method: str,
    purpose: str = "assertionMethod",
    created: datetime | None = None,
) -> Document:
    """`document` with a proof by `private`, whose public half is found at the URL `method` (vc-di-eddsa 3.3.1)."""
    proof: Document = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": rfc3339.write(created or clock.now()),
        "verificationMethod": method,
        "proofPurpose": purpose,
    }
    if "@context" in document:
        proof["@context"] = document["@context"]
    signature = sign(private, digest(document, proof))
    return {**document, "proof": {**proof, "proofValue": BASE58BTC + base58.b58encode(signature).decode()}}


def check(document: Document, *, public: bytes, purpose: str = "assertionMethod") -> Document:
    """The document without its proof, if `public` made the proof for `purpose`; else `Unproven` (vc-di-eddsa 3.3.2).

    The caller finds `public` by the proof's `verificationMethod` and checks whose key that is.
    """
    bare = {name: value for name, value in document.items() if name != "proof"}
    proof = document.get("proof")
    if not isinstance(proof, dict):
        raise Unproven
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    expected = {"type": "DataIntegrityProof", "cryptosuite": SUITE, "proofPurpose": purpose}
    if any(options.get(name) != value for name, value in expected.items()):
        raise Unproven
    if "@context" in options and options["@context"] != bare.get("@context"):
        raise Unproven
    verify(public, digest(bare, options), _multibase(proof.get("proofValue")))
    return bare


def digest(document: Document, proof: Document) -> bytes:
    """What is signed: the hash of the proof's options, then that of the document (vc-di-eddsa 3.3.4)."""
    return hashlib.sha256(canonical(proof)).digest() + hashlib.sha256(canonical(document)).digest()


def multikey(public: bytes) -> str:
    """The public key as text: `z6Mk…` (W3C Controlled Identifiers, Multikey)."""
    return BASE58BTC + base58.b58encode(ED25519_PUBLIC + public).decode()


def public_from(multikey: str) -> bytes:
    """The 32 bytes of a Multikey; `Unproven` for any other kind of key."""
    raw = _multibase(multikey)
    if not raw.startswith(ED25519_PUBLIC) or len(raw) != 34:
        raise Unproven
    return raw[2:]


def _multibase(text: object) -> bytes:
    """Bytes of a base58btc text of at most 128 characters (a signature has 88 or so).

    They have one text only: the decoder would drop blanks at the end, and one signature would have many texts.
    """
    if not isinstance(text, str) or not text.startswith(BASE58BTC) or len(text) > 128:
        raise Unproven
    try:
        raw = base58.b58decode(text[1:].encode())
    except ValueError:
        raise Unproven from None
    if text != BASE58BTC + base58.b58encode(raw).decode():
        raise Unproven
    return raw

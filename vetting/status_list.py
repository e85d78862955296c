"""Which vouches were withdrawn, as a list that tells nothing else: W3C Bitstring Status List 1.0. Pure.

One bit a vouch, at an index drawn at random, among at least 131,072; who fetches the list does not say about whom.
Such a list is a credential of its own, signed by the server, and fetched by verifiers; it never travels inside an
activity, so its `type` is an array, as the standard wants it (2.2).
"""

import base64
import binascii
import gzip
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from foundation import did, rfc3339, signing
from foundation.signing import Document, Unproven
from vetting import shapes
from vetting.credential_shape import W3C_CONTEXT

LEAST_ENTRIES = 131_072  # 16 KiB, so that one is hidden among many (Bitstring Status List 1.0, 2.2 and 3.2)
MOST_BYTES = 1024 * 1024  # unpacked, against bombs (federation.md, adversarial row 23): 8,388,608 entries
MOST_CHARACTERS = 4 * MOST_BYTES // 3 + 1024  # packed: what can be packed no smaller, in base64
LIST_DAYS = 7  # how long a copy may stand for what is true (decision 30)
SKEW = timedelta(minutes=5)  # between two clocks (federation.md, the gate, 7)
BASE64URL = "u"  # multibase
TYPES = ["VerifiableCredential", "BitstringStatusListCredential"]


class NotAList(Unproven):
    """It is written otherwise, is for another address, or was signed by another key than the vouch names."""

    code = "status-list"
    message = _("This is not the list of withdrawn vouches that this credential names.")


class ListTooOld(Unproven):
    code = "status-list-old"
    message = _("This list of withdrawn vouches is too old, or not valid yet. Please fetch it anew.")


@dataclass(frozen=True)
class Reading:
    """What a genuine list says about one index, and when that was so."""

    withdrawn: bool
    as_of: datetime


def bits(indices: Iterable[int], *, entries: int = LEAST_ENTRIES) -> bytes:
    """A bitstring of so many entries with these set; the first is the left-most bit (2.2). IndexError beyond it."""
    made = bytearray(max(entries, LEAST_ENTRIES) // 8)
    for index in indices:
        if index < 0:
            raise IndexError(index)
        made[index // 8] |= 0x80 >> index % 8
    return bytes(made)


def is_set(bits: bytes, index: int) -> bool:
    """IndexError outside of the list (RANGE_ERROR, 3.2)."""
    if index < 0:
        raise IndexError(index)
    return bool(bits[index // 8] & 0x80 >> index % 8)


def encode(bits: bytes) -> str:
    """The bits packed with gzip, in multibase base64url without padding (2.2). The same bits have the same text."""
    packed = gzip.compress(bits, mtime=0)
    return BASE64URL + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode(text: object) -> bytes:
    """The bits of a text that `encode` or another server made.

    Raises `NotAList` if it has fewer than 131,072 entries or more than 1 MiB, says it in another alphabet, breaks off
    or has something behind its end.
    """
    if not isinstance(text, str) or not text.startswith(BASE64URL) or len(text) > MOST_CHARACTERS:
        raise NotAList
    unpack = zlib.decompressobj(wbits=31)  # 31: a gzip header and nothing else (zlib manual, inflateInit2)
    try:
        made = unpack.decompress(_base64(text[1:]), max_length=MOST_BYTES + 1)
    except (ValueError, zlib.error):
        raise NotAList from None
    if not unpack.eof or unpack.unused_data or not LEAST_ENTRIES // 8 <= len(made) <= MOST_BYTES:
        raise NotAList
    return made


def credential(address: str, bits: bytes, private: bytes, now: datetime) -> Document:
    """The list at `address`, signed by `private`, true from `now` on and for LIST_DAYS at most (2.2)."""
    document: Document = {
        "@context": [W3C_CONTEXT],
        "id": address,
        "type": TYPES,
        "issuer": did.of(signing.public_of(private)),
        "validFrom": rfc3339.write(now),
        "validUntil": rfc3339.write(now + timedelta(days=LIST_DAYS)),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode(bits),
        },
    }
    return signing.secure(document, private=private, method=did.method(document["issuer"]), created=now)


def entry(*, address: str, index: int, issuer: str) -> Document:
    """A vouch's `credentialStatus`: its index in the list at `address` (2.1), and whose signature that list bears.

    `statusListIssuer` is our own word: without it anybody could write a list for that address, and a list that the
    holder of a withdrawn vouch brings along would prove nothing.
    """
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": address,
        "statusListIssuer": issuer,
    }


def revoked_in(status: Document, entry: Document, *, now: datetime) -> bool:
    """The vouch with this `credentialStatus` was withdrawn, says the list; raises as `read` does."""
    return read(status, entry, now=now).withdrawn


def read(status: Document, entry: Document, *, now: datetime) -> Reading:
    """What the list says of the vouch with this `credentialStatus` (3.2).

    Raises `NotAList` unless it is the list of that address, signed by the issuer that the entry names and no other,
    and holds the entry's index; `ListTooOld` before or after its time.
    """
    address, issuer = entry["statusListCredential"], entry["statusListIssuer"]
    if not shapes.fits(status, _shape(address, issuer)):
        raise NotAList
    if status["proof"]["verificationMethod"] != did.method(issuer):
        raise NotAList
    try:
        signing.check(status, public=did.key_in(issuer))
        withdrawn = is_set(decode(status["credentialSubject"]["encodedList"]), int(entry["statusListIndex"]))
    except (Unproven, IndexError):
        raise NotAList from None
    begins, ends = rfc3339.read(status["validFrom"]), rfc3339.read(status["validUntil"])
    if not begins - SKEW <= now < ends:
        raise ListTooOld
    return Reading(withdrawn, as_of=begins)


def _shape(address: str, issuer: str) -> shapes.Shape:
    return {
        "@context": shapes.exactly([W3C_CONTEXT]),
        "id": shapes.exactly(address),
        "type": shapes.exactly(TYPES),
        "issuer": shapes.exactly(issuer),
        "validFrom": shapes.moment,
        "validUntil": shapes.moment,
        "credentialSubject": {
            "id": shapes.exactly(f"{address}#list"),
            "type": shapes.exactly("BitstringStatusList"),
            "statusPurpose": shapes.exactly("revocation"),
            "encodedList": lambda value: isinstance(value, str),
        },
        "proof": shapes.proof([W3C_CONTEXT]),
    }


def _base64(text: str) -> bytes:
    """Strictly base64url without padding, and the one text for these bytes; ValueError otherwise."""
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != text:
        raise binascii.Error("another text for the same bytes")
    return raw

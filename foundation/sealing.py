"""Secrets at rest: AES-256-GCM under a key of the ring, bound to the place where they lie.

A sealed text reads `v1.<key id>.<base64 of nonce and ciphertext>`; the key id is empty for a person's data key.
`where` ("table:column:row") is associated data, so two ciphertexts that were swapped open no more.
"""

import base64
import binascii
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.refusals import Forged

VERSION = "v1"
KEY_BYTES = 32
NONCE_BYTES = 12  # 96 bits, random (NIST SP 800-38D, 8.2.2)


class Broken(Forged):
    """The text was changed, or lies where it was not sealed for."""

    code = "seal-broken"
    message = _("Something stored here was changed and cannot be opened.")


class KeyLost(ImproperlyConfigured):
    """A sealed text names a key that the ring does not hold."""

    def __init__(self, kid: str) -> None:
        super().__init__(
            f"The sealing key {kid!r} is not in SEALING_KEYS, and what was sealed with it cannot be read without it. "
            "Put the key back from your recovery sheet (see docs/operating.md); nothing has been changed."
        )


@dataclass(frozen=True)
class Place:
    """A text column that holds texts sealed under the root key, and how a row's `where` is told."""

    model: type[models.Model]
    field: str
    where: Callable[[Any], str]

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.field}"


_places: dict[str, Place] = {}


def registers(model: type[models.Model], field: str, *, where: Callable[[Any], str]) -> None:
    """`manage.py rotate_keys` re-wraps this column; empty texts and nulls in it are left alone."""
    place = Place(model, field, where)
    _places[str(place)] = place


def places() -> Iterable[Place]:
    return list(_places.values())


def seal(plain: bytes, *, where: str, key: bytes | None = None) -> str:
    """`plain` so that only the key's holder can read it, and only at `where`."""
    kid, secret = ("", key) if key is not None else current()
    nonce = secrets.token_bytes(NONCE_BYTES)
    hidden = AESGCM(secret).encrypt(nonce, plain, _bound(where, kid))
    return f"{VERSION}.{kid}.{base64.urlsafe_b64encode(nonce + hidden).decode()}"


def open_(sealed: str, *, where: str, key: bytes | None = None) -> bytes:
    """What was sealed at `where`. Raises `Broken` if it was changed or moved, `KeyLost` if its key is gone."""
    kid, nonce, hidden = _parts(sealed)
    secret = key if key is not None else ring_key(kid)
    try:
        return AESGCM(secret).decrypt(nonce, hidden, _bound(where, kid))
    except InvalidTag:
        raise Broken from None


def rewrap(sealed: str, *, where: str) -> str:
    """The same secret under the current root key; already there, it stays as it is."""
    if is_current(sealed):
        return sealed
    return seal(open_(sealed, where=where), where=where)


def new_data_key() -> bytes:
    """A fresh key for one person; seal it under the root key, and delete it to forget all it sealed."""
    return AESGCM.generate_key(KEY_BYTES * 8)


def is_current(sealed: str) -> bool:
    return sealed.startswith(current_prefix())


def current_prefix() -> str:
    """How every text begins that is sealed under the current root key."""
    return f"{VERSION}.{current()[0]}."


def kid_of(sealed: str) -> str:
    """Which key of the ring opens this; raises `Broken` for what was never sealed."""
    return _parts(sealed)[0]


def current() -> tuple[str, bytes]:
    """Id and bytes of the key that seals now: the first of SEALING_KEYS."""
    return next(iter(keyring().items()))


def ring_key(kid: str) -> bytes:
    try:
        return keyring()[kid]
    except KeyError:
        raise KeyLost(kid) from None


def keyring() -> dict[str, bytes]:
    """Every root key by its id, the current one first. A wrong setting raises ImproperlyConfigured."""
    return _read(settings.SEALING_KEYS)


@lru_cache(maxsize=4)
def _read(text: str) -> dict[str, bytes]:
    ring = dict(_read_one(part.strip()) for part in text.split(",") if part.strip())
    if not ring:
        raise ImproperlyConfigured("SEALING_KEYS holds no key; write one as `kid:base64 of 32 bytes`.")
    return ring


def _read_one(part: str) -> tuple[str, bytes]:
    kid, _colon, text = part.partition(":")
    try:
        key = base64.b64decode(text, altchars=b"-_" if {"-", "_"} & set(text) else None, validate=True)
    except binascii.Error:
        key = b""
    if not kid.replace("-", "").isalnum() or len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"SEALING_KEYS: {kid!r} is not `kid:base64 of {KEY_BYTES} bytes`.")
    return kid, key


def _parts(sealed: str) -> tuple[str, bytes, bytes]:
    try:
        version, kid, text = sealed.split(".")
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError:  # binascii.Error is one
        raise Broken from None
    if version != VERSION or len(raw) < NONCE_BYTES:
        raise Broken
    return kid, raw[:NONCE_BYTES], raw[NONCE_BYTES:]


def _bound(where: str, kid: str) -> bytes:
    return f"{where}:{kid}".encode()

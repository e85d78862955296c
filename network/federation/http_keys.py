"""Our RSA-2048 keys for HTTP signatures, a member's and the house's: made on first use, sealed, rotated.

A peer that looks again sees the current key only: documents name one, as several servers read no more than one. So a
new key signs from the moment it is there. Who holds the old one fails once, looks again and finds the new one; what
waits to be sent is signed when it is sent. Keys are RSA-2048: the one kind that every server verifies (federation.md,
2), and RSA-4096 signs eight times slower.
"""

from functools import lru_cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import transaction

from accounts.models import Member
from foundation import clock, jobs, sealing
from network.federation import addresses
from network.federation.http_signatures import Signer
from network.federation.models import HttpKey, where_http_key

BITS = 2048
OPENED = 512
"""Private keys held open in a process: opening one costs as much as a tenth of a signature."""


def signer(member: Member | None) -> Signer:
    """Who signs for that member of ours; for the house (the instance actor), for none."""
    key = current(member)
    return Signer(key_id=addresses.http_key(member), private=_opened(str(key.public_id), key.private))


def public_pem(member: Member | None) -> str:
    """The current public key, as documents name it."""
    return current(member).public


def current(member: Member | None) -> HttpKey:
    """The current key; made on first use, and the same for all who ask at once."""
    return HttpKey.objects.filter(member=member, retired_at=None).first() or _make(member)


@transaction.atomic
def rotate(member: Member | None) -> HttpKey:
    """A fresh key signs from now on, and those who follow the member are told to look again.

    The private half of the old one is forgotten: nothing is ever signed with it again.
    """
    HttpKey.objects.filter(member=member, retired_at=None).update(retired_at=clock.now(), private="")
    key = _make(member)
    if member is not None:
        jobs.announce("profile-changed", {"member": member.pk})
    return key


def _make(member: Member | None) -> HttpKey:
    """The current key; a new one, unless somebody else's came first: then the constraint drops ours."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    key = HttpKey(member=member, public=_public_pem(private))
    key.private = sealing.seal(_der(private), where=where_http_key(key))
    HttpKey.objects.bulk_create([key], ignore_conflicts=True)
    return HttpKey.objects.get(member=member, retired_at=None)


@lru_cache(maxsize=OPENED)
def _opened(public_id: str, sealed: str) -> rsa.RSAPrivateKey:
    """The seal proves that these are the bytes we wrote, so the slow check of the key's numbers is left out."""
    der = sealing.open_(sealed, where=where_http_key(HttpKey(public_id=public_id)))
    private = serialization.load_der_private_key(der, password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(private, rsa.RSAPrivateKey)
    return private


def _der(private: rsa.RSAPrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return private.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain)


def _public_pem(private: rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private.public_key().public_bytes(serialization.Encoding.PEM, form).decode()

"""Ed25519 keys, made, sealed, rotated, used: a member's under the member's data key, the house's under the root key.

The name of a key is its did:key. Whoever has the name has the public key, so what a retired key signed still verifies.
"""

from django.db import transaction

from accounts.models import HouseKey, Key, Member
from accounts.models.people import where_data_key, where_house_key
from foundation import clock, sealing, signing
from foundation import did as did_key


def _where(member: Member) -> str:
    return f"accounts_key:private:{member.ledger_id}"


def data_key(member: Member) -> bytes:
    """The key under which the member's own private facts are sealed."""
    return sealing.open_(member.data_key, where=where_data_key(member))


def give(member: Member) -> Key:
    """The member has a data key and a current signing key from now on; an older signing key is retired."""
    if not member.data_key:
        member.data_key = sealing.seal(sealing.new_data_key(), where=where_data_key(member))
        member.save(update_fields=["data_key"])
    private, public = signing.new_key()
    member.keys.filter(retired_at=None).update(retired_at=clock.now())
    sealed = sealing.seal(private, where=_where(member), key=data_key(member))
    return Key.objects.create(member=member, public=public, private=sealed)


def private_key(member: Member) -> bytes:
    """The current private key, opened. Raises `Key.DoesNotExist` for a remote member."""
    key = member.keys.get(retired_at=None)
    return sealing.open_(key.private, where=_where(member), key=data_key(member))


def private_key_of(member: Member, name: str) -> bytes:
    """The private half of the member's key with this did:key, retired or not. Raises `Key.DoesNotExist`, `Unproven`."""
    key = member.keys.get(public=did_key.key_in(name))
    return sealing.open_(key.private, where=_where(member), key=data_key(member))


def public_key(member: Member) -> bytes:
    """The current public key, 32 bytes. Raises `Key.DoesNotExist` for a remote member."""
    return bytes(member.keys.get(retired_at=None).public)


def did(member: Member) -> str:
    """The member's name in credentials: the did:key of the current key."""
    return did_key.of(public_key(member))


def house_key() -> HouseKey:
    """The key with which the house itself signs; made on first use, and the same for all who ask at once."""
    return HouseKey.objects.filter(retired_at=None).first() or _make_house_key()


@transaction.atomic
def rotate_house_key() -> HouseKey:
    """A fresh key signs what is new; the one of before signs only what names it (`house_key_of`)."""
    HouseKey.objects.filter(retired_at=None).update(retired_at=clock.now())
    return _make_house_key()


def house_key_of(name: str) -> HouseKey:
    """The key with this did:key, retired or not. Raises `HouseKey.DoesNotExist`, `Unproven` for no name."""
    return HouseKey.objects.get(public=did_key.key_in(name))


def house_did(key: HouseKey) -> str:
    return did_key.of(bytes(key.public))


def house_private_key(key: HouseKey) -> bytes:
    """The private half, opened."""
    return sealing.open_(key.private, where=where_house_key(key))


def _make_house_key() -> HouseKey:
    """The current key; a new one, unless somebody else's came first: then the constraint drops ours."""
    private, public = signing.new_key()
    key = HouseKey(public=public)
    key.private = sealing.seal(private, where=where_house_key(key))
    HouseKey.objects.bulk_create([key], ignore_conflicts=True)
    return HouseKey.objects.get(retired_at=None)

"""A member's Ed25519 keys: made, sealed under the member's data key, rotated, used."""

from accounts.models import Key, Member
from accounts.models.people import where_data_key
from foundation import clock, sealing, signing


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

"""A vouch of ours as a document: its facts gathered, signed with both members' keys; and which ones were withdrawn."""

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts import keys, months
from accounts.models import Entry, HouseKey, Member
from foundation import clock, did
from foundation.signing import Document
from vetting import credential_shape, credentials, status_list
from vetting.models import Vouch

TOKEN_BYTES = 32
"""256 random bits: the address is the only key to a credential that its subject keeps to themselves."""
PLACES = status_list.LEAST_ENTRIES
"""Places in one status list, of which at most half are taken, so that a free one is found at once."""


def address(vouch: Vouch) -> str:
    """Where the credential lies: nobody can guess it. What another server issued lies there; we keep a copy."""
    if vouch.voucher.host and vouch.credential:
        return str(vouch.credential["id"])
    return f"{settings.SITE_URL}/credentials/{vouch.token}/"


def status_address(key: HouseKey, number: int) -> str:
    """Where a status list lies: one key signs all the lists that its vouches name."""
    return f"{settings.SITE_URL}/credentials/status/{key.pk}/{number}/"


def actor(member: Member) -> str:
    """The member's page, by which other servers will know them."""
    return f"{settings.SITE_URL}/@{member.handle}/"


def context_of(entry: Entry) -> dict[str, Any]:
    """The shared context as the voucher's entry has it."""
    return {
        "kind": entry.kind,
        "organisation": entry.organisation.name,
        "unit": entry.unit.name if entry.unit else "",
        "starts": months.write(entry.starts, exact=entry.starts_exact),
        "ends": months.write(entry.ends, exact=entry.ends_exact) or None,
    }


def end_of(issued_at: datetime) -> datetime:
    """24 months later, on the same day of the month or its last."""
    return credential_shape.ends(issued_at, months=settings.VOUCH_MONTHS)


def free_index(key: HouseKey) -> int:
    """A place in one of the key's status lists, at random among the free ones, so that it tells nothing of when."""
    taken = Vouch.objects.filter(status_key=key)
    lists = 1 + taken.count() // (PLACES // 2)
    while True:
        index = secrets.randbelow(PLACES * lists)
        if not taken.filter(status_index=index).exists():
            return index


def find_places(vouch: Vouch) -> None:
    """The vouch has an address of its own, and a place in a status list of ours."""
    vouch.token = secrets.token_urlsafe(TOKEN_BYTES)
    vouch.status_key = keys.house_key()
    vouch.status_index = free_index(vouch.status_key)


def draft(vouch: Vouch, *, subject: credentials.Party, began: datetime) -> Document:
    """What is to be countersigned; valid from `began` on for 24 months."""
    key, index = vouch.status_key, vouch.status_index
    assert key is not None and index is not None  # noqa: PT018
    facts = credentials.Facts(
        address=f"{settings.SITE_URL}/credentials/{vouch.token}/",
        voucher=party(vouch.voucher),
        subject=subject,
        context=credentials.Shared(**vouch.context),
        statement=vouch.sentence,
        valid_from=began,
        valid_until=end_of(began),
        status_list=status_address(key, index // PLACES),
        status_index=index % PLACES,
        status_issuer=keys.house_did(key),
    )
    return credentials.draft(facts)


def issue(vouch: Vouch) -> Document:
    """The credential, countersigned by its subject and signed by its voucher."""
    assert vouch.issued_at is not None
    bare = draft(vouch, subject=party(vouch.subject), began=vouch.issued_at)
    agreed = credentials.countersign(bare, private=keys.private_key(vouch.subject))
    return credentials.issue(agreed, private=keys.private_key(vouch.voucher))


def agree(vouch: Vouch) -> Document:
    """The draft of another server with the subject's signature. Raises `NotAVouch`, `NotCountersigned`."""
    return credentials.countersign(vouch.draft or {}, private=keys.private_key(vouch.subject))


def issue_agreed(vouch: Vouch, agreed: Document) -> Document:
    """The credential, countersigned elsewhere, signed by its voucher here. Raises `Unproven`.

    By the key that was offered, if the voucher has had another since.
    """
    private = keys.private_key_of(vouch.voucher, agreed["issuer"]["id"])
    return credentials.issue(agreed, private=private)


def party(member: Member) -> credentials.Party:
    """The member as credentials name them. Raises `Key.DoesNotExist` for a remote one."""
    return credentials.Party(did=keys.did(member), actor=actor(member), name=member.name or f"@{member.handle}")


def identity(vouch: Vouch) -> Document:
    """The key that signed the vouch says whose page it is (FEP-c390), so that both go on meaning something without us.

    The same bytes every time.
    """
    assert vouch.credential is not None
    issuer = vouch.credential["issuer"]
    private = keys.private_key_of(vouch.voucher, issuer["id"])
    return did.identity_statement(private, issuer["alsoKnownAs"], created=vouch.issued_at)


def status(key_id: int, number: int) -> Document | None:
    """The signed list of what was withdrawn among these places; None if there is no such list."""
    key = HouseKey.objects.filter(pk=key_id).first()
    first = number * PLACES
    ours = Vouch.objects.filter(status_key=key, status_index__gte=first, status_index__lt=first + PLACES)
    if key is None or not ours.exists():
        return None
    gone = ours.filter(withdrawn_at__isnull=False).values_list("status_index", flat=True)
    bits = status_list.bits(index - first for index in gone if index is not None)
    return status_list.credential(status_address(key, number), bits, keys.house_private_key(key), clock.now())

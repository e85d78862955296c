"""Servers without requests, as they write."""

from datetime import timedelta

from accounts.models import Member
from network.federation import addresses
from network.federation.models import Inbound
from tests.federation.conftest import Abroad, arrives, said

DAY = timedelta(days=1)


def writes(by: Abroad, to: Member, content: str = "<p>Good day</p>", **more: object) -> Inbound:
    """A direct message as Mastodon writes it."""
    here = addresses.actor(to)
    number = Inbound.objects.count()
    note = {
        "id": f"{by.uri}notes/{number}",
        "type": "Note",
        "attributedTo": by.uri,
        "to": [here],
        "cc": [],
        "content": content,
        "tag": [{"type": "Mention", "href": here, "name": f"@{to.address}"}],
    }
    return arrives(by, said(by, "Create", note | more, to=to), inbox_of=to.handle)

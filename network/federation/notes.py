"""A note to one person alone, as every server of the Fediverse reads it: addressed, mentioned, without a proof."""

from datetime import datetime

from accounts.models import Member
from foundation import rfc3339
from foundation.signing import Document
from network.federation import addresses, words


def to_one(
    writer: Member,
    reader: Member,
    *,
    uri: str,
    text: str,
    at: datetime,
    in_reply_to: str = "",
    context: str = "",
) -> Document:
    """The activity that brings `reader` a note under the name `uri`. Send it with `proved=False` (FEP-8b32)."""
    to = addresses.actor(reader)
    note: Document = {
        "id": uri,
        "type": "Note",
        "attributedTo": addresses.actor(writer),
        "to": [to],
        "cc": [],
        "published": rfc3339.write(at),
        "content": words.as_html(text),
        "tag": [{"type": "Mention", "href": to, "name": f"@{reader.address}"}],
    }
    note |= {name: value for name, value in (("inReplyTo", in_reply_to), ("context", context)) if value}
    return {"type": "Create", "to": [to], "cc": [], "published": note["published"], "object": note}

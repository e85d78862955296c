"""Who may read an activity of ours, or the thing it carried, at its address. Hidden and unknown are one answer.

What is public is read by anybody, unsigned. Anything else is read by those it was sent to, who have to sign for
themselves (federation.md, 18); one whom its sender has blocked since is a stranger.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from accounts import ties
from foundation.refusals import NotThere
from foundation.signing import Document
from network.federation import addresses, documents, shape
from network.federation.models import Actor, Outbound, Recipient

ENDS = ("Delete", "Undo")
Asker = Callable[[], Actor | None]
"""Who signed the request; it is asked only where that matters, as it may have to fetch a key."""


class TakenBack(NotThere):
    """Was there for this reader, and is deleted or undone."""

    code = "taken-back"
    status = 410


def activity(number: UUID, asker: Asker) -> Document:
    """The activity. Raises `NotThere`, `TakenBack`; what `asker` raises."""
    row = _first_readable(Outbound.objects.filter(pk=number), asker)
    return _shown(row.uri, row.body)


def thing(kind: str, number: UUID, asker: Asker) -> Document:
    """The object as the latest activity that this reader may see has it. Raises as `activity` does."""
    uri = addresses.thing(kind, number)
    row = _first_readable(Outbound.objects.filter(object_uri=uri).order_by("-made_at"), asker)
    return _shown(uri, documents.thing(row))


def _first_readable(rows: Iterable[Outbound], asker: Asker) -> Outbound:
    found = list(rows)
    for row in found:
        if row.public:
            return row
    reader = asker()  # also where nothing is there: a wrong signature is told alike
    for row in found:
        if reader and _was_sent(row, reader):
            return row
    raise NotThere


def _was_sent(row: Outbound, reader: Actor) -> bool:
    if not Recipient.objects.filter(outbound=row, actor=reader).exists():
        return False
    return not (row.sender and reader.member and ties.has_blocked(row.sender, reader.member))


def _shown(uri: str, document: Document) -> Document:
    if Outbound.objects.filter(object_uri=uri, body__type__in=ENDS).exists():
        raise TakenBack
    return shape.without_blind(document)

"""How a request reads on the wire: `Offer{Relationship}`, with what the asker's entry says (docs/decisions/0053)."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts import months
from accounts.entries import Facts
from foundation import wording
from foundation.refusals import Invalid
from foundation.signing import Document
from network.contacts.models import ContextKind, Request
from network.federation import addresses, vocabulary, words

FACTS = ("kind", "organisation", "unit", "starts", "ends")
BASES = (ContextKind.ENTRY, ContextKind.INVITATION, ContextKind.EARLIER)
TOLD = {"name": 80, "headline": 120}
"""What a request discloses of its asker besides, with the characters that are kept."""


class NotARequest(Invalid):
    """The Offer has not the shape of a request."""

    code = "not-a-request"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as another server states it. `facts` is None where no entry is named."""

    note: str
    context: str
    facts: Facts | None
    said: dict[str, str]
    told: dict[str, str]


def offer(request: Request) -> Document:
    """The whole request, for the recipient's server alone."""
    asker, recipient = addresses.actor(request.asker), addresses.actor(request.recipient)
    told = {"name": request.asker.name, "headline": request.asker.headline}
    return {
        "type": "Offer",
        "to": [recipient],
        "object": relationship(asker, recipient),
        "content": words.as_html(request.note) if request.note else "",
        "context": basis(request) | {name: text for name, text in told.items() if text},
    }


def relationship(asker: str, recipient: str) -> Document:
    return {
        "type": "Relationship",
        "subject": asker,
        "relationship": vocabulary.COLLEAGUE,
        "object": recipient,
    }


def basis(request: Request) -> dict[str, str]:
    """What the request names: `basis` is entry or earlier, with the facts of the entry as they were when asked."""
    kept = request.snapshot
    if request.context != ContextKind.ENTRY:
        return {"basis": request.context}
    if "said" in kept:
        return dict(kept["said"])
    said = {
        "basis": request.context,
        "kind": kept["kind"],
        "organisation": kept["organisation"],
        "unit": kept["unit"],
        "starts": months.write(kept["starts"], exact=kept["starts_exact"]),
        "ends": months.write(kept["ends"], exact=kept["ends_exact"]),
    }
    return {name: text for name, text in said.items() if text}


def read(activity: Document) -> Asked:
    """What the Offer says; raises `NotARequest`, `months.NotAMonth`. Who may say it is for the caller to check."""
    context, content = activity.get("context"), activity.get("content", "")
    if not isinstance(context, dict) or not isinstance(content, str):
        raise NotARequest
    named = str(context.get("basis", ""))
    if named not in BASES:
        raise NotARequest
    said = {"basis": named} | {name: _text(context.get(name, "")) for name in FACTS if name in context}
    return Asked(
        note=words.of(content),
        context=named,
        facts=facts(context) if named == ContextKind.ENTRY else None,
        said=said if named == ContextKind.ENTRY else {},
        told={name: text for name, most in TOLD.items() if (text := _line(context.get(name, ""), most))},
    )


def facts(context: dict[str, Any]) -> Facts:
    """The facts of the entry that is named."""
    kind, organisation, unit, starts, ends = (_text(context.get(name, "")) for name in FACTS)
    return Facts(
        kind=kind,
        organisation=organisation,
        unit=unit,
        starts=months.read(starts, as_end=False),
        ends=months.read(ends, as_end=True) if ends else None,
    )


def snapshot(said: Facts) -> dict[str, Any]:
    """As `requests.snapshot`, of what was said elsewhere."""
    return {
        "kind": said.kind,
        "organisation": _line(said.organisation, 120),
        "unit": _line(said.unit, 120),
        "title": "",
        "starts": said.starts.number,
        "starts_exact": said.starts.exact,
        "ends": said.ends.number if said.ends else None,
        "ends_exact": said.ends.exact if said.ends else True,
    }


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > settings.NOTE_MAX_CHARACTERS:
        raise NotARequest
    return value


def _line(value: object, most: int) -> str:
    """One line without links or signs of addresses, or nothing: what somebody else calls themselves."""
    text = " ".join(wording.clean(value).split())[:most] if isinstance(value, str) else ""
    return "" if wording.links(text) or wording.addresses(text) else text

"""The words on the wire: fixed meanings, no JSON-LD processing (federation.md). Pure."""

from typing import Any

from django.conf import settings

ACTIVITY_JSON = "application/activity+json"
LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
PUBLIC_NAMES = frozenset({PUBLIC, "as:Public", "Public"})
COLLEAGUE = "http://purl.org/vocab/relationship/colleagueOf"
SERVICE_REL = "https://www.w3.org/ns/activitystreams#Service"
KNOWN = frozenset(
    {"Accept", "Add", "Announce", "Block", "Create", "Delete", "Flag", "Follow"}
    | {"Invite", "Like", "Move", "Offer", "Reject", "Remove", "Undo", "Update"}
)
"""Activities that are looked at; all others are answered 202 and forgotten (federation.md, 38)."""


def connections() -> str:
    """What a server advertises that understands requests with a context (FEP-844e)."""
    return f"{settings.NAMESPACE}#connections"


def context() -> list[Any]:
    """C of federation.md's mapping: inline, never an own context by address."""
    return [
        "https://www.w3.org/ns/activitystreams",
        "https://w3id.org/security/data-integrity/v1",
        {
            "pv": f"{settings.NAMESPACE}#",
            "credential": {"@id": "pv:credential", "@type": "@json"},
            "basis": "pv:basis",
            "vouches": {"@id": "pv:vouches", "@type": "@id"},
            "connections": {"@id": "pv:connections", "@type": "@id"},
        },
    ]


def listed(value: object) -> list[Any]:
    """A property that may hold one or many, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def uri_of(value: object) -> str:
    """The address of an object given whole or by its address; empty if it has none."""
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""

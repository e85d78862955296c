"""What an actor's own document says, read with fixed meanings and bounds. Pure: it stores and fetches nothing.

Unknown properties are left alone, lists are cut (federation.md, 25), keys that are not the actor's own are dropped
(FEP-fe34: `owner` and `controller` are the actor, and the key's id is of the same origin).
"""

import re
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils.translation import gettext_lazy as _

from foundation import signing
from foundation.refusals import Invalid
from foundation.signing import Document, Unproven
from network.federation import hosts, plain, vocabulary

KINDS = frozenset({"Application", "Group", "Organization", "Person", "Service"})
MOST_KEYS = 8
MOST_FIELDS = 16
MOST_NAMES = 20  # alsoKnownAs, implements
MOST_URI = 500
RSA_BITS = range(2048, 8193)
MOST_EXPONENT = 2**32  # everybody uses 65537; a long one makes each verification as dear as a signature
HANDLE = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,62}[a-z0-9_])?")


class NoActor(Invalid):
    code = "no-actor"
    message = _("This address does not describe anybody.")


@dataclass(frozen=True, kw_only=True)
class Described:
    """An actor as their document says. `http_keys` are PEM by id, `assertion_keys` Multikeys by id."""

    uri: str
    kind: str
    name: str
    called: str
    about: str
    page: str
    inbox: str
    shared_inbox: str
    followers: str
    acct: str
    indexable: bool
    moved_to: str
    implements: list[str]
    also_known_as: list[str]
    fields: list[dict[str, str]]
    http_keys: dict[str, str] = field(default_factory=dict)
    assertion_keys: dict[str, str] = field(default_factory=dict)

    @property
    def handle(self) -> str:
        return self.name.lower()

    @property
    def speaks(self) -> bool:
        """Their server understands requests with a context (FEP-844e)."""
        return vocabulary.connections() in self.implements


def read(document: Document) -> Described:
    """The actor in a document that was found at its own `id`. Raises `NoActor`."""
    uri, kind = document.get("id"), document.get("type")
    if not isinstance(uri, str) or not isinstance(kind, str) or kind not in KINDS or not _is_address(uri):
        raise NoActor
    name = plain.line(document.get("preferredUsername"), most=MOST_URI)
    inbox = _own(document.get("inbox"), uri)
    if not HANDLE.fullmatch(name.lower()) or not inbox:
        raise NoActor
    endpoints = document.get("endpoints")
    return Described(
        uri=uri,
        kind=kind,
        name=name,
        called=plain.name(document.get("name"), most=80),
        about=plain.text_of_markup(document.get("summary"), most=2000),
        page=_page(document.get("url")) or uri,
        inbox=inbox,
        shared_inbox=_own(endpoints.get("sharedInbox"), uri) if isinstance(endpoints, dict) else "",
        followers=_own(document.get("followers"), uri),
        acct=_acct(document.get("webfinger")),
        indexable=document.get("indexable") is True,
        moved_to=_address(document.get("movedTo")),
        implements=_implements(document.get("generator")),
        also_known_as=_addresses(document.get("alsoKnownAs")),
        fields=_fields(document.get("attachment")),
        http_keys=_http_keys(document.get("publicKey"), uri),
        assertion_keys=_assertion_keys(document.get("assertionMethod"), uri),
    )


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith("https://") and len(value) <= MOST_URI and value.isascii()


def _address(value: object) -> str:
    found = vocabulary.uri_of(value)
    return found if _is_address(found) else ""


def _addresses(value: object) -> list[str]:
    return [found for one in vocabulary.listed(value)[:MOST_NAMES] if (found := _address(one))]


def _own(value: object, uri: str) -> str:
    """An address of the actor's own server; what they name elsewhere is none of theirs (FEP-fe34)."""
    found = _address(value)
    return found if found and hosts.same_origin(found, uri) else ""


def _page(value: object) -> str:
    """`url` is an address, a Link, or several of them; the first that can be shown."""
    for one in vocabulary.listed(value)[:MOST_NAMES]:
        found = one.get("href") if isinstance(one, dict) else one
        if isinstance(found, str) and _is_address(found):
            return found
    return ""


def _acct(value: object) -> str:
    """`name@server` of FEP-2c59, unverified."""
    text = value if isinstance(value, str) else ""
    return plain.line(text.removeprefix("acct:").lstrip("@").lower(), most=320)


def _implements(generator: object) -> list[str]:
    """What their software can do: addresses, or Links with `href` (FEP-844e). Only where the actor itself says so."""
    said = generator.get("implements") if isinstance(generator, dict) else None
    found = [one.get("href", one.get("id")) if isinstance(one, dict) else one for one in vocabulary.listed(said)]
    return [one for one in found[:MOST_NAMES] if isinstance(one, str) and len(one) <= MOST_URI]


def _fields(value: object) -> list[dict[str, str]]:
    """Rows of the profile as plain text (FEP-fb2a); anything else that is attached, as identity statements (FEP-c390),
    is left alone."""
    rows = [
        one for one in vocabulary.listed(value)[:100] if isinstance(one, dict) and one.get("type") == "PropertyValue"
    ]
    read = [
        {
            "name": plain.line_of_markup(one.get("name"), most=80),
            "value": plain.line_of_markup(one.get("value"), most=300),
        }
        for one in rows[:MOST_FIELDS]
    ]
    return [row for row in read if row["name"] and row["value"]]


def _http_keys(value: object, uri: str) -> dict[str, str]:
    found = {}
    for one in vocabulary.listed(value)[:MOST_KEYS]:
        key_id = _own_key(one, uri, "owner")
        pem = _pem(one.get("publicKeyPem")) if key_id else ""
        if pem:
            found[key_id] = pem
    return found


def _assertion_keys(value: object, uri: str) -> dict[str, str]:
    found = {}
    for one in vocabulary.listed(value)[:MOST_KEYS]:
        key_id = _own_key(one, uri, "controller")
        if key_id and _is_ed25519(one.get("publicKeyMultibase")):
            found[key_id] = one["publicKeyMultibase"]
    return found


def _own_key(value: Any, uri: str, owner: str) -> str:
    """The id of a key of which the actor is the owner, on their own server."""
    if not isinstance(value, dict) or value.get(owner) != uri:
        return ""
    return _own(value, uri)


def _pem(value: object) -> str:
    """An RSA key in one spelling (SubjectPublicKeyInfo); empty for other kinds, and for sizes nobody should use."""
    if not isinstance(value, str) or len(value) > 4000:
        return ""
    try:
        key = serialization.load_pem_public_key(value.encode())
    except (ValueError, UnsupportedAlgorithm):
        return ""
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size not in RSA_BITS:
        return ""
    if key.public_numbers().e > MOST_EXPONENT:
        return ""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


def _is_ed25519(value: object) -> bool:
    try:
        signing.public_from(value if isinstance(value, str) else "")
    except Unproven:
        return False
    return True

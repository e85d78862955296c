"""Our own documents: what we say of our members, of the house, and of what is collected around them.

The same for everybody who asks: an anonymous reader, a stranger's server and somebody blocked see what a member shows
to everyone, so that nobody learns from the difference (security.md, threat 4). Arrays are never a `type`.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import escape

from accounts import homes, keys, visibility
from accounts.models import Member, Visibility
from accounts.people import asks_first
from foundation import signing
from foundation.signing import Document
from network.federation import addresses, http_keys, references, vocabulary
from network.federation.models import Actor, Outbound
from vetting import documents as credentials
from vetting import vouches

MOST_ITEMS = 20
RFC9421 = {"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421: HTTP Message Signatures"}
PARTS = ("inbox", "outbox", "followers", "following", "vouches", "connections")
FIELDS = (("headline", "Headline"), ("place", "Place"), ("languages", "Languages"))


def context() -> list[Any]:
    """The terms of an actor, inline where no server can be expected to know them by address."""
    return [
        "https://www.w3.org/ns/activitystreams",
        "https://w3id.org/security/v1",
        {
            "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
            "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
            "movedTo": {"@id": "as:movedTo", "@type": "@id"},
            "schema": "http://schema.org#",
            "PropertyValue": "schema:PropertyValue",
            "value": "schema:value",
            "toot": "http://joinmastodon.org/ns#",
            "discoverable": "toot:discoverable",
            "indexable": "toot:indexable",
            "assertionMethod": {"@id": "https://w3id.org/security#assertionMethod", "@type": "@id"},
            "Multikey": "https://w3id.org/security#Multikey",
            "controller": {"@id": "https://w3id.org/security#controller", "@type": "@id"},
            "publicKeyMultibase": "https://w3id.org/security#publicKeyMultibase",
            "implements": {"@id": "https://w3id.org/fep/844e#implements"},
            "webfinger": "https://w3id.org/fep/2c59#webfinger",
            "pv": f"{settings.NAMESPACE}#",
            "vouches": {"@id": "pv:vouches", "@type": "@id"},
            "connections": {"@id": "pv:connections", "@type": "@id"},
        },
    ]


def actor(member: Member) -> Document:
    """The member as everybody may see them: what they show to *everyone*, their keys, and where to write to them."""
    uri, moved_to = addresses.actor(member), homes.moved_to(member)
    return {
        "@context": context(),
        "id": uri,
        "type": "Person",
        "preferredUsername": member.handle,
        "url": uri,
        "webfinger": member.address,
        "published": member.joined_at.strftime("%Y-%m-%dT00:00:00Z"),
        **_shown(member),
        **{name: addresses.part(member, name) for name in PARTS},
        "endpoints": {"sharedInbox": addresses.shared_inbox()},
        "manuallyApprovesFollowers": asks_first(member),
        "discoverable": member.may_be_indexed,
        "indexable": member.may_be_indexed,
        "alsoKnownAs": homes.aliases_of(member),
        "publicKey": _http_key(member),
        "assertionMethod": [_assertion_key(member)],
        "generator": _generator(),
        **({"movedTo": moved_to} if moved_to else {}),
    }


def _shown(member: Member) -> Document:
    """What they show to everyone."""
    seen = visibility.show_at(member, Visibility.EVERYONE)
    rows = [(name, getattr(seen, field)) for field, name in FIELDS]
    return {
        "name": seen.name or member.handle,
        "summary": paragraphs(seen.about),
        "attachment": [{"type": "PropertyValue", "name": name, "value": escape(told)} for name, told in rows if told],
    }


def house() -> Document:
    """The instance actor: it signs what no member asks for, and is always readable."""
    return {
        "@context": context(),
        "id": addresses.house(),
        "type": "Application",
        "preferredUsername": house_name(),
        "name": settings.SITE_NAME,
        "url": f"{settings.SITE_URL}/about/",
        "webfinger": f"{house_name()}@{settings.SITE_HOST}",
        "inbox": addresses.shared_inbox(),
        "outbox": f"{addresses.house()}/outbox",
        "endpoints": {"sharedInbox": addresses.shared_inbox()},
        "manuallyApprovesFollowers": True,
        "publicKey": _http_key(None),
        "generator": _generator(),
    }


def house_name() -> str:
    """Who the house is to WebFinger: its own host name, as other servers do it."""
    return urlsplit(settings.SITE_URL).hostname or "house"


def outbox(member: Member | None) -> Document:
    """The latest that went to everybody; nothing else, and no number of anything."""
    rows = Outbound.objects.filter(sender=member, public=True).order_by("-made_at")[:MOST_ITEMS]
    uri = addresses.part(member, "outbox") if member else f"{addresses.house()}/outbox"
    return ordered(uri, (row.body for row in rows))


def people(member: Member, name: str) -> Document:
    """`followers` or `following`: that there is such a collection, and nothing about it.

    Product rules: no follower counts, and who follows whom is shown nowhere.
    """
    return ordered(addresses.part(member, name), None)


def vouched(member: Member) -> Document:
    """The vouches about the member that they show to everyone: each by its name on the wire, else its credential."""
    shown = vouches.seen_by(None, member, Visibility.EVERYONE)
    items = [references.name_of("vouch", vouch) or credentials.address(vouch) for vouch in shown]
    return collection(addresses.part(member, "vouches"), items)


def connected(member: Member, asker: Actor | None) -> Document:
    """To each of the member's contacts: that they are one. To everybody else: nothing, as if there were none."""
    contact = asker.member if asker else None
    ours = contact is not None and visibility.nearness(contact, member) == Visibility.CONTACTS
    items = [asker.uri] if asker and ours else []
    return collection(addresses.part(member, "connections"), items)


def collection(uri: str, items: list[str]) -> Document:
    return {"@context": vocabulary.context(), "id": uri, "type": "Collection", "items": items}


def ordered(uri: str, items: Iterable[Document] | None) -> Document:
    found = {} if items is None else {"orderedItems": [_inside(item) for item in items]}
    return {"@context": vocabulary.context(), "id": uri, "type": "OrderedCollection", **found}


def thing(row: Outbound) -> Document:
    """The object that an activity of ours carried, standing alone."""
    return {"@context": row.body.get("@context", vocabulary.context()), **row.body["object"]}


def paragraphs(text: str) -> str:
    """Plain text as HTML."""
    blocks = [block.strip("\n") for block in text.split("\n\n") if block.strip()]
    return "".join(f"<p>{str(escape(block)).replace(chr(10), '<br>')}</p>" for block in blocks)


def _inside(document: Document) -> Document:
    return {name: value for name, value in document.items() if name != "@context"}


def _http_key(member: Member | None) -> Document:
    uri = addresses.actor(member)
    return {"id": addresses.http_key(member), "owner": uri, "publicKeyPem": http_keys.public_pem(member)}


def _assertion_key(member: Member) -> Document:
    public = signing.multikey(keys.public_key(member))
    uri = addresses.actor(member)
    return {"id": addresses.assertion_key(member), "type": "Multikey", "controller": uri, "publicKeyMultibase": public}


def _generator() -> Document:
    """What our software understands (FEP-844e): a partial object, so that nobody has to fetch anything."""
    connections = {"href": vocabulary.connections(), "name": "Requests for contact with a context"}
    return {"type": "Application", "name": "Leumund", "implements": [RFC9421, connections]}

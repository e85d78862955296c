"""A public vouch on the wire: a note that everybody can read, with the credential inside (federation.md, 5).

V = `{"type": "Note", "attributedTo": A, "content": …, "tag": [Mention of B], "credential": …}`, and, once both have
signed, a link to the credential's own address.
"""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Member
from foundation import did, rfc3339
from foundation.signing import Document, Unproven
from network.federation import addresses, vocabulary, words
from network.federation.models import Actor, ActorKey, Purpose
from vetting.credentials import Party
from vetting.models import Vouch

MEDIA_TYPE = "application/vc+json"


class NotTheirVouch(Unproven):
    """Author, voucher, subject, keys and addresses do not belong together (federation.md, 36)."""

    code = "vouch-not-theirs"


def uri(vouch: Vouch) -> str:
    """The name we give a vouch of ours."""
    return addresses.thing("vouch", vouch.public_id)


def compose(vouch: Vouch, document: Document, *, to: list[str], cc: list[str]) -> Document:
    """The note of a voucher of ours, with the draft or the issued credential."""
    subject = addresses.actor(vouch.subject)
    issued = "proof" in document
    said_at = vouch.issued_at if issued and vouch.issued_at else vouch.offered_at
    with translation.override(vouch.voucher.language):
        name = _("Vouch (Verifiable Credential)")
        told = {"who": f"@{vouch.subject.address}", "sentence": vouch.sentence}
        text = _("I vouch for %(who)s: %(sentence)s") % told
    note: Document = {
        "id": uri(vouch),
        "type": "Note",
        "attributedTo": addresses.actor(vouch.voucher),
        "to": to,
        "cc": cc,
        "published": rfc3339.write(said_at),
        "content": words.as_html(text),
        "tag": [{"type": "Mention", "href": subject, "name": f"@{vouch.subject.address}"}],
        "credential": document,
    }
    link = {"type": "Document", "mediaType": MEDIA_TYPE, "url": document["id"], "name": name}
    return note | ({"attachment": [link]} if issued else {})


def read(note: object, *, author: Actor) -> Document | None:
    """The credential or draft in a note, None if it carries none. Raises `NotTheirVouch` unless all that it names
    belongs together: the author vouches, with a key of theirs, and the one mentioned is whom it is about."""
    document = note.get("credential") if isinstance(note, dict) else None
    if not isinstance(note, dict) or not isinstance(document, dict):
        return None
    issuer, about = _part(document, "issuer"), _part(document, "credentialSubject")
    mentioned = {tag.get("href") for tag in vocabulary.listed(note.get("tag")) if _is_mention(tag)}
    places = [
        vocabulary.uri_of(note),
        document.get("id"),
        _part(document, "credentialStatus").get("statusListCredential"),
    ]
    fits = (
        vocabulary.uri_of(note.get("attributedTo")) == issuer.get("alsoKnownAs") == author.uri
        and mentioned == {about.get("alsoKnownAs")}
        and issuer.get("id") in dids(author)
        and all(isinstance(place, str) and addresses.same_server(place, author.uri) for place in places)
    )
    if not fits:
        raise NotTheirVouch
    return document


def dids(actor: Actor) -> set[str]:
    """The names of the keys that the actor's document names for what they say (FEP-521a)."""
    keys = ActorKey.objects.filter(actor=actor, purpose=Purpose.ASSERTION)
    return {did.PREFIX + public for public in keys.values_list("public", flat=True)}


def party(member: Member) -> Party | None:
    """Somebody elsewhere as a credential names them; None if their document names no key for that."""
    names = sorted(dids(member.actor))
    if not names:
        return None
    return Party(did=names[0], actor=member.actor.uri, name=member.name or f"@{member.handle}")


def _part(document: Document, name: str) -> dict[str, Any]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def _is_mention(tag: object) -> bool:
    return isinstance(tag, dict) and tag.get("type") == "Mention"

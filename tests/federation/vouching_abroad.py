"""Ada and Zoe have worked together and are in contact across two servers; what each server writes about a vouch."""

from typing import Any

from accounts import keys
from accounts.models import Entry, Member, Visibility
from foundation import clock, did, jobs, signing
from foundation.signing import Document
from network.contacts import quiet
from network.contacts.models import Contact
from network.federation import addresses, vocabulary
from tests.cast import was_at
from tests.federation.conftest import Abroad, arrives, said
from vetting import contexts, credential_shape, credentials, vouches
from vetting.credentials import Facts, Party, Shared
from vetting.models import ConfirmationKind, Vouch

HOUSE_ABROAD = signing.new_key()
SENTENCE = "We rebuilt the switchboard together, and I would take her call at night."


def colleagues(ada: Member, zoe: Abroad) -> Entry:
    """They are in contact, both said they were there, and the quiet period is long over; Ada's entry."""
    entry = was_at(ada, "Acme Werke")
    quiet.begin(asker=ada, recipient=zoe.member)
    Contact.objects.update(quiet_until=clock.now())
    contexts.confirm(ada, zoe.member, kind=ConfirmationKind.WORKED, source=ada.public_id, entry=entry)
    jobs.drain_everything(strict=True)
    return entry


def offered_to(zoe: Abroad, ada: Member, *, sentence: str = SENTENCE) -> Vouch:
    """Ada, here, vouches for Zoe, and her server has sent it."""
    vouch = vouches.offer(ada, zoe.member, entry=ada.entries.get(), sentence=sentence, key="k")
    jobs.drain_everything(strict=True)
    vouch.refresh_from_db()
    return vouch


def party_of(zoe: Abroad) -> Party:
    return Party(did=did.of(signing.public_of(zoe.ed25519)), actor=zoe.uri, name="Zoe Zander")


def party_here(member: Member) -> Party:
    return Party(did=keys.did(member), actor=addresses.actor(member), name=member.name)


def draft_of(zoe: Abroad, subject: Party, **changes: Any) -> Document:
    """What Zoe's server asks the subject to countersign."""
    now = clock.now()
    home = zoe.uri.split("/@")[0]
    facts: dict[str, Any] = {
        "address": f"{home}/credentials/unguessable/",
        "voucher": party_of(zoe),
        "subject": subject,
        "context": Shared(kind="employment", organisation="Acme Werke", starts="2001-04", ends="2004-06"),
        "statement": SENTENCE,
        "valid_from": now,
        "valid_until": credential_shape.ends(now),
        "status_list": f"{home}/credentials/status/1/0/",
        "status_index": 7,
        "status_issuer": did.of(HOUSE_ABROAD[1]),
    }
    return credentials.draft(Facts(**facts | changes))


def note(zoe: Abroad, about: str, document: Document, **changes: Any) -> Document:
    """V of federation.md, as Zoe's server would write it."""
    made: Document = {
        "id": f"{zoe.uri.split('/@')[0]}/things/vouch/1",
        "type": "Note",
        "attributedTo": zoe.uri,
        "to": [about],
        "content": f"<p>I vouch: {SENTENCE}</p>",
        "tag": [{"type": "Mention", "href": about, "name": "@somebody"}],
        "credential": document,
    }
    return made | changes


def offer_from(zoe: Abroad, ada: Member, document: Document | None = None, **changes: Any) -> Document:
    made = document or draft_of(zoe, party_here(ada))
    return said(zoe, "Offer", note(zoe, addresses.actor(ada), made, **changes), to=ada)


def issued(zoe: Abroad, vouch: Vouch) -> Document:
    """What Ada has countersigned, signed by Zoe's server with her key."""
    assert vouch.draft is not None
    return credentials.issue(vouch.draft, private=zoe.ed25519)


def create(zoe: Abroad, ada: Member, document: Document, *, public: bool = False, **changes: Any) -> Document:
    inner = note(zoe, addresses.actor(ada), document, **changes)
    activity = said(zoe, "Create", inner, to=ada)
    return activity | ({"to": [vocabulary.PUBLIC]} if public else {})


def accept(zoe: Abroad, offer: Document, agreed: Document, *, everyone: bool = True) -> Document:
    """Zoe's server brings the countersigned draft back."""
    readers = [vocabulary.PUBLIC] if everyone else [zoe.uri]
    result = {"type": "Note", "id": offer["object"]["id"], "to": readers}
    return said(zoe, "Accept", offer["id"], to=None, credential=agreed, result=result)


def agreed_by(zoe: Abroad, offer: Document) -> Document:
    return credentials.countersign(offer["object"]["credential"], private=zoe.ed25519)


def given(zoe: Abroad, ada: Member, *, visible_to: int = Visibility.EVERYONE) -> Vouch:
    """Offered by Zoe, countersigned by Ada, issued by Zoe's server."""
    arrives(zoe, offer_from(zoe, ada))
    [vouch] = vouches.offered_to(ada)
    vouches.countersign(vouch, by=ada, visible_to=visible_to)
    jobs.drain_everything(strict=True)
    vouch.refresh_from_db()
    assert arrives(zoe, create(zoe, ada, issued(zoe, vouch))).outcome == "done"
    vouch.refresh_from_db()
    return vouch

"""What another server says in the contract between two: the same activities that ours would write."""

from typing import Any

from accounts import ties
from accounts.models import Member
from foundation import clock, jobs, signing
from foundation.signing import Document
from network.contacts.models import Contact, Request
from network.federation import addresses, asking, references
from tests.cast import DAY, asks, was_at
from tests.federation.conftest import Abroad, arrives, leaving_for, said
from vetting import contexts
from vetting.models import ConfirmationKind

SENTENCE = "We built the pump together."
AT_ACME = {"basis": "entry", "kind": "employment", "organisation": "Acme Werke", "starts": "2001-04", "ends": "2004-06"}


def signed(by: Abroad, activity: Document) -> Document:
    """With the author's own proof."""
    return signing.secure(activity, private=by.ed25519, method=f"{by.uri}#ed25519-key")


def offer(by: Abroad, to: Member, *, note: str = "", context: Document | None = None, **more: Any) -> Document:
    """`by` asks `to` for contact."""
    facts = AT_ACME if context is None else context
    about = asking.relationship(by.uri, addresses.actor(to))
    return signed(by, said(by, "Offer", about, to=to, content=note, context={"name": "Zoe Z", **facts}, **more))


def asked_by(by: Abroad, to: Member, **more: Any) -> Request:
    """Their request, as a worker here has settled it."""
    activity = offer(by, to, **more)
    assert arrives(by, activity).outcome == "done"
    known = references.find(activity["id"], "request")
    assert known
    return Request.objects.get(pk=known.row)


def ours_to(asker: Member, recipient: Abroad, **more: Any) -> tuple[Request, str]:
    """Our request to somebody elsewhere, with its name on the wire."""
    entry = asker.entries.first() or was_at(asker, "Acme Werke")
    request = asks(asker, recipient.member, entry, **more)
    return request, references.ours("request", request)


def acceptance(by: Abroad, name: str, to: Member, **more: Any) -> Document:
    return signed(by, said(by, "Accept", name, to=to, **more))


def in_contact(asker: Member, recipient: Abroad) -> Contact:
    """Our member asked, and they have accepted."""
    request, name = ours_to(asker, recipient)
    assert arrives(recipient, acceptance(recipient, name, asker)).outcome == "done"
    return Contact.objects.get(request=request)


def note(by: Abroad, to: Member, text: str = "Hello there", *, name: str = "1", **more: Any) -> Document:
    """A note for one person alone; `more` are properties of the note."""
    uri = f"{by.uri}notes/{name}"
    body: Document = {"id": uri, "type": "Note", "attributedTo": by.uri, "to": [addresses.actor(to)], "cc": []}
    body |= {"content": f"<p>{text}</p>", **more}
    return said(by, "Create", body, to=to, cc=[])


def last_to(someone: Abroad, type_: str) -> Document:
    """The last activity of that type on its way to somebody."""
    jobs.drain_everything(strict=True)
    return [one for one in leaving_for(someone) if one["type"] == type_][-1]


def types_to(someone: Abroad) -> list[str]:
    """The types of everything on its way to somebody."""
    jobs.drain_everything(strict=True)
    return [one["type"] for one in leaving_for(someone)]


def know_each_other(one: Member, other: Member, *, confirmed: bool = True) -> None:
    """In contact for long, as the rows are on this server; whatever way it came about."""
    with clock.at(clock.now() - 300 * DAY):
        ties.begin(one, other)
        if confirmed:
            contexts.confirm(one, other, kind=ConfirmationKind.WORKED, source=one.public_id)
    jobs.drain_everything(strict=True)


def invitation(asker: Abroad, voucher: str, recipient: str, *, name: str) -> Document:
    about = asking.relationship(asker.uri, recipient)
    target = {"id": name, "type": "Offer", "actor": asker.uri, "object": about, "context": AT_ACME}
    return {"object": voucher, "target": target}


def invite(asker: Abroad, voucher: Member, recipient: str, *, name: str) -> Document:
    """`asker`, elsewhere, asks `voucher`, here, to vouch with `recipient`."""
    more = invitation(asker, addresses.actor(voucher), recipient, name=name)
    return signed(asker, said(asker, "Invite", more["object"], to=voucher, target=more["target"]))


def word(voucher: Abroad, asker: str, recipient: Member, *, name: str, sentence: str = SENTENCE) -> Document:
    """`voucher`, elsewhere, vouches to `recipient`, here, for the request of that name."""
    about = asking.relationship(asker, addresses.actor(recipient))
    target = {"id": name, "type": "Offer", "actor": asker, "object": about, "context": AT_ACME}
    inner = {"type": "Invite", "actor": asker, "object": voucher.uri, "target": target}
    return said(voucher, "Accept", inner, to=recipient, content=f"<p>{sentence}</p>")

"""What goes to the other server about a request and the contact it becomes. A decline is not among it.

Each is sent under a key of its own, so that done twice it is one activity (`outbox.send`).
"""

from accounts.models import Member
from foundation import clock, jobs, rfc3339
from foundation.signing import Document
from network.contacts.models import Answer, Contact, ContextKind, Request
from network.federation import actors, addresses, asking, outbox, references
from network.federation.leaving import approaches
from vetting.models import Confirmation


@jobs.handles("request-leaves")
def send_request(request: int) -> None:
    """A request goes to its recipient's server; to one that knows no requests, what such a server understands."""
    row = _held(request)
    if row is None or row.answer != Answer.NONE or row.withdrawn_at:
        return
    if row.recipient.elsewhere.speaks:
        offer(row)
    else:
        approaches.make(row)


@jobs.handles("withdrawal-leaves")
def send_withdrawal(request: int) -> None:
    row = _held(request)
    if row and row.recipient.elsewhere.speaks:
        undo_offer(row)
    elif row:
        approaches.take_back(row)


@jobs.handles("acceptance-leaves")
def send_acceptance(request: int) -> None:
    row = _held(request)
    contact = Contact.objects.filter(request=row).select_related("asker", "recipient").first() if row else None
    if row and contact and row.context != ContextKind.MESSAGE:  # their server knows of none: they are written to
        accept(contact, offer=references.name_of("request", row), by=row.recipient, confirmed=_confirmed(row))


@jobs.handles("ending-leaves")
def send_ending(contact: int) -> None:
    """The side that lives here has ended the contact: their server hears that, and never why."""
    row = Contact.objects.select_related("asker", "recipient", "request").get(pk=contact)
    sides = _sides(row)
    if sides and (inner := _our_name(row)):
        by, other = sides
        outbox.send(by, {"type": "Undo", **_about(other, inner)}, to=[actors.of(other)], key=f"undo:{inner['id']}")


@jobs.handles("lift-leaves")
def send_lift(contact: int) -> None:
    """The quiet period of somebody elsewhere has ended early."""
    row = Contact.objects.select_related("asker", "recipient", "request").get(pk=contact)
    sides = _sides(row)
    if sides and row.lifted_at and (inner := _our_name(row)):
        by, other = sides
        inner["endTime"] = rfc3339.write(row.lifted_at)
        key = f"lift:{inner['id']}:{inner['endTime']}"
        outbox.send(by, {"type": "Update", **_about(other, inner)}, to=[actors.of(other)], key=key)


@jobs.handles("renewal-leaves")
def send_renewal(contact: int) -> None:
    """Moderators here have decided that somebody elsewhere keeps quiet again, or no longer: their server hears until
    when, so that what we would not take is not written there."""
    row = Contact.objects.select_related("asker", "recipient", "request").get(pk=contact)
    sides = _sides(row)
    if sides and (inner := _our_name(row)):
        by, other = sides
        bound = row.quiet_of(other)
        inner["endTime"] = rfc3339.write(bound.until if bound else clock.now())
        key = f"renewed:{inner['id']}:{inner['endTime']}"
        outbox.send(by, {"type": "Update", **_about(other, inner)}, to=[actors.of(other)], key=key)


jobs.listen("quiet-renewed", "renewal-leaves")
jobs.listen("request-for-elsewhere", "request-leaves")
jobs.listen("request-withdrawn", "withdrawal-leaves")
jobs.listen("request-accepted", "acceptance-leaves")
jobs.listen("contact-ended", "ending-leaves")
jobs.listen("quiet-lifted", "lift-leaves")


def offer(request: Request) -> str:
    """The request is on its way to the recipient's server; its name on the wire."""
    key, to = f"request:{request.public_id}", [actors.of(request.recipient)]
    made = outbox.send(request.asker, asking.offer(request), to=to, key=key)
    references.remember(made.uri, "request", request)
    return made.uri


def undo_offer(request: Request) -> None:
    """Withdrawn; or it was accepted when that was too late. Nothing, if it never left."""
    uri = references.ours("request", request)
    if uri:
        inner = {"id": uri, "type": "Offer"}
        activity = {"type": "Undo", **_about(request.recipient, inner)}
        outbox.send(request.asker, activity, to=[actors.of(request.recipient)], key=f"undo:{uri}")


def accept(contact: Contact, *, offer: str, by: Member, confirmed: dict[str, str] | None = None) -> None:
    """`by` has accepted the other's request of that name.

    `confirmed`: the facts of their entry, word for word: "yes, we were both there". `quiet` names who keeps quiet
    where that is not who made this request: both asked at once.
    """
    other = contact.asker if contact.recipient_id == by.pk else contact.recipient
    activity: Document = {"type": "Accept", "to": [addresses.actor(other)], "object": offer}
    activity |= {"confirmed": confirmed} if confirmed else {}
    activity |= {"quiet": addresses.actor(by)} if contact.asker_id == by.pk else {}
    made = outbox.send(by, activity, to=[actors.of(other)], key=f"accept:{offer}")
    references.remember(made.uri, "contact", contact)


def reject(offer: str, *, by: Member, to: Member) -> None:
    """The Offer was no request, or against the rules for all. Never sent for who was asked, or what they think."""
    activity = {"type": "Reject", "to": [addresses.actor(to)], "object": offer}
    outbox.send(by, activity, to=[actors.of(to)], key=f"reject:{offer}")


def _held(request: int) -> Request | None:
    """The request, locked: a withdrawal either comes before it leaves, or finds its name."""
    rows = Request.objects.select_for_update(of=["self"]).select_related("asker", "recipient__elsewhere")
    return rows.filter(pk=request).first()


def _confirmed(request: Request) -> dict[str, str] | None:
    said = Confirmation.objects.filter(source=request.public_id).exists()
    return asking.basis(request) if said else None


def _sides(contact: Contact) -> tuple[Member, Member] | None:
    """Who lives here and who elsewhere."""
    if contact.asker.host and not contact.recipient.host:
        return contact.recipient, contact.asker
    if contact.recipient.host and not contact.asker.host:
        return contact.asker, contact.recipient
    return None


def _our_name(contact: Contact) -> Document | None:
    """What the contact is called by a name of ours that their server knows: our Accept, else our Offer."""
    if uri := references.ours("contact", contact):
        offer = _their_offer(contact)
        return {"id": uri, "type": "Accept", **({"object": offer} if offer else {})}
    uri = references.ours("request", contact.request) if contact.request else ""
    return {"id": uri, "type": "Offer"} if uri else None


def _their_offer(contact: Contact) -> str:
    """What our Accept was about: of the two names a request has where both asked, the one that is theirs.

    Empty where it was about no request: a contact that went along when somebody moved."""
    if contact.request is None:
        return ""
    ours = references.ours("request", contact.request)
    return next((uri for uri in references.names_of("request", contact.request) if uri != ours), "")


def _about(other: Member, inner: Document) -> Document:
    return {"to": [addresses.actor(other)], "object": inner}

"""Asking a mutual contact elsewhere to vouch, and the word of one who lives here to a recipient elsewhere.

The asker's server learns nothing back: *no* and *I don't know them well enough* stay where they were said.
"""

from django.db import transaction

from accounts.models import Member
from foundation import jobs
from foundation.signing import Document
from network.contacts.models import Request, VouchAnswer, VouchQuestion
from network.federation import actors, addresses, asking, outbox, references, words
from network.federation.leaving import requests


@jobs.handles("vouch-question-leaves")
def send_question(question: int) -> None:
    """The voucher's server is asked; whether the question reaches them is decided there."""
    row = _found(question)
    if row is None or row.request.withdrawn_at or row.request.ended_at or not _knows_requests(row.request.recipient):
        return
    asker, voucher = row.request.asker, row.voucher
    activity = {"type": "Invite", "to": [addresses.actor(voucher)], **_invitation(row.request, voucher)}
    outbox.send(asker, activity, to=[actors.of(voucher)], key=f"vouch-question:{row.public_id}")


@jobs.handles("vouch-word-leaves")
def send_word(question: int) -> None:
    """The voucher's sentence goes to the recipient's server and nowhere else."""
    row = _found(question)
    if row is None or row.answer != VouchAnswer.VOUCH:
        return
    recipient = row.request.recipient
    invitation = {
        "type": "Invite",
        "actor": addresses.actor(row.request.asker),
        **_invitation(row.request, row.voucher),
    }
    activity = {"type": "Accept", "to": [addresses.actor(recipient)], "object": invitation}
    activity["content"] = words.as_html(row.sentence)
    to, key = [actors.of(recipient)], f"vouch-word:{row.public_id}"
    outbox.send(row.voucher, activity, to=to, key=key, proved=False)


jobs.listen("vouch-question-for-elsewhere", "vouch-question-leaves")
jobs.listen("vouch-for-elsewhere", "vouch-word-leaves")


def _found(question: int) -> VouchQuestion | None:
    rows = VouchQuestion.objects.select_related("voucher", "request__asker", "request__recipient")
    return rows.filter(pk=question).first()


def _knows_requests(recipient: Member) -> bool:
    """Nobody vouches with somebody whose server knows nothing of it."""
    return not recipient.host or recipient.elsewhere.speaks


def _invitation(request: Request, voucher: Member) -> Document:
    """Whom the asker invites to vouch, and for which request: its facts, without the note."""
    asker, recipient = addresses.actor(request.asker), addresses.actor(request.recipient)
    target = {
        "id": _name(request),
        "type": "Offer",
        "actor": asker,
        "object": asking.relationship(asker, recipient),
        "context": asking.basis(request),
    }
    return {"object": addresses.actor(voucher), "target": target}


@transaction.atomic
def _name(request: Request) -> str:
    """The request's name on the wire: its Offer's, or one it is given because its recipient lives here."""
    if request.recipient.host and not request.asker.host:
        return requests.offer(request)
    known = references.name_of("request", request)
    if not known:
        known = addresses.thing("request", request.public_id)
        references.remember(known, "request", request)
    return known

"""What becomes of requests between two servers: accepted, withdrawn, ended, the quiet period lifted.

Each is applied only to what its actor may speak of: an Accept to an Offer that we sent to that very actor (see
CVE-2025-30741), an Undo to what the actor did themselves. Anything else is refused and noted; nobody is told.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.dateparse import parse_datetime

from accounts.models import Member
from foundation import clock
from foundation.refusals import Forged
from network.contacts import answers, quiet, requests
from network.contacts.models import Answer, Contact, Request
from network.federation import asking, inbox, proved, references, tombstones, vocabulary
from network.federation.dispatch import Arrival, NotTheirs, Parked, understands
from network.federation.leaving import requests as leaving
from network.federation.models import Reference

SKEW = timedelta(minutes=5)
"""Between two clocks: an end that is further ahead has not come yet."""


@understands("Accept", of="request")
def accept(arrival: Arrival) -> bool:
    """The recipient of a request of ours has accepted it. Accepted when it was too late: they are told to end it."""
    request, by = _sent_to(arrival)
    if references.find(arrival.id):
        return True
    try:
        with transaction.atomic():
            contact = _accepted(arrival, request, by)
    except answers.Answered:
        leaving.undo_offer(request)
        return True
    references.remember(arrival.id, "contact", contact, owner=arrival.actor)
    inbox.look_again(arrival.object_uri)
    inbox.look_again(arrival.id)
    return True


def _accepted(arrival: Arrival, request: Request, by: Member) -> Contact:
    begun = Contact.objects.filter(request=request).first()
    if begun and request.answer == Answer.ACCEPTED:
        return begun
    keeps_quiet = arrival.activity.get("quiet") == arrival.actor.uri
    both_there = _says_both_there(arrival, request)
    return answers.accept(request, by=by, both_there=both_there, quiet_side=by if keeps_quiet else None)


def _says_both_there(arrival: Arrival, request: Request) -> bool:
    """Their word, signed by themselves, for exactly the facts that our member's request named."""
    if arrival.activity.get("confirmed") != asking.basis(request):
        return False
    try:
        proved.check(arrival.activity, by=arrival.actor)
    except Forged:
        return False
    return True


@understands("Reject", of="request")
def reject(arrival: Arrival) -> bool:
    """Their server took it for no request. To the asker nothing changes: else a Reject could be made to tell a no."""
    _sent_to(arrival)
    return True


@understands("Undo", of="request")
def undo_request(arrival: Arrival) -> bool:
    """Whoever made a request withdraws it, or ends the contact it has become."""
    by = _owner(arrival)
    request = Request.objects.select_related("asker", "recipient").get(pk=_known(arrival).row)
    contact = Contact.objects.select_related("asker", "recipient").filter(request=request).first()
    if contact:  # an older request of theirs does not end a younger contact
        quiet.end(contact, by=by)
    elif request.asker_id == by.pk:
        requests.withdraw(request, by=by)
    tombstones.bury(arrival.object_uri, by=arrival.actor)
    return True


@understands("Undo", of="contact")
def undo_contact(arrival: Arrival) -> bool:
    """Whoever accepted a request ends the contact."""
    by = _owner(arrival)
    contact = Contact.objects.select_related("asker", "recipient").get(pk=_known(arrival).row)
    quiet.end(contact, by=by)
    tombstones.bury(arrival.object_uri, by=arrival.actor)
    return True


@understands("Update", of="contact")
@understands("Update", of="request")
def lift(arrival: Arrival) -> bool:
    """One side ends the other's quiet period early; or their server says until when it lasts, renewed by moderators."""
    by, known = _owner(arrival), _known(arrival)
    row = {"request": known.row} if known.kind == "request" else {"pk": known.row}
    contact = Contact.objects.select_related("asker", "recipient").filter(**row).first()
    if contact is None or not (isinstance(arrival.object, dict) and arrival.object.get("endTime")):
        return False
    until = _moment(arrival.object["endTime"])
    if until and until > clock.now() + SKEW:
        quiet.bind(contact, by=by, until=until)
    else:
        quiet.lift(contact, by=by)
    return True


def _moment(text: object) -> datetime | None:
    try:
        found = parse_datetime(str(text)[:40])
    except ValueError:
        return None
    return found if found and found.tzinfo else None


@understands("Undo", of="Accept")
@understands("Update", of="Accept")
def wait_for_accept(arrival: Arrival) -> bool:
    """About an acceptance that is still on its way."""
    offer = references.find(vocabulary.uri_of(arrival.object.get("object")), "request")
    request = Request.objects.filter(pk=offer.row).first() if offer and offer.owner is None else None
    if request is None or arrival.actor.member is None or request.recipient_id != arrival.actor.member.pk:
        return False
    raise Parked(arrival.object_uri)


@understands("Undo", of="Offer")
@understands("Undo")
def undo_unknown(arrival: Arrival) -> bool:
    """Ended before it came: when it comes it has no effect. Other things than requests are left to their rooms."""
    if isinstance(arrival.object, dict) and arrival.object.get("type") != "Offer":
        return False
    known = references.find(arrival.object_uri)
    return known is None and tombstones.bury(arrival.object_uri, by=arrival.actor)


def _sent_to(arrival: Arrival) -> tuple[Request, Member]:
    """Our request and its recipient, who is the actor; else `NotTheirs`."""
    known, by = _known(arrival), arrival.actor.member
    request = Request.objects.select_related("asker", "recipient").get(pk=known.row)
    if known.owner is not None or by is None or request.recipient_id != by.pk:
        raise NotTheirs
    return request, by


def _owner(arrival: Arrival) -> Member:
    """The actor, whose name for the thing it is; else `NotTheirs`."""
    known, by = _known(arrival), arrival.actor.member
    if by is None or known.owner is None or known.owner.pk != arrival.actor.pk:
        raise NotTheirs
    return by


def _known(arrival: Arrival) -> Reference:
    found = references.find(arrival.object_uri)
    if found is None:  # it was there when the room was chosen
        raise NotTheirs
    return found

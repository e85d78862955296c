"""Somebody is gone from their server: nothing between them and people here goes on. What was signed stays signed."""

from django.db import transaction
from django.db.models import Q

from accounts import ties
from accounts.models import Member
from network.contacts import follows, quiet, requests
from network.contacts.models import Follow, Request
from vetting import contexts


@transaction.atomic
def depart(gone: Member) -> None:
    """Contacts, follows and waiting requests of theirs end, and they lend nothing any more. Twice is once."""
    known = set(ties.contact_ids(gone)) | contexts.confirmed_with(gone)
    for contact in list(quiet.of(gone)):
        quiet.end(contact, by=gone)
    for row in Follow.objects.filter(Q(follower=gone) | Q(followed=gone), ended_at=None).select_related():
        follows.end(row.follower, row.followed, by=gone)
    for request in Request.objects.filter(asker=gone, ended_at=None):
        requests.withdraw(request, by=gone)
    for other in Member.objects.filter(pk__in=known).order_by("pk"):
        contexts.severed(gone, other)

"""Somebody is gone from their server: nothing between them and people here goes on. What was signed stays signed.

Of somebody who has left this one, the words are erased as well: their requests stay as bare rows.
"""

from django.db import transaction
from django.db.models import Q

from accounts import ties
from accounts.models import Member
from foundation import clock
from network.contacts import follows, quiet, requests
from network.contacts.models import Follow, Invitation, KeepQuestion, Request, VouchQuestion
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


@transaction.atomic
def erase(left: Member) -> None:
    """What a member of this server wrote in this wing is erased, after all of theirs has ended. Twice is once."""
    if left.left_at is None:
        return
    depart(left)
    now = clock.now()
    asked = Request.objects.filter(asker=left)
    asked.filter(ended_at=None).update(ended_at=now, withdrawn_at=now)
    asked.update(note="", snapshot={}, reasons=[], question="", reply="", met_how="", met_at=None)
    Request.objects.filter(recipient=left).update(reasons=[], question="", met_how="", met_at=None)
    VouchQuestion.objects.filter(Q(voucher=left) | Q(request__asker=left)).update(sentence="")
    Invitation.objects.filter(inviter=left, spent_at=None, expires_at__gt=now).update(expires_at=now)
    Invitation.objects.filter(inviter=left).update(label="")
    waiting = KeepQuestion.objects.filter(Q(member=left) | Q(other=left) | Q(before=left), answered_at=None)
    waiting.update(answered_at=now, kept=False)

"""Blocking: nothing of the other reaches me any more, and they are never told."""

from django.db import transaction

from accounts import ties
from accounts.models import Member
from network.contacts import follows, quiet, requests
from network.contacts.models import Answer, Request, Whereabouts
from vetting import contexts, vouches


@transaction.atomic
def block(blocker: Member, other: Member) -> None:
    """A contact ends; their waiting request goes nowhere and still reads "sent" to them; mine to them is withdrawn.

    I follow them no more. That they follow me stays as they see it, and brings them nothing (`follows.followers_of`).
    """
    if blocker.pk == other.pk:
        return
    ties.lock(blocker, other)
    ties.block(blocker, other)
    contact = quiet.between(blocker, other)
    if contact:
        quiet.end(contact, by=blocker)
    follows.end(blocker, other)
    vouches.withdraw_all(blocker, other)
    contexts.severed(blocker, other)
    Request.objects.filter(asker=other, recipient=blocker, answer=Answer.NONE).update(whereabouts=Whereabouts.NOWHERE)
    for mine in Request.objects.filter(asker=blocker, recipient=other, ended_at=None):
        requests.withdraw(mine, by=blocker)


@transaction.atomic
def unblock(blocker: Member, other: Member) -> None:
    """What was swallowed stays swallowed; from now on the other is a member like any."""
    ties.unblock(blocker, other)

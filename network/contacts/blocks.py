"""Blocking: nothing of the other reaches me any more, and they are never told."""

from django.db import transaction

from accounts import ties
from accounts.models import Member
from foundation import clock
from network.contacts import quiet
from network.contacts.models import Answer, Request, Whereabouts
from vetting import contexts, vouches


@transaction.atomic
def block(blocker: Member, other: Member) -> None:
    """A contact ends; their waiting request goes nowhere and still reads "sent" to them; mine to them is withdrawn."""
    if blocker.pk == other.pk:
        return
    ties.lock(blocker, other)
    ties.block(blocker, other)
    contact = quiet.between(blocker, other)
    if contact:
        quiet.end(contact, by=blocker)
    vouches.withdraw_all(blocker, other)
    contexts.severed(blocker, other)
    Request.objects.filter(asker=other, recipient=blocker, answer=Answer.NONE).update(whereabouts=Whereabouts.NOWHERE)
    mine = Request.objects.filter(asker=blocker, recipient=other, ended_at=None)
    mine.update(withdrawn_at=clock.now(), ended_at=clock.now())


@transaction.atomic
def unblock(blocker: Member, other: Member) -> None:
    """What was swallowed stays swallowed; from now on the other is a member like any."""
    ties.unblock(blocker, other)

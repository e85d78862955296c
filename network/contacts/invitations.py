"""Invitations: a link handed to a person one knows. Whoever spends it is a confirmed contact of the inviter."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import people, ties
from accounts.models import Member
from foundation import clock, wording
from foundation.refusals import NotThere, TooOften
from network.contacts import quiet
from network.contacts.models import Contact, Invitation
from vetting import contexts
from vetting.models import ConfirmationKind

TOKEN_BYTES = 24
"""192 random bits; product.md asks for at least 128."""


class InvitationGone(NotThere):
    code = "invitation-gone"
    message = _("This invitation has been used, has run out, or never was. Ask for a new one.")


class EnoughInvitations(TooOften):
    code = "invitations-open"
    message = _("You have %(limit)d invitations out that nobody has used yet. Wait until one is used or runs out.")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make(inviter: Member, *, label: str = "") -> tuple[Invitation, str]:
    """A new invitation and its token, which is shown this once and kept nowhere."""
    people.check_may_act(inviter)
    ties.lock(inviter)
    limit = settings.INVITATIONS_OPEN
    if Invitation.objects.filter(inviter=inviter, spent_at=None, expires_at__gt=clock.now()).count() >= limit:
        raise EnoughInvitations(limit=limit)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        inviter=inviter,
        label=" ".join(wording.clean(label).split())[:80],
        token_hash=_hash(token),
        made_at=clock.now(),
        expires_at=clock.now() + timedelta(days=settings.INVITATION_DAYS),
    )
    return invitation, token


def find(token: str) -> Invitation:
    """The invitation that this token can still spend; raises `InvitationGone` for everything else alike."""
    found = Invitation.objects.filter(token_hash=_hash(token), spent_at=None, expires_at__gt=clock.now())
    invitation = found.select_related("inviter").first()
    if invitation is None:
        raise InvitationGone
    return invitation


@transaction.atomic
def spend(token: str, *, by: Member) -> Contact:
    """The two are confirmed contacts; the inviter counts as the side that asked. Of many at once one gets it."""
    people.check_may_act(by)
    invitation = find(token)
    if invitation.inviter_id == by.pk:
        raise InvitationGone
    ties.lock(invitation.inviter, by)
    unspent = Invitation.objects.filter(pk=invitation.pk, spent_at=None, expires_at__gt=clock.now())
    if not unspent.update(spent_at=clock.now(), spent_by=by):
        raise InvitationGone
    contact = quiet.begin(asker=invitation.inviter, recipient=by)
    contexts.confirm(invitation.inviter, by, kind=ConfirmationKind.INVITED, source=invitation.public_id)
    ties.met(invitation.inviter, by, how="invitation")
    return contact


@transaction.atomic
def call_back(invitation: Invitation, *, by: Member) -> None:
    """The inviter's unused link works no longer."""
    if invitation.inviter_id != by.pk:
        raise InvitationGone
    Invitation.objects.filter(pk=invitation.pk, spent_at=None).update(expires_at=clock.now())

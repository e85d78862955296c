"""How long this floor keeps what: rules for the nightly job."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from accounts import leaving, tokens
from accounts.models import Account, AddressChange, Export, Lookup, RestingHandle
from foundation import clock, retention


@retention.keeps(
    "sign-ups", setting="UNCONFIRMED_DAYS", what=_("Sign-ups that nobody confirmed, with what was written")
)
def forget_unconfirmed(before: datetime) -> None:
    """Their handle is free again."""
    Account.objects.filter(member__confirmed_at=None, member__joined_at__lt=before, is_staff=False).delete()


@retention.keeps("addresses", setting="ADDRESS_UNDO_DAYS", what=_("Your address of before a change, sealed"))
def forget_addresses(before: datetime) -> None:
    """No letter undoes the change any more."""
    AddressChange.objects.filter(changed_at__lt=before).delete()


@retention.keeps("handles", setting="LEFT_HANDLE_DAYS", what=_("The handle of somebody who has left"))
def forget_handles(before: datetime) -> None:
    leaving.forget_handles(before)


@retention.keeps("resting", setting="HANDLE_RESTS_DAYS", what=_("A mark that keeps such a handle from others"))
def forget_rest(before: datetime) -> None:
    RestingHandle.objects.filter(until__lt=before + timedelta(days=settings.HANDLE_RESTS_DAYS)).delete()


@retention.keeps("sessions", setting="SESSION_DAYS", what=_("Where you were signed in, after you last were"))
def forget_sessions(before: datetime) -> None:
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    UserSession.objects.filter(last_seen_at__lt=before).exclude(session_key__in=Session.objects.values("pk")).delete()


@retention.keeps("tokens", setting="TOKEN_ENDED_DAYS", what=_("Tokens for programs, after they ended"))
def forget_tokens(before: datetime) -> None:
    tokens.forget()


@retention.keeps("lookups", setting="LOOKUP_DAYS", what=_("Addresses on other servers that somebody looked for"))
def forget_lookups(before: datetime) -> None:
    Lookup.objects.filter(asked_at__lt=before).delete()


@retention.keeps(
    "exports", setting="EXPORT_DAYS", what=_("What you asked to take along, sealed, if you did not fetch it")
)
def forget_exports(before: datetime) -> None:
    Export.objects.filter(asked_at__lt=before).delete()

"""The address a member signs in with: changed by a letter to the new one, undone by a letter to the old one.

For ADDRESS_UNDO_DAYS whoever reads mail at the old address can take the account back without signing in: a thief who
has changed everything else cannot change that.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AddressChange, Token
from accounts.models.sign_in import where_address
from foundation import audit, clock, letters, sealing
from foundation.refusals import Conflict, NotThere

KIND = "address-changed"
SUBJECT = _("Your address here was changed")
TOKEN_BYTES = 32
LOOKS_BACK = timedelta(days=1)
"""Second factors made so long before the change, or since, go with it (docs/decisions/0062)."""


class UndoOver(NotThere):
    code = "address-undo-over"
    message = _("This link was used, or it is older than %(days)d days.")


class AddressElsewhere(Conflict):
    code = "address-elsewhere"
    message = _("That address belongs to another account here meanwhile. Write to those who run this server.")


def is_free(address: str, *, account: Account) -> bool:
    """Whether the account may have that address: nobody else has confirmed it."""
    others = EmailAddress.objects.filter(email__iexact=address, verified=True).exclude(user=account)
    held = Account.objects.filter(email__iexact=address).exclude(pk=account.pk)
    return not others.exists() and not held.exclude(member__confirmed_at=None).exists()


def make_room(address: str, *, account: Account) -> None:
    """Sign-ups that were waiting for that address are gone: who reads mail there has just said which account is theirs.

    Call it inside a transaction.
    """
    waiting = Account.objects.filter(email__iexact=address, member__confirmed_at=None, is_staff=False)
    waiting.exclude(pk=account.pk).delete()


@transaction.atomic
def changed(account: Account, before: str) -> None:
    """`account` has another address than `before` now, and before's mailbox gets the letter that can undo it."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    change = AddressChange(account=account, token_hash=_hash(token), changed_at=clock.now())
    change.before = sealing.seal(before.encode(), where=where_address(change))
    change.save()
    audit.note(f"account:{account.pk}", "changed-address", f"account:{account.pk}")
    member = getattr(account, "member", None)
    link = settings.SITE_URL + reverse("address_undo", args=[token])
    values = {"link": link, "days": settings.ADDRESS_UNDO_DAYS, "site": settings.SITE_NAME}
    with translation.override(member.language if member else translation.get_language()):
        letters.write(before, str(SUBJECT), render_to_string("mail/address_changed.txt", values), kind=KIND)


def to_undo(token: str) -> AddressChange:
    """The change that this link can undo. Raises `UndoOver`, alike for unknown, used and old ones."""
    since = clock.now() - timedelta(days=settings.ADDRESS_UNDO_DAYS)
    rows = AddressChange.objects.filter(token_hash=_hash(token), undone_at=None, changed_at__gt=since)
    change = rows.select_related("account").first()
    if change is None:
        raise UndoOver(days=settings.ADDRESS_UNDO_DAYS)
    return change


@transaction.atomic
def undo(token: str) -> Account:
    """The account has its old address alone, no password, session or token, and no factor that came with the change.

    Later changes cannot be undone any more, so that a thief's own letter is worth nothing. Raises `UndoOver`,
    `AddressElsewhere`.
    """
    account = Account.objects.select_for_update().get(pk=to_undo(token).account_id)
    change = to_undo(token)
    before = sealing.open_(change.before, where=where_address(change)).decode()
    if not is_free(before, account=account):
        raise AddressElsewhere
    make_room(before, account=account)
    later = AddressChange.objects.filter(account=account, changed_at__gte=change.changed_at)
    later.update(undone_at=clock.now())
    _lock_out(account, since=change.changed_at - LOOKS_BACK)
    EmailAddress.objects.filter(user=account).delete()
    EmailAddress.objects.create(user=account, email=before, verified=True, primary=True)
    account.email = before
    account.save(update_fields=["email", "password"])
    audit.note(f"account:{account.pk}", "took-account-back", f"account:{account.pk}")
    return account


def _lock_out(account: Account, *, since: datetime) -> None:
    account.set_unusable_password()  # ends every session as well, whoever holds it: their hash covers the password
    Authenticator.objects.filter(user=account, created_at__gte=since).delete()
    Token.objects.filter(member__account=account, revoked_at=None).update(revoked_at=clock.now())
    end_sessions(account)


def end_sessions(account: Account) -> None:
    """Nobody is signed in to the account any more."""
    rows = UserSession.objects.filter(user=account)
    Session.objects.filter(pk__in=list(rows.values_list("session_key", flat=True))).delete()
    rows.delete()


def path_to_new_password(account: Account) -> str:
    """Where the account's new password is chosen: once."""
    key = default_token_generator.make_token(account)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(account), key])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


audit.worded(
    {
        "changed-address": _("changed the address to sign in with"),
        "took-account-back": _("took an account back through the old address"),
    }
)

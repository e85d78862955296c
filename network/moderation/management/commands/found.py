"""`manage.py found --email ADDRESS`: the first moderator, who is an anchor, too. `--dismiss ADDRESS` takes it back."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import signup
from accounts.models import Account, Member
from foundation import letters
from foundation.refusals import Refusal
from network.moderation import moderators


class Command(BaseCommand):
    help = (
        "Make the member with this address a moderator and an anchor. Without an account, one is made,"
        " and a letter with a link to set the password is sent. With --dismiss, the member moderates no more."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--email", help="of the member who is to moderate")
        who.add_argument("--dismiss", metavar="EMAIL", help="of the moderator who is to moderate no more")
        parser.add_argument("--handle", help="for a new account; otherwise made from the address")
        parser.add_argument("--name", help="for a new account; otherwise the handle")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        dismissed = options["dismiss"] is not None
        email = (options["dismiss"] if dismissed else options["email"]).strip().lower()
        try:
            with transaction.atomic(), translation.override(options["language"]):
                member = _dismiss(email) if dismissed else _appoint(email, options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        what = "moderates no more" if dismissed else f"moderates {settings.SITE_HOST} and is an anchor"
        self.stdout.write(f"{member} {what}.")


def _appoint(email: str, options: dict[str, Any]) -> Member:
    member = _member(email) or _new(email, options)
    moderators.appoint(member)
    return member


def _dismiss(email: str) -> Member:
    member = _member(email)
    if member is None:
        raise CommandError("Nobody here has this address.")
    moderators.dismiss(member)
    return member


def _member(email: str) -> Member | None:
    """The member of that address; one who has not confirmed it yet cannot be appointed (`NotToBeAppointed`)."""
    return Member.objects.filter(account__email__iexact=email).select_related("account").first()


def _new(email: str, options: dict[str, Any]) -> Member:
    """An account without a password, confirmed on the operator's word, and the letter to set one."""
    account = Account.objects.filter(email__iexact=email).first() or Account.objects.create_user(email)
    EmailAddress.objects.get_or_create(user=account, email=email, defaults={"verified": True, "primary": True})
    handle = options["handle"] or _handle(email)
    member = signup.join(account, handle=handle, name=options["name"] or handle.replace("_", " ").title())
    signup.confirm(member)
    _write(account)
    return member


def _handle(email: str) -> str:
    """What stands before the @, as far as a handle may hold it; with a number where that is taken or too short."""
    stem = "".join(sign for sign in email.partition("@")[0] if sign.isascii() and sign.isalnum())[:27] or "founder"
    for handle in (stem, *(f"{stem}_{number}" for number in range(1, 100))):
        try:
            return signup.check_handle(handle)
        except Refusal:
            continue
    raise CommandError("No handle could be made from the address: give one with --handle.")


def _write(account: Account) -> None:
    key = default_token_generator.make_token(account)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(account), "key": key})
    text = _("You moderate %(site)s. Set your password here:") % {"site": settings.SITE_NAME}
    subject = _("Welcome to %(site)s") % {"site": settings.SITE_NAME}
    letters.write(account.email, subject, f"{text}\n\n{settings.SITE_URL}{path}\n", kind="founded")

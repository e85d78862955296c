"""What django-allauth asks of the house: letters are rows sent by a job, so that time tells nothing (threat 17)."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from accounts import addresses, signup
from accounts.models import Account
from foundation import letters, ratelimit


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Renders as allauth does, then writes a sealed letter instead of speaking to the mail server."""
        ours = {name: self._at_home(value) for name, value in context.items()}
        message = self.render_mail(template_prefix, email, {**ours, "email": email})
        html = next((body for body, kind in getattr(message, "alternatives", []) if kind == "text/html"), None)
        letters.write(
            email, str(message.subject), str(message.body), html=html, kind=template_prefix.rsplit("/", 1)[-1]
        )

    def _at_home(self, value: Any) -> Any:
        """A link as it leads to this server under its own name, whatever host the request came to (threat 46)."""
        asked = self.request.build_absolute_uri("/") if self.request else ""
        if asked and isinstance(value, str) and value.startswith(asked):
            return f"{settings.SITE_URL}/{value.removeprefix(asked)}"
        return value

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts a try by (account, address of the browser), never by account alone: nobody locks out another.

        Raises `TooMany`; without Redis `NotNow`.
        """
        who = f"{str(credentials.get('email', '')).lower()} {self.get_client_ip(request)}"
        ratelimit.hit("sign-in", who, limit=settings.SIGN_INS_PER_5_MINUTES, per_s=300)
        super().pre_authenticate(request, **credentials)

    @transaction.atomic
    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """A confirmed address makes the member exist for others; in place of another, that one can undo it."""
        account: Account = email_address.user
        before, after = account.email, email_address.email
        if not addresses.is_free(after, account=account):
            return False
        addresses.make_room(after, account=account)
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed and before.lower() != after.lower():
            addresses.changed(account, before)
        if confirmed and hasattr(account, "member"):
            signup.confirm(account.member)
        return confirmed

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """Whether an address is taken is told by letter, to whoever reads it there, and nowhere else."""
        wanted = emailconfirmation.email_address
        if signup or addresses.is_free(wanted.email, account=wanted.user):
            super().send_confirmation_mail(request, emailconfirmation, signup)
        else:
            self.send_mail("account/email/address_taken", wanted.email, {})

    def send_notification_mail(self, template_prefix: str, user: Account, *args: Any, **kwargs: Any) -> None:
        """Of a new address the old one hears by a letter of ours, which can undo it (`addresses.changed`)."""
        if template_prefix != "account/email/email_changed":
            super().send_notification_mail(template_prefix, user, *args, **kwargs)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Allauth's messages, except those that only repeat what the page shows."""
        if level >= messages.SUCCESS:
            super().add_message(request, level, *args, **kwargs)

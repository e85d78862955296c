"""What django-allauth asks of the house: letters are rows sent by a job, so that time tells nothing (threat 17)."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from accounts import signup
from accounts.models import Account
from foundation import letters


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Renders as allauth does, then writes a sealed letter instead of speaking to the mail server."""
        message = self.render_mail(template_prefix, email, {**context, "email": email})
        html = next((body for body, kind in getattr(message, "alternatives", []) if kind == "text/html"), None)
        letters.write(
            email, str(message.subject), str(message.body), html=html, kind=template_prefix.rsplit("/", 1)[-1]
        )

    @transaction.atomic
    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """A confirmed address makes the member exist for others."""
        confirmed: bool = super().confirm_email(request, email_address)
        account: Account = email_address.user
        if confirmed and hasattr(account, "member"):
            signup.confirm(account.member)
        return confirmed

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Allauth's messages, except those that only repeat what the page shows."""
        if level >= messages.SUCCESS:
            super().add_message(request, level, *args, **kwargs)

"""Second factors: what allauth checks them with is sealed here, and the moderators' panel asks for a fresh one.

A factor is a passkey, a security key, or an authenticator app; recovery codes stand in for a lost one.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Account, FactorSecret
from accounts.models.people import where_factor
from foundation import clock, sealing

SEEN, BEGUN = "panel_seen", "panel_begun"


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    def encrypt(self, text: str) -> str:
        """The name of a sealed secret, to be kept in its place."""
        secret = FactorSecret()
        secret.sealed = sealing.seal(text.encode(), where=where_factor(secret))
        secret.save(force_insert=True)
        return str(secret.pk)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret of that name. Raises `FactorSecret.DoesNotExist`, `sealing.Broken`."""
        secret = FactorSecret.objects.get(pk=UUID(encrypted_text))
        return sealing.open_(secret.sealed, where=where_factor(secret)).decode()


def missing_for_panel(request: HttpRequest) -> str:
    """Where a moderator has to go before the panel opens: to set up a second factor, or to show it once more.

    Shown at most 15 minutes before entering, it holds while the panel is used: an hour without a page ends it, and so
    do eight hours (security.md, threat 28 and Accounts). "" if nothing is missing, and always on a laptop.
    """
    if not settings.PANEL_NEEDS_FACTOR:
        return ""
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    if not kinds & {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}:
        return reverse("mfa_index")
    now = clock.now().timestamp()
    if not _is_inside(request, now):
        shown = _last_shown(request)
        if now - shown > timedelta(minutes=settings.PANEL_ENTER_MINUTES).total_seconds():
            return _show_it_again(request, kinds)
        request.session[BEGUN] = shown
    request.session[SEEN] = now
    return ""


def _is_inside(request: HttpRequest, now: float) -> bool:
    """The panel was entered with a factor, has been used lately, and not for too long."""
    idle = now - float(request.session.get(SEEN, 0))
    whole = now - float(request.session.get(BEGUN, 0))
    most_idle = timedelta(minutes=settings.PANEL_IDLE_MINUTES)
    most_whole = timedelta(hours=settings.PANEL_HOURS)
    return idle <= most_idle.total_seconds() and whole <= most_whole.total_seconds()


def _last_shown(request: HttpRequest) -> float:
    """When this session last showed a second factor, in seconds since 1970; 0 if never."""
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return max((float(one["at"]) for one in records if one.get("method") == "mfa"), default=0.0)


def _show_it_again(request: HttpRequest, kinds: set[str]) -> str:
    by_key = Authenticator.Type.WEBAUTHN in kinds
    page = reverse("mfa_reauthenticate_webauthn" if by_key else "mfa_reauthenticate")
    return f"{page}?{urlencode({'next': request.get_full_path()})}"


def forget_of(account: Account) -> None:
    """The account has no second factor any more, and what they were checked with is gone with them."""
    rows = Authenticator.objects.filter(user=account)
    FactorSecret.objects.filter(pk__in=_named(rows.values_list("data", flat=True))).delete()
    rows.delete()


def forget_secrets() -> int:
    """Secrets that no factor names any longer are gone; how many."""
    named = _named(Authenticator.objects.values_list("data", flat=True))
    old = FactorSecret.objects.filter(made_at__lt=clock.now() - timedelta(days=1))
    return old.exclude(pk__in=named).delete()[0]


def _named(kept: Iterable[dict[str, Any]]) -> list[UUID]:
    """Secrets that factors with this data name."""
    return [UUID(name) for data in kept for name in (data.get("secret"), data.get("seed")) if name]

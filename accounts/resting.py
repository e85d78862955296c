"""Handles of those who have left rest for a while, so that nobody is taken for them. Only an HMAC is kept."""

from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import RestingHandle
from foundation import clock

SALT = "accounts.resting-handle"


def rest(look: str, *, until: datetime) -> None:
    """Nobody takes a handle that looks like it before then."""
    RestingHandle.objects.update_or_create(mark=_mark(look, settings.SECRET_KEY), defaults={"until": until})


def rests(look: str) -> bool:
    """Whether a handle of that look rests now, put to rest under this secret key or an earlier one."""
    marks = [_mark(look, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return RestingHandle.objects.filter(mark__in=marks, until__gt=clock.now()).exists()


def _mark(look: str, key: str) -> str:
    return salted_hmac(SALT, look, secret=key, algorithm="sha256").hexdigest()

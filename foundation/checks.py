"""What must hold before the house opens."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from foundation import rotation, sealing


@register()
def the_ring_is_readable(**_options: Any) -> list[CheckMessage]:
    """SEALING_KEYS can be read; otherwise nothing can be sealed or opened."""
    try:
        sealing.keyring()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="foundation.E001")]
    return []


@register(Tags.database)
def no_key_is_lost(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Every key that sealed texts need is in the ring. Asked by `migrate` and `check --database default`."""
    if not databases:
        return []
    try:
        lost = rotation.lost_keys()
    except (DatabaseError, ImproperlyConfigured):  # no tables yet, or the check above says it
        return []
    return [Error(str(sealing.KeyLost(kid)), id="foundation.E002") for kid in sorted(lost)]

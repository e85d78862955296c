"""Moments as signed documents write them: UTC, whole seconds, `2026-11-22T09:30:00Z` and nothing else (RFC 3339, 5.6).

One moment has one text, so two documents that say the same are the same bytes.
"""

import re
from datetime import UTC, datetime

_EXACT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_FORM = "%Y-%m-%dT%H:%M:%SZ"


def write(moment: datetime) -> str:
    """An aware moment; fractions of its second are cut off."""
    return moment.astimezone(UTC).strftime(_FORM)


def read(text: object) -> datetime:
    """The aware moment that `write` wrote; ValueError for any other way to say it, and for what is no moment."""
    if not isinstance(text, str) or not _EXACT.fullmatch(text):
        raise ValueError("not a moment in UTC with whole seconds")
    return datetime.strptime(text, _FORM).replace(tzinfo=UTC)

"""A request as it came over the wire: every header line by itself, nothing joined, nothing decoded. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import http_sf
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.refusals import Forged, Invalid

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(
    rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ([0-9]{{2}}) ({'|'.join(MONTHS)}) ([0-9]{{4}}) "
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT"
)
_BEGINS_TARGET = re.compile(r"[/?]")
LINE_MAX = 8192
"""Characters of a header line that is read here; web servers allow 4 to 16 KiB."""


class Malformed(Invalid):
    """It cannot be read in one way only."""

    code = "malformed"
    message = _("That is not a request that can be read.")


class Unproven(Forged):
    """It is not shown to be its author's. One answer for all reasons: a forger learns nothing."""

    code = "unproven"
    message = _("The signature does not show who sent this.")


@dataclass(frozen=True)
class Claim:
    """What a request says of its own signature, after everything but the signature itself has been checked.

    It was made by `key_id`'s key over one of the `bases`: more than one where signers disagree how it is written.
    """

    key_id: str
    signature: bytes
    bases: tuple[bytes, ...]


@dataclass(frozen=True)
class Knock:
    """`target` is path and query as they stand in the request line; `host` is what the Host header says; the
    scheme is the house's: behind a proxy the request itself does not know.

    `headers` holds every line that came in, in its order; names may have any case.
    """

    method: str
    target: str
    host: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    at: datetime
    scheme: str = field(default_factory=lambda: urlsplit(settings.SITE_URL).scheme)

    @property
    def line(self) -> str:
        """`target`, if it is one that can be signed; else `Malformed`."""
        if not self.target.startswith("/") or not printable(self.target) or " " in self.target:
            raise Malformed
        return self.target

    def lines(self, name: str) -> list[str]:
        """The values of all header lines of that name (in lower case)."""
        return self._by_name.get(name, [])

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key, value in self.headers:
            found.setdefault(key.lower(), []).append(value)
        return found

    def only(self, name: str) -> str | None:
        """The value of a header that is there once, None if it is not. Raises `Malformed` if it is there twice."""
        found = self.lines(name)
        if len(found) > 1:
            raise Malformed
        return found[0].strip(" \t") if found else None

    def field(self, name: str) -> str:
        """The header as both standards sign it: its lines, trimmed, joined by comma and blank.

        Raises `Unproven` if it is not there: what is not there cannot have been signed; `Malformed` for a value that
        would look like another line of what is signed.
        """
        found = [value.strip(" \t") for value in self.lines(name)]
        if not found:
            raise Unproven
        joined = ", ".join(found)
        if not printable(joined.replace("\t", " ")):
            raise Malformed
        return joined

    def in_time(self, moment: datetime) -> None:
        """Nothing, if a request made then may arrive now (`SIGNATURE_PAST_S`, `SIGNATURE_FUTURE_S`); else `Unproven`.

        Both ends are let in.
        """
        past, future = timedelta(seconds=settings.SIGNATURE_PAST_S), timedelta(seconds=settings.SIGNATURE_FUTURE_S)
        if not self.at - past <= moment <= self.at + future:
            raise Unproven


def parts(url: str) -> tuple[str, str, str]:
    """Scheme, authority and target (path and query) of an address, character for character as a request has them."""
    scheme, _, rest = url.partition("#")[0].partition("://")
    authority = _BEGINS_TARGET.split(rest, maxsplit=1)[0]
    target = rest[len(authority) :]
    return scheme, authority, target if target.startswith("/") else f"/{target}"


def printable(text: str) -> bool:
    """Whether the text is one line of visible ASCII, short enough to be a header's."""
    return len(text) <= LINE_MAX and text.isascii() and text.isprintable()


def date(text: str) -> datetime:
    """The moment a Date header says (RFC 9110, 5.6.7, IMF-fixdate); else `Unproven`."""
    found = _DATE.fullmatch(text)
    if not found:
        raise Unproven
    day, month, year, hour, minute, second = found.groups()
    try:
        return datetime(int(year), 1 + MONTHS.index(month), int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    except ValueError:
        raise Unproven from None


def moment(seconds: int) -> datetime:
    """The moment so many seconds after 1970; `Unproven` where no calendar reaches."""
    if not 0 <= seconds < 2**33:
        raise Unproven
    return datetime.fromtimestamp(seconds, UTC)


def dictionary(text: str) -> dict[str, Any]:
    """The members of a structured dictionary with their parameters (RFC 9651, 3.2), each named once; else `Unproven`.

    `http_sf` keeps neither promise: of two equal names it takes the last, and a date may be beyond every calendar.
    """
    if not printable(text.replace("\t", " ")):
        raise Unproven
    try:
        found = http_sf.parse(text.encode("ascii"), tltype="dictionary", on_duplicate_key=_twice)
    except (http_sf.StructuredFieldError, ValueError, OverflowError, OSError):
        raise Unproven from None
    assert isinstance(found, dict)
    return found


def _twice(key: str, context: str) -> None:
    raise Unproven

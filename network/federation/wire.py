"""A request as it came over the wire: every header line by itself, nothing joined, nothing decoded. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.refusals import Forged, Invalid

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
class Knock:
    """`target` is path and query as they stand in the request line; `host` is what the Host header says.

    `headers` holds every line that came in, in its order; names may have any case.
    """

    method: str
    target: str
    host: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    at: datetime

    @property
    def scheme(self) -> str:
        """What the house is called by: behind a proxy the request itself does not know."""
        return urlsplit(settings.SITE_URL).scheme

    def lines(self, name: str) -> list[str]:
        """The values of all header lines of that name (in lower case)."""
        return [value for key, value in self.headers if key.lower() == name]

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
        if len(joined) > LINE_MAX or not joined.replace("\t", " ").isprintable() or not joined.isascii():
            raise Malformed
        return joined

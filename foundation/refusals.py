"""The kinds of no.

    Refusal                 400, a rule of the house
    ├── Invalid             400, what was given cannot be meant
    ├── Forged              401, what was shown does not prove it
    ├── Forbidden           403, not with your power
    ├── NotThere            404, not there, or not for you: one answer for both
    ├── Conflict            409, the world has moved on meanwhile
    ├── TooOften            429, not so many, not so soon
    └── NotNow              503, we cannot answer just now; ask again

A verb raises a subclass with its own code and words; page, API and inbox show it once.
"""

from datetime import date, datetime
from typing import ClassVar

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """`code` is for machines, `message` for people, `status` for doors.

    The keyword arguments fill the gaps of the message: `Refusal(limit=3)` fills `%(limit)d`; a date or a moment
    is shown as the reader's language and time zone have it.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[str | Promise] = _("That is not possible.")
    status: ClassVar[int] = 400

    def __init__(self, **values: object) -> None:
        super().__init__(self.code)
        self.values = values

    def __str__(self) -> str:
        """The words in the language that is active now."""
        if not self.values:
            return str(self.message).replace("%%", "%")
        # not str(message) % …: a plural that waits for its number (ngettext_lazy) is an empty text until it has it
        return str(self.message % {name: _shown(value) for name, value in self.values.items()})


class Invalid(Refusal):
    code = "invalid"
    message = _("Something in what you entered cannot be right.")
    status = 400


class Forged(Refusal):
    code = "forged"
    message = _("That could not be shown to be genuine.")
    status = 401


class Forbidden(Refusal):
    code = "forbidden"
    message = _("You may not do that.")
    status = 403


class NotThere(Refusal):
    code = "not-there"
    message = _("There is nothing here, or nothing for you.")
    status = 404


class Conflict(Refusal):
    code = "conflict"
    message = _("Something has changed meanwhile. Please look again.")
    status = 409


class TooOften(Refusal):
    code = "too-often"
    message = _("That was too often. Please try again later.")
    status = 429

    def __init__(self, *, again_at: datetime | None = None, **values: object) -> None:
        super().__init__(**({"again_at": again_at, **values} if again_at or values else {}))
        self.again_at = again_at


class NotNow(Refusal):
    code = "not-now"
    message = _("We cannot answer just now. Please try again in a moment.")
    status = 503


def _shown(value: object) -> object:
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    return value

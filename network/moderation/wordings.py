"""The reasons moderators give: needed for each side, and they never name who reported."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import wording
from foundation.refusals import Invalid

REASON_MAX_CHARACTERS = 2000


class ReasonNeeded(Invalid):
    code = "reason-needed"
    message = _("Each side needs a reason, in at most %(limit)d characters.")


class ReporterNamed(Invalid):
    code = "reporter-named"
    message = _("The reason for the other side names who reported. Say it without their name.")


def checked(text: str) -> str:
    """The reason without control and invisible characters. Raises `ReasonNeeded`."""
    words = wording.clean(text).strip()
    if not words or len(words) > REASON_MAX_CHARACTERS:
        raise ReasonNeeded(limit=REASON_MAX_CHARACTERS)
    return words


def check_unnamed(text: str, reporters: Iterable[Member]) -> None:
    """Neither handle nor name of a reporter stands in `text` (security.md, threat 14). Raises `ReporterNamed`."""
    for reporter in reporters:
        for name in filter(None, (reporter.handle, " ".join(reporter.name.split()))):
            if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", " ".join(text.split()), re.IGNORECASE):
                raise ReporterNamed

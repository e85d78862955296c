"""The reasons moderators give: needed for each side, and they never name who reported."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from foundation import wording
from foundation.refusals import Invalid
from network.moderation.models import Ground

REASON_MAX_CHARACTERS = 2000
LAW_MAX_CHARACTERS = 200
GROUNDS = [ground for ground in Ground if ground != Ground.BAD_FAITH]
"""What a moderator chooses from; bad faith has a verb of its own."""


class ReasonNeeded(Invalid):
    code = "reason-needed"
    message = _("Each side needs a reason, in at most %(limit)d characters.")


class GroundNeeded(Invalid):
    code = "ground-needed"
    message = _("Say which rule was broken, or name the law.")


class ReporterNamed(Invalid):
    code = "reporter-named"
    message = _("The reason for the other side names who reported. Say it without their name.")


def checked(text: str) -> str:
    """The reason without control and invisible characters. Raises `ReasonNeeded`."""
    words = wording.clean(text).strip()
    if not words or len(words) > REASON_MAX_CHARACTERS:
        raise ReasonNeeded(limit=REASON_MAX_CHARACTERS)
    return words


def grounded(ground: str, law: str) -> dict[str, str]:
    """What a sanction stands on, as columns. Raises `GroundNeeded` without a ground, or where the law is not named."""
    named = " ".join(wording.clean(law).split())[:LAW_MAX_CHARACTERS] if ground == Ground.LAW else ""
    if ground not in GROUNDS or (ground == Ground.LAW and not named):
        raise GroundNeeded
    return {"ground": ground, "law": named}


def check_unnamed(text: str, names: Iterable[str]) -> None:
    """None of the names of a reporter stands in `text` (security.md, threat 14). Raises `ReporterNamed`."""
    said = " ".join(text.split())
    for name in filter(None, (" ".join(name.split()) for name in names)):
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said, re.IGNORECASE):
            raise ReporterNamed

"""Who did what, with whose power. Rows are only ever added; triggers keep it so, and chain them (`audit_chain`)."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from foundation import clock
from foundation.models import AuditEntry

REFUSED = "was-refused-"
ACTS: dict[str, str | Promise] = {}


def note(actor: str, act: str, about: str, *, detail: dict[str, Any] | None = None) -> None:
    """It stays written that `actor` did `act` about `about`; in the caller's transaction, so an undone act is no act.

    All three are plain ids or words for machines; `detail` holds ids and reason codes, never private words.
    """
    AuditEntry.objects.create(actor=actor, act=act, about=about, detail=detail or {}, made_at=clock.now())


def worded(acts: Mapping[str, str | Promise]) -> None:
    """How people read these acts; each room says it for what it notes, "was-refused-…" included."""
    ACTS.update(acts)


def in_words(act: str) -> str:
    """The act as people read it. What nobody has words for, such as an act of another server, is shown as it is."""
    if act in ACTS:
        return str(ACTS[act])
    if act.startswith(REFUSED):
        return _("was refused: “%(act)s”") % {"act": act.removeprefix(REFUSED)}
    return act


def acts_worded(text: str) -> list[str]:
    """The acts in whose words `text` occurs, in the language that is active."""
    wanted = text.strip().casefold()
    return [act for act, words in ACTS.items() if wanted and wanted in str(words).casefold()]

"""Who did what, with whose power. Rows are only ever added; triggers keep it so."""

from typing import Any

from foundation import clock
from foundation.models import AuditEntry


def note(actor: str, act: str, about: str, *, detail: dict[str, Any] | None = None) -> None:
    """It stays written that `actor` did `act` about `about`; in the caller's transaction, so an undone act is no act.

    All three are plain ids or words for machines; `detail` holds ids and reason codes, never private words.
    """
    AuditEntry.objects.create(actor=actor, act=act, about=about, detail=detail or {}, made_at=clock.now())

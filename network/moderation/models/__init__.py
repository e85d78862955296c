"""Cases, the reports that form them, freezes, and appeals against what was decided."""

from network.moderation.models.appeals import Appeal, AppealState
from network.moderation.models.cases import (
    Case,
    CaseKind,
    Effect,
    Freeze,
    Ground,
    Report,
    Reversal,
    SourceKind,
    State,
)
from network.moderation.models.erasures import Erasure, ErasureState
from network.moderation.models.outside import Notifier

__all__ = [
    "Appeal",
    "AppealState",
    "Case",
    "CaseKind",
    "Effect",
    "Erasure",
    "ErasureState",
    "Freeze",
    "Ground",
    "Notifier",
    "Report",
    "Reversal",
    "SourceKind",
    "State",
]

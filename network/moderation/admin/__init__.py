"""The panel's rooms of this wing: cases, appeals, erasures, members as members see them, and the audit log."""

from network.moderation.admin import appeals, cases, erasures, log, members

__all__ = ["appeals", "cases", "erasures", "log", "members"]

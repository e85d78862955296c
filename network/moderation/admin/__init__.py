"""The panel's rooms of this wing: the queue of cases, members as members see them, and the audit log."""

from network.moderation.admin import cases, log, members

__all__ = ["cases", "log", "members"]

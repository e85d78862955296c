"""What moderators may do: asked by every verb that uses their power, so that page, panel and command cannot differ."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation.refusals import Forbidden


class NotAModerator(Forbidden):
    code = "not-a-moderator"
    message = _("Only moderators of this server can do that.")


def has(member: Member | None, permission: str) -> bool:
    """Whether the member is a moderator with that permission: staff, active, not frozen, and given it by a group."""
    if member is None or member.account is None or member.confirmed_at is None or member.frozen_at is not None:
        return False
    return member.account.is_active and member.account.is_staff and member.account.has_perm(permission)


def check(by: Member | None, permission: str) -> Member:
    """The moderator; raises `NotAModerator`."""
    if by is None or not has(by, permission):
        raise NotAModerator
    return by

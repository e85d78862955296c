"""Freezing: a member can read but not write, until a moderator thaws them. Nothing of theirs is deleted."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import audit, clock
from foundation.refusals import Conflict, Forbidden
from network.moderation import queue, review, telling, wordings
from network.moderation.models import Appeal, Freeze, Ground


class FrozenAlready(Conflict):
    code = "frozen-already"
    message = _("This account is frozen already.")


class NotFrozen(Conflict):
    code = "not-frozen"
    message = _("This account is not frozen.")


def freeze(member: Member, *, by: Member | None, reason: str, ground: str = Ground.RULE, law: str = "") -> Freeze:
    """The member can read but not write, and has a letter that says why and what it stands on.

    Raises `NotAModerator`, `NotImpartial`, `ReasonNeeded`, `GroundNeeded`, `FrozenAlready`.
    """
    moderator, words = _may(member, by, "freeze"), wordings.checked(reason)
    grounds = wordings.grounded(ground, law)
    with transaction.atomic():
        if not Member.objects.filter(pk=member.pk, frozen_at=None).update(frozen_at=clock.now()):
            raise FrozenAlready
        made = Freeze.objects.create(member=member, by=moderator, at=clock.now(), reason=words, **grounds)
        telling.of_freeze(made)
        audit.note(f"member:{moderator.pk}", "froze-member", f"member:{member.pk}")
    member.refresh_from_db(fields=["frozen_at"])
    return made


def thaw(member: Member, *, by: Member | None, reason: str) -> None:
    """The member can write again, and has a letter that says so. Raises as `freeze` does, and `NotFrozen`."""
    moderator, words = _may(member, by, "thaw"), wordings.checked(reason)
    thawed = {"thawed_at": clock.now(), "thawed_by": moderator, "thaw_reason": words}
    with transaction.atomic():
        if not Member.objects.filter(pk=member.pk, frozen_at__isnull=False).update(frozen_at=None):
            raise NotFrozen
        Freeze.objects.filter(member=member, thawed_at=None).update(**thawed)
        review.settle(Appeal.objects.filter(freeze__member=member), reason=words)
        telling.of_thaw(member, reason=words)
        audit.note(f"member:{moderator.pk}", "thawed-member", f"member:{member.pk}")
    member.refresh_from_db(fields=["frozen_at"])


def _may(member: Member, by: Member | None, act: str) -> Member:
    try:
        return queue.check_member(member, by)
    except Forbidden as refusal:
        queue.note_refused(by, act, f"member:{member.pk}", refusal)
        raise

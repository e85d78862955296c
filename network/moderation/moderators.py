"""Who moderates: members in one group, with these permissions and no others. Superusers are not needed."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import audit
from foundation.refusals import Conflict, Forbidden
from vetting import proofs
from vetting.models import ProofKind

GROUP = "Moderators"
PERMISSIONS = [
    "accounts.view_member",
    "accounts.view_organisation",
    "accounts.change_organisation",
    "accounts.view_merge",
    "contacts.view_invitation",
    "foundation.view_auditentry",
    "foundation.view_job",
    "foundation.change_job",
    "moderation.view_case",
    "moderation.decide_case",
    "moderation.freeze_member",
    "vetting.view_proof",
    "vetting.grant_proof",
    "vetting.view_workdomain",
    "vetting.view_night",
]


class NotToBeAppointed(Forbidden):
    code = "not-to-be-appointed"
    message = _("Only a member of this server with a confirmed address, who is not frozen, can moderate.")


class NoModerator(Conflict):
    code = "no-moderator"
    message = _("This member does not moderate.")


def also(*permissions: str) -> None:
    """A wing above has rooms of its own in the panel. Its migrations give the group what is said here at start."""
    PERMISSIONS.extend(one for one in permissions if one not in PERMISSIONS)


@transaction.atomic
def appoint(member: Member, *, by: str = "operator") -> None:
    """The member is a moderator and an anchor. `by` is who says so, as the audit log names them. Twice is once."""
    if member.account is None or member.confirmed_at is None or member.frozen_at is not None:
        raise NotToBeAppointed
    member.account.is_staff = True
    member.account.save(update_fields=["is_staff"])
    member.account.groups.add(_group())
    proofs.enter(member, ProofKind.MODERATOR, by=None, actor=by)
    audit.note(by, "appointed-moderator", f"member:{member.pk}")


@transaction.atomic
def dismiss(member: Member, *, by: str = "operator") -> None:
    """The member moderates no more and is an anchor only if otherwise proved. What they decided stays decided.

    Raises `NoModerator`.
    """
    account = member.account
    if account is None or not (account.is_staff or account.groups.filter(name=GROUP).exists()):
        raise NoModerator
    account.is_staff = False
    account.save(update_fields=["is_staff"])
    account.groups.remove(_group())
    proofs.end(member, ProofKind.MODERATOR, actor=by)
    audit.note(by, "dismissed-moderator", f"member:{member.pk}")


def _group() -> Group:
    """The group as the migration makes it; where it was emptied away (tests), it is made again."""
    group, created = Group.objects.get_or_create(name=GROUP)
    if created:
        pairs = [name.split(".") for name in PERMISSIONS]
        every = Permission.objects.select_related("content_type")
        group.permissions.set(every.filter(content_type__app_label=app, codename=code).get() for app, code in pairs)
    return group

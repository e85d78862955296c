"""Following: shown as that, never a contact, and it opens nothing (federation.md, 7).

News: `follow-asked` {follow}, `follow-accepted` {follow}, `follow-ended` {follow}.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import people, ties
from accounts.models import Member
from foundation import clock, jobs
from foundation.refusals import Invalid
from network.contacts.models import Follow


class FollowingOneself(Invalid):
    code = "following-oneself"
    message = _("That is you.")


@transaction.atomic
def follow(follower: Member, followed: Member) -> Follow:
    """The follower has asked to follow; somebody of this server agrees at once. Asked twice it is once.

    Raises `Frozen`, `FollowingOneself`.
    """
    people.check_may_act(follower)
    if follower.pk == followed.pk:
        raise FollowingOneself
    ties.lock(follower, followed)
    row, created = Follow.objects.get_or_create(follower=follower, followed=followed)
    if not created and row.ended_at is None:
        return row
    agreed = None if followed.host else clock.now()
    Follow.objects.filter(pk=row.pk).update(asked_at=clock.now(), accepted_at=agreed, ended_at=None)
    row.refresh_from_db()
    jobs.announce("follow-asked", {"follow": row.pk})
    return row


@transaction.atomic
def accept(row: Follow) -> None:
    """The followed one, or their server, has agreed."""
    if Follow.objects.filter(pk=row.pk, accepted_at=None, ended_at=None).update(accepted_at=clock.now()):
        jobs.announce("follow-accepted", {"follow": row.pk})


@transaction.atomic
def end(follower: Member, followed: Member) -> None:
    """Either side ends it; nobody is told here."""
    row = Follow.objects.filter(follower=follower, followed=followed, ended_at=None).first()
    if row and Follow.objects.filter(pk=row.pk, ended_at=None).update(ended_at=clock.now()):
        jobs.announce("follow-ended", {"follow": row.pk})


def followers_of(member: Member) -> QuerySet[Follow]:
    rows = Follow.objects.filter(followed=member, ended_at=None, accepted_at__isnull=False)
    return rows.select_related("follower").order_by("-asked_at")


def followed_by(member: Member) -> QuerySet[Follow]:
    rows = Follow.objects.filter(follower=member, ended_at=None)
    return rows.select_related("followed").order_by("-asked_at")

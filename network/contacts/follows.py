"""Following: shown as that, never a contact, and it opens nothing (federation.md, 7; docs/decisions/0056).

News: `follow-asked` {follow}, `follow-accepted` {follow}, `follow-ended` {follow, by}.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import people, reach, ties
from accounts.models import Block, Member
from foundation import clock, jobs, quotas
from foundation.refusals import Invalid, NotThere, TooOften
from network.contacts.models import Follow


class FollowingOneself(Invalid):
    code = "following-oneself"
    message = _("That is you.")


class NothingToFollow(Invalid):
    code = "nothing-to-follow"
    message = _("Following is for people of other servers. Here you ask for contact.")


class EnoughFollows(TooOften):
    code = "follows-today"
    message = _("You have asked to follow %(limit)d people today. Go on tomorrow.")


class NoSuchFollow(NotThere):
    code = "no-such-follow"
    message = _("Nobody of this name follows you or asks to.")


@transaction.atomic
def follow(follower: Member, followed: Member, *, may_at_once: bool = True) -> Follow:
    """The follower has asked to follow; they do at once where the followed one, who lives here, lets everybody.

    Asked twice it is once. A block changes nothing that the follower could see. `may_at_once=False`: whatever the
    followed one has set, they are asked. Raises `Frozen`, `FollowingOneself`.
    """
    people.check_may_act(follower)
    if follower.pk == followed.pk:
        raise FollowingOneself
    ties.lock(follower, followed)
    row, created = Follow.objects.get_or_create(follower=follower, followed=followed)
    if not created and row.ended_at is None:
        return row
    kept_away = row.put_away_at if _still_away(row) else None
    Follow.objects.filter(pk=row.pk).update(
        asked_at=clock.now(), accepted_at=None, put_away_at=kept_away, ended_at=None
    )
    row.refresh_from_db()
    jobs.announce("follow-asked", {"follow": row.pk})
    if may_at_once and not followed.host and not people.asks_first(followed):
        accept(row)
        row.refresh_from_db()
    return row


@transaction.atomic
def ask_from_here(follower: Member, followed: Member) -> Follow:
    """As `follow`, by a click of the follower's, of which they have a number a day: only of people elsewhere, since
    there is nothing here that a follower would get. Raises `NothingToFollow`, `NothingGoesThere` and `EnoughFollows`,
    too."""
    if not followed.host:
        raise NothingToFollow
    reach.check(followed)
    live = Follow.objects.filter(follower=follower, followed=followed, ended_at=None).first()
    if live:
        return live
    row, limit = follow(follower, followed), settings.FOLLOWS_A_DAY
    try:
        quotas.spend("follows", str(follower.pk), limit=limit)
    except quotas.QuotaSpent as spent:
        raise EnoughFollows(limit=limit, again_at=spent.again_at) from None
    return row


def _still_away(row: Follow) -> bool:
    """Put away less than 180 days ago, as long as a request that is asked again goes nowhere."""
    since = clock.now() - timedelta(days=settings.REQUEST_AGAIN_DAYS)
    return row.put_away_at is not None and row.put_away_at > since


@transaction.atomic
def accept(row: Follow) -> None:
    """The followed one, or their server, has agreed."""
    waiting = Follow.objects.filter(pk=row.pk, accepted_at=None, ended_at=None)
    if waiting.update(accepted_at=clock.now(), put_away_at=None):
        jobs.announce("follow-accepted", {"follow": row.pk})


def put_away(row: Follow) -> None:
    """The followed one is asked no more by that person, who goes on waiting and is told nothing."""
    Follow.objects.filter(pk=row.pk, accepted_at=None, ended_at=None).update(put_away_at=clock.now())


@transaction.atomic
def end(follower: Member, followed: Member, *, by: Member | None = None) -> None:
    """One follows the other no more. `by`: whose act it was, the follower's if none is named."""
    row = Follow.objects.filter(follower=follower, followed=followed, ended_at=None).first()
    if row and Follow.objects.filter(pk=row.pk, ended_at=None).update(ended_at=clock.now()):
        jobs.announce("follow-ended", {"follow": row.pk, "by": (by or follower).pk})


def between(follower: Member, followed: Member) -> Follow | None:
    """The follow of one by the other that has not ended, accepted or not."""
    return Follow.objects.filter(follower=follower, followed=followed, ended_at=None).first()


def are_mutual(one: Member, other: Member) -> bool:
    """Each follows the other, and is accepted: no contact, and no context."""
    both = Q(follower=one, followed=other) | Q(follower=other, followed=one)
    return Follow.objects.filter(both, ended_at=None, accepted_at__isnull=False).count() == 2


def followers_of(member: Member) -> QuerySet[Follow]:
    """Who follows the member, but for those the member has blocked: they are shown nowhere and are sent nothing."""
    return _towards(member).filter(accepted_at__isnull=False)


def asking(member: Member) -> QuerySet[Follow]:
    """Who waits for the member's word."""
    return _towards(member).filter(accepted_at=None, put_away_at=None)


def from_whom(member: Member, follower: Member) -> Follow:
    """The follow of the member by that person, for the member to answer or end. Raises `Frozen`, `NoSuchFollow`."""
    people.check_may_act(member)
    row = _towards(member).filter(follower=follower).first()
    if row is None:
        raise NoSuchFollow
    return row


def _towards(member: Member) -> QuerySet[Follow]:
    blocked = Block.objects.filter(blocker=member, blocked=OuterRef("follower"))
    rows = Follow.objects.filter(~Exists(blocked), followed=member, ended_at=None)
    return rows.select_related("follower").order_by("-asked_at")


def followed_by(member: Member) -> QuerySet[Follow]:
    rows = Follow.objects.filter(follower=member, ended_at=None)
    return rows.select_related("followed").order_by("-asked_at")

"""Who elsewhere hears what a member says: followers, contacts, and everybody who ever got anything of theirs."""

from collections.abc import Iterable

from django.db.models import Q

from accounts import ties
from accounts.models import Member
from network.contacts import follows
from network.federation.models import Actor, Recipient


def followers(member: Member) -> list[Actor]:
    """Those elsewhere who follow the member."""
    return _actors(Q(member__in=follows.followers_of(member).order_by().values("follower")))


def near(member: Member) -> list[Actor]:
    """Those elsewhere who follow the member, or are in contact with them."""
    following = follows.followers_of(member).order_by().values("follower")
    return _actors(Q(member__in=following) | Q(member__in=ties.contact_ids(member)))


def everybody(member: Member) -> list[Actor]:
    """Those near, and all to whom anything of the member's has gone."""
    following = follows.followers_of(member).order_by().values("follower")
    told = Recipient.objects.filter(outbound__sender=member).values("actor")
    return _actors(Q(member__in=following) | Q(member__in=ties.contact_ids(member)) | Q(pk__in=told))


def told_of(uri: str) -> list[Actor]:
    """Those to whom a thing of that name, or an activity about it, has gone."""
    return _actors(Q(pk__in=Recipient.objects.filter(outbound__object_uri=uri).values("actor")))


def united(*groups: Iterable[Actor]) -> list[Actor]:
    """Everybody in any of the groups, each once."""
    return list({actor.pk: actor for group in groups for actor in group}.values())


def _actors(which: Q) -> list[Actor]:
    return list(Actor.objects.filter(which, gone_at=None).select_related("peer", "member").order_by("pk"))

"""Bare facts between two members: in contact, blocked, last met. No rule of the contract lives here."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.expressions import F
from django.db.models.functions import Greatest

from accounts.models import Block, LastMet, Member, Tie
from foundation import clock


def pair(one: Member, other: Member) -> tuple[int, int]:
    """The two ids, the lower first: how every pair is kept."""
    low, high = sorted((one.pk, other.pk))
    return low, high


def lock(*members: Member) -> None:
    """Holds the members' rows until the transaction ends, taken in id order so that no two wait for each other."""
    ids = sorted({member.pk for member in members})
    list(Member.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def live(one: Member, other: Member) -> Tie | None:
    low, high = pair(one, other)
    return Tie.objects.filter(low=low, high=high, ended_at=None).first()


def in_contact(one: Member, other: Member) -> bool:
    return live(one, other) is not None


def earlier(one: Member, other: Member) -> Tie | None:
    """The last tie of the two that has ended."""
    low, high = pair(one, other)
    return Tie.objects.filter(low=low, high=high, ended_at__isnull=False).order_by("-ended_at").first()


def begin(one: Member, other: Member) -> Tie:
    """The two are in contact from now on; an existing live tie is returned unchanged."""
    low, high = pair(one, other)
    tie, _created = Tie.objects.get_or_create(low_id=low, high_id=high, ended_at=None, defaults={"since": clock.now()})
    return tie


def end(one: Member, other: Member) -> bool:
    """The live tie, if any, ends now. True if there was one."""
    low, high = pair(one, other)
    return bool(Tie.objects.filter(low=low, high=high, ended_at=None).update(ended_at=clock.now()))


def contact_ids(member: Member) -> QuerySet[Tie, int]:
    """Ids of everybody `member` is in contact with, as a subquery."""
    mine = Tie.objects.filter(Q(low=member) | Q(high=member), ended_at=None)
    return mine.annotate(other=F("low_id") + F("high_id") - member.pk).values_list("other", flat=True)


def contacts_of(member: Member) -> QuerySet[Member]:
    return Member.objects.filter(pk__in=contact_ids(member))


def block(blocker: Member, blocked: Member) -> None:
    Block.objects.get_or_create(blocker=blocker, blocked=blocked, defaults={"since": clock.now()})


def unblock(blocker: Member, blocked: Member) -> None:
    Block.objects.filter(blocker=blocker, blocked=blocked).delete()


def has_blocked(blocker: Member, other: Member) -> bool:
    return Block.objects.filter(blocker=blocker, blocked=other).exists()


def met(one: Member, other: Member, *, how: str, at: datetime | None = None) -> None:
    """Notes a contact of the two; an older moment never replaces a newer one."""
    low, high = pair(one, other)
    moment = at or clock.now()
    row, created = LastMet.objects.get_or_create(low_id=low, high_id=high, defaults={"at": moment, "how": how})
    if not created:
        LastMet.objects.filter(pk=row.pk, at__lt=moment).update(at=Greatest(F("at"), moment), how=how)


def last_met(one: Member, other: Member) -> LastMet | None:
    low, high = pair(one, other)
    return LastMet.objects.filter(low=low, high=high).first()


def among(members: Iterable[Member], contacts_of_whom: Member) -> set[int]:
    """Which of `members` are contacts of the one named."""
    ids = {member.pk for member in members}
    return ids & set(contact_ids(contacts_of_whom))

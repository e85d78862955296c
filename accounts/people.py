"""Members found, and the profile they keep: search by exact handle or visible name, change fields and circles."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts import ties
from accounts.models import Block, Door, DoorLevel, Followers, Member, Visibility
from accounts.signup import check_name
from foundation import jobs, wording
from foundation.refusals import Forbidden, Invalid, NotThere


class NoSuchMember(NotThere):
    code = "no-such-member"
    message = _("There is nobody of this name here.")


class Frozen(Forbidden):
    code = "frozen"
    message = _("Your account is frozen while moderators look into a report. You can read, but not write.")


class ProfileWrong(Invalid):
    code = "profile-wrong"
    message = _("Choose one of the values offered.")


def check_may_act(member: Member) -> None:
    """Raises `Frozen` for those a moderator has frozen or whose address is not confirmed."""
    if member.frozen_at is not None or member.confirmed_at is None:
        raise Frozen


def by_handle(text: str) -> Member:
    """The member of `handle` or `handle@this-host`; raises `NoSuchMember` alike for unknown and unconfirmed."""
    handle, _at, host = wording.clean(text).strip().lstrip("@").lower().partition("@")
    host = "" if host == settings.SITE_HOST.lower() else host
    member = Member.objects.present().filter(handle=handle, host=host).first()
    if member is None:
        raise NoSuchMember
    return member


def search(viewer: Member, text: str, *, most: int = 20) -> QuerySet[Member]:
    """Members of exactly that handle, then those whose name, as far as the viewer may see it, begins with the words.

    Only visible fields filter (security.md, threat 38): a name kept from the viewer is never matched.
    """
    words = " ".join(wording.clean(text).split()).lower()
    if len(words) < 2:
        return Member.objects.none()
    near = Case(
        When(pk=viewer.pk, then=Value(Visibility.ME)),
        When(pk__in=Block.objects.filter(blocked=viewer).values("blocker"), then=Value(Visibility.EVERYONE)),
        When(pk__in=ties.contact_ids(viewer), then=Value(Visibility.CONTACTS)),
        default=Value(Visibility.MEMBERS),
        output_field=IntegerField(),
    )
    named = Member.objects.present().annotate(near=near, lowered=Lower("name"))
    exact = Q(handle=words.lstrip("@"), host="")
    visible = Q(lowered__startswith=words) & Q(name_to__gte=near)
    return named.filter(exact | visible).order_by("lowered", "handle")[:most]


@transaction.atomic
def change_profile(member: Member, values: Mapping[str, Any]) -> None:
    """The member's own fields and circles are as given; unknown keys raise `ProfileWrong`, so nothing else is ever
    written by a crafted form."""
    allowed = {*Member.PROFILE, *(f"{field}_to" for field in Member.PROFILE), "time_zone", "language", "may_be_indexed"}
    if set(values) - allowed:
        raise ProfileWrong
    for field, value in values.items():
        setattr(member, field, _checked(field, value))
    member.save(update_fields=list(values))
    jobs.announce("profile-changed", {"member": member.pk})


def _checked(field: str, value: Any) -> Any:
    if field == "name":
        return check_name(value)
    if field == "may_be_indexed":
        return bool(value)
    if field.endswith("_to"):
        if int(value) not in Visibility.values:
            raise ProfileWrong
        return int(value)
    if field == "time_zone" and value not in _zones():
        raise ProfileWrong
    if field == "language" and value not in dict(settings.LANGUAGES):
        raise ProfileWrong
    limit = getattr(Member._meta.get_field(field), "max_length", 0)
    text = wording.clean(str(value)).strip()
    return text[:limit] if field == "about" else " ".join(text.split())[:limit]


@cache
def _zones() -> frozenset[str]:
    """Read once: `available_timezones` opens some 600 files each time it is asked."""
    return frozenset(available_timezones())


def set_door(member: Member, lowest: str) -> None:
    """From now on only requests of at least that grade notify the member; nobody else can tell."""
    if lowest not in DoorLevel.values:
        raise ProfileWrong
    Door.objects.update_or_create(member=member, defaults={"lowest": lowest})


@transaction.atomic
def set_followers(member: Member, who: str) -> None:
    """From now on everybody follows at once, or asks first; other servers are told. Who follows already stays."""
    if who not in Followers.values:
        raise ProfileWrong
    Door.objects.update_or_create(member=member, defaults={"followers": who})
    jobs.announce("profile-changed", {"member": member.pk})


def asks_first(member: Member) -> bool:
    """Whether somebody who wants to follow the member has to be accepted."""
    return not Door.objects.filter(member=member, followers=Followers.AT_ONCE).exists()

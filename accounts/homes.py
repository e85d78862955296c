"""A member's other homes: accounts elsewhere that are theirs, and the one to which they have moved (FEP-7628).

Each home names the other: this one by `aliases_of` or `moved_to`, which its document shows to everybody, the other one
by its own. Whether it does is found out by a job (federation), never while a page is made.

News, each {member}: `move-asked`, `member-moved`; and `profile-changed`, as the document is another one.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import people
from accounts.models import Home, Member
from foundation import clock, jobs
from foundation.refusals import Conflict, Invalid, TooOften

MOST_ALIASES = 5
REASONS = {
    "unlinked": _("That account does not name this one as its other home yet. Enter this address there first."),
    "unreachable": _("That server does not answer just now. Try again later."),
}


class NotAnotherHome(Invalid):
    code = "home-not-elsewhere"
    message = _("That is not an account on another server.")


class EnoughHomes(Invalid):
    code = "homes-enough"
    message = _("You can name %(limit)d other homes.")


class MovedLately(TooOften):
    code = "moved-lately"
    message = _("You have moved in the last %(days)d days. Your contacts could not follow so fast.")


class NotMoved(Conflict):
    code = "not-moved"
    message = _("You have not moved.")


def of(member: Member) -> Home | None:
    """What the member says of other homes, if anything."""
    return Home.objects.filter(member=member).first()


def aliases_of(member: Member) -> list[str]:
    """Addresses of actors elsewhere who are this member, too, says the member."""
    home = of(member)
    return list(home.aliases) if home else []


def moved_to(member: Member) -> str:
    """The address of the actor that the member is now; empty if they live here."""
    home = of(member)
    return home.moved_to if home else ""


@transaction.atomic
def add_alias(member: Member, other: Member) -> None:
    """The member says that `other`, elsewhere, is they. Raises `Frozen`, `NotAnotherHome`, `EnoughHomes`."""
    people.check_may_act(member)
    home = _held(member)
    uri = _uri_of(other)
    if uri in home.aliases:
        return
    if len(home.aliases) >= MOST_ALIASES:
        raise EnoughHomes(limit=MOST_ALIASES)
    home.aliases = [*home.aliases, uri]
    home.save(update_fields=["aliases"])
    jobs.announce("profile-changed", {"member": member.pk})


@transaction.atomic
def remove_alias(member: Member, uri: str) -> None:
    home = _held(member)
    home.aliases = [one for one in home.aliases if one != uri]
    home.save(update_fields=["aliases"])
    jobs.announce("profile-changed", {"member": member.pk})


@transaction.atomic
def move(member: Member, other: Member) -> None:
    """The member wants to live at `other`'s from now on; whether that one says the same is looked at now.

    Raises `Frozen`, `NotAnotherHome`, `MovedLately`.
    """
    people.check_may_act(member)
    home = _held(member)
    uri = _uri_of(other)
    if home.moved_to == uri:
        return
    if home.moved_at and home.moved_at > clock.now() - timedelta(days=settings.MOVE_AGAIN_DAYS):
        raise MovedLately(days=settings.MOVE_AGAIN_DAYS, again_at=again_at(home))
    home.moving_to, home.asked_at, home.why_not = uri, clock.now(), ""
    home.save(update_fields=["moving_to", "asked_at", "why_not"])
    jobs.announce("move-asked", {"member": member.pk})


def again_at(home: Home) -> datetime | None:
    """When the member may move again."""
    return home.moved_at + timedelta(days=settings.MOVE_AGAIN_DAYS) if home.moved_at else None


@transaction.atomic
def answer(member: Member, uri: str, *, why_not: str = "") -> None:
    """Federation's answer: the other home names this one, so the member has moved; or why not (`REASONS`)."""
    home = _held(member)
    if not uri or home.moving_to != uri:
        return
    home.moving_to, home.why_not = "", why_not
    if not why_not:
        home.moved_to, home.moved_at = uri, clock.now()
    home.save(update_fields=["moving_to", "why_not", "moved_to", "moved_at"])
    if not why_not:
        jobs.announce("profile-changed", {"member": member.pk})
        jobs.announce("member-moved", {"member": member.pk})


@transaction.atomic
def come_back(member: Member) -> None:
    """The member lives here again, for whoever looks; those who followed them are not moved back."""
    home = _held(member)
    if not home.moved_to:
        raise NotMoved
    home.moved_to = ""
    home.save(update_fields=["moved_to"])
    jobs.announce("profile-changed", {"member": member.pk})


def _uri_of(other: Member) -> str:
    if not other.host:
        raise NotAnotherHome
    return other.elsewhere.uri


def _held(member: Member) -> Home:
    Home.objects.get_or_create(member=member)
    return Home.objects.select_for_update().get(member=member)

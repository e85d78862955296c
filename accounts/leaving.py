"""Leaving: the sign-in and the data key are gone at once, the words in the same minute, the handle within 30 days.

The member's row stays without anything in it, since what others wrote and signed hangs on it: their messages, their
vouches, the ledger's chains. Nobody finds it by a name.

News, each {member}: `member-left`, whereupon every floor erases what it keeps of them; and, LEFT_HANDLE_DAYS later,
`left-forgotten`: other servers have been told, and nothing needs the handle any more.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import addresses, factors, organisations, resting, ties
from accounts.models import (
    Account,
    Block,
    Door,
    Entry,
    EntryChange,
    Export,
    Home,
    Key,
    LastMet,
    Lookup,
    Member,
    Token,
    Visibility,
)
from accounts.models.people import GONE
from foundation import audit, clock, jobs, letters

log = logging.getLogger(__name__)

KIND = "goodbye"
SUBJECT = _("You have left")

letters.fleeting(KIND)


@transaction.atomic
def leave(member: Member) -> None:
    """The member is gone for everybody from now on, and cannot come back. Twice is once.

    Without the data key nobody opens what was sealed under it (terms, signing keys, exports), in backups neither once
    those are as old. What else there is, is erased by the listeners of `member-left`.
    """
    ties.lock(member)
    row = Member.objects.select_related("account").get(pk=member.pk)
    if row.left_at or row.account is None:
        return
    account = row.account
    _say_goodbye(row, account)
    _blank(row)
    _forget_sign_in(account)
    audit.note(f"member:{row.pk}", "left", f"member:{row.pk}")
    log.info("left: %s", row.public_id)  # a restore of an older backup is followed by this list (docs/operating.md)
    jobs.announce("member-left", {"member": row.pk})


def numbers() -> list[UUID]:
    """Public ids of all who have left, which name nobody: to erase them again after a restore (`again`)."""
    return list(Member.objects.filter(left_at__isnull=False).order_by("left_at").values_list("public_id", flat=True))


def again(public_ids: Iterable[UUID]) -> int:
    """Those of them who are here, as an older backup has them, leave once more; how many. Twice is once."""
    here = Member.objects.filter(public_id__in=list(public_ids), host="", left_at=None)
    for member in here:
        leave(member)
    return len(here)


def _say_goodbye(member: Member, account: Account) -> None:
    """To the address, which is nowhere in the house once the letter is sent. Earlier letters are empty from now on."""
    letters.blank_all(str(member.public_id))
    with translation.override(member.language):
        text = render_to_string("mail/goodbye.txt", {"site": settings.SITE_NAME})
        letters.write(account.email, str(SUBJECT), text, kind=KIND)


def _blank(member: Member) -> None:
    Key.objects.filter(member=member).delete()
    Token.objects.filter(member=member).delete()
    fields = dict.fromkeys(Member.PROFILE, "")
    circles = {f"{field}_to": Visibility.ME for field in Member.PROFILE}
    Member.objects.filter(pk=member.pk).update(
        **fields,
        **circles,
        account=None,
        data_key="",
        may_be_indexed=False,
        time_zone="UTC",
        confirmed_at=None,
        frozen_at=None,
        left_at=clock.now(),
    )


def _forget_sign_in(account: Account) -> None:
    """Address, password, factors and sessions are gone, and what factors were checked with."""
    addresses.end_sessions(account)
    factors.forget_of(account)
    account.delete()


@transaction.atomic
def erase(member: Member) -> None:
    """What this floor keeps of somebody who has left is gone. Twice is once."""
    if member.left_at is None:
        return
    mine = Entry.objects.filter(member=member)
    places, units = (
        set(mine.values_list("organisation", flat=True)),
        {unit for unit in mine.values_list("unit", flat=True) if unit},
    )
    mine.delete()
    pair = Q(low=member) | Q(high=member)
    for rows in (
        EntryChange.objects.filter(member=member),
        Home.objects.filter(member=member),
        Lookup.objects.filter(member=member),
        Export.objects.filter(member=member),
        Block.objects.filter(Q(blocker=member) | Q(blocked=member)),
        LastMet.objects.filter(pair),
    ):
        rows.delete()
    Door.objects.filter(member=member).delete()
    Door.objects.create(member=member)  # as everybody's: what is asked of them still finds one
    organisations.forget_unused(places, units)


def forget_handles(before: datetime) -> None:
    """Handles of those who left before that are gone, and no line of the ledger leads to them any more."""
    for member in Member.objects.filter(host="", left_at__lt=before).exclude(handle__startswith=GONE):
        with transaction.atomic():
            assert member.left_at is not None
            resting.rest(member.look, until=member.left_at + timedelta(days=settings.HANDLE_RESTS_DAYS))
            jobs.announce("left-forgotten", {"member": member.pk})
            Member.objects.filter(pk=member.pk).update(handle=member.called, look="", ledger_id=uuid4())


audit.worded({"left": _("left this server")})

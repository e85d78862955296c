"""People elsewhere: looked up by an address, which is a row that federation answers; the page polls.

Nobody is fetched while a page is made: a slow or hostile server keeps nobody waiting.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import people
from accounts.models import Elsewhere, Lookup, Member
from foundation import clock, jobs, quotas, wording
from foundation.refusals import Invalid, TooOften

AGAIN_AFTER = timedelta(minutes=10)
REASONS = {
    "nobody": _("That server knows nobody of this address."),
    "unreachable": _("That server does not answer just now."),
    "closed": _("This server has no dealings with that one."),
}


class NoSuchAddress(Invalid):
    code = "no-such-address"
    message = _("An address elsewhere reads like name@server.example.")


class EnoughLookups(TooOften):
    code = "lookups-today"
    message = _("You have looked for %(limit)d people on other servers today. Go on tomorrow.")


def is_elsewhere(text: str) -> bool:
    """Whether the text is an address of somebody on another server, as far as its form tells."""
    words = wording.clean(text).strip().lstrip("@").lower()
    name, at, host = words.partition("@")
    return bool(at and name and "." in host and " " not in words and host != settings.SITE_HOST.lower())


def speaks(member: Member) -> bool:
    """Whether the member's server understands requests with a context: ours does, and those that say so."""
    return not member.host or Elsewhere.objects.filter(member=member, speaks=True).exists()


def known(text: str) -> Member | None:
    """Whoever has that address elsewhere, if we have met."""
    handle, _at, host = wording.clean(text).strip().lstrip("@").lower().partition("@")
    return Member.objects.present().filter(handle=handle, host=host).exclude(host="").first()


def asked_for(text: str) -> Lookup | None:
    """The look-up of that address, waiting or answered, whoever asked for it."""
    return Lookup.objects.select_related("member").filter(address=normal(text)).first()


@transaction.atomic
def look_up(address: str, *, by: Member) -> Lookup:
    """There is a row for that address, answered or soon to be. Asked again after ten minutes, it is answered anew.

    Raises `NoSuchAddress`, `Frozen`, `EnoughLookups`.
    """
    people.check_may_act(by)
    if not is_elsewhere(address):
        raise NoSuchAddress
    words = normal(address)
    row, created = Lookup.objects.get_or_create(address=words)
    stale = row.answered_at is not None and row.asked_at < clock.now() - AGAIN_AFTER
    if created or stale:
        _spend(by)
        Lookup.objects.filter(pk=row.pk).update(asked_at=clock.now(), answered_at=None, why_not="")
        row.refresh_from_db()
        jobs.announce("lookup-asked", {"lookup": row.pk}, key=str(row.pk))
    return row


def answer(lookup: Lookup, *, member: Member | None, why_not: str = "") -> None:
    """Federation's answer to a look-up."""
    Lookup.objects.filter(pk=lookup.pk).update(answered_at=clock.now(), member=member, why_not=why_not)


def normal(address: str) -> str:
    """The address as look-ups are kept."""
    return wording.clean(address).strip().lstrip("@").lower()[:320]


def _spend(by: Member) -> None:
    limit = settings.LOOKUPS_A_DAY
    try:
        quotas.spend("lookups", str(by.pk), limit=limit)
    except quotas.QuotaSpent as spent:
        raise EnoughLookups(limit=limit, again_at=spent.again_at) from None


@transaction.atomic
def forget(member: Member) -> None:
    """Somebody elsewhere is gone: what they told of themselves is erased, and nobody finds them any more."""
    if not member.host:
        return
    Member.objects.filter(pk=member.pk).update(**dict.fromkeys(Member.PROFILE, ""), confirmed_at=None)
    Elsewhere.objects.filter(member=member).update(fields=[])

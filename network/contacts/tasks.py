"""The jobs of this wing."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import DoorLevel, Entry, Member
from foundation import clock, jobs, retention
from network.contacts import departures, news, requests, settling
from network.contacts import taken_along as _taken_along  # noqa: F401  (enters its parts)
from network.contacts.models import Invitation, Request
from vetting import vouches
from vetting.models import Vouch


@jobs.handles("request-settle")
def settle_request(request: int) -> None:
    if Request.objects.filter(pk=request).exists():
        settling.settle(request)


@jobs.handles("requests-of-member")
def regrade_requests_of(member: int) -> None:
    """Entries of one side changed: their open requests are settled anew."""
    settling.settle_of([member])


@jobs.handles("requests-of-pair")
def regrade_requests_of_pair(low: int, high: int) -> None:
    settling.settle_between(low, high)


@jobs.handles("requests-of-organisation")
def regrade_requests_at(organisation: int) -> None:
    """An organisation was merged, parted or now needs a unit: everybody who names it is settled anew."""
    members = Entry.objects.filter(organisation=organisation).values_list("member", flat=True).distinct()
    settling.settle_of(list(members))


jobs.listen("entries-changed", "requests-of-member")
jobs.listen("confirmed", "requests-of-pair")
jobs.listen("organisation-changed", "requests-of-organisation")


@jobs.every("tray-letters", timedelta(days=7), lane="slow")
def write_tray_letters() -> None:
    """Once a week everybody with something in the tray has one letter, except behind the door *known*."""
    waiting = requests.in_the_trays().exclude(recipient__door__lowest=DoorLevel.KNOWN)
    for member in waiting.order_by("recipient").values_list("recipient", flat=True).distinct():
        jobs.add("tray-letter", {"member": member}, key=f"tray-letter:{member}")


@jobs.handles("tray-letter")
def write_tray_letter(member: int) -> None:
    news.tray_summed_up(Member.objects.get(pk=member))


@jobs.every("requests-end", timedelta(hours=1), lane="slow")
def end_old_requests() -> None:
    """On day 60 the asker's side is closed; to the asker nothing changes but the word "ended"."""
    days = timedelta(days=settings.REQUEST_ENDS_DAYS)
    Request.objects.filter(ended_at=None, asked_at__lte=clock.now() - days).update(ended_at=F("asked_at") + days)


@jobs.handles("vouch-letter")
def write_vouch_letter(vouch: int) -> None:
    """Whoever is to countersign has one letter, if the vouch still waits for them."""
    offered = Vouch.objects.select_related("subject__account").filter(pk=vouch).first()
    if offered and vouches.offered_to(offered.subject).filter(pk=vouch).exists():
        news.vouch_offered(offered.subject, vouch)


jobs.listen("vouch-offered", "vouch-letter")


@jobs.handles("contacts-erase", lane="slow")
def erase_member(member: int) -> None:
    departures.erase(Member.objects.get(pk=member))


jobs.listen("member-left", "contacts-erase")


@retention.keeps(
    "invitations", setting="INVITATION_ENDED_DAYS", what=_("Invitations that nobody used, after they ran out")
)
def forget_invitations(before: datetime) -> None:
    """Used ones stay: who came by whom is what moderators look at."""
    Invitation.objects.filter(spent_at=None, expires_at__lt=before).delete()

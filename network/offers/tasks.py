"""The jobs of this wing."""

from accounts.models import Member
from foundation import jobs
from network.offers import erasing, settling
from network.offers import taken_along as _taken_along  # noqa: F401  (enters its parts)
from network.offers.models import Offer


@jobs.handles("offer-settle")
def settle_offer(offer: int) -> None:
    if Offer.objects.filter(pk=offer).exists():
        settling.settle(offer)


@jobs.handles("offers-erase", lane="slow")
def erase_member(member: int) -> None:
    erasing.erase(Member.objects.get(pk=member))


jobs.listen("member-left", "offers-erase")

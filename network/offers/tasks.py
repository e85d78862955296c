"""The jobs of this wing."""

from accounts.models import Member
from foundation import jobs
<<<<<<< HEAD
from network.offers import erasing, settling
=======
from network.offers import settling, told  # noqa: F401  (`told` registers what is worth a letter)
>>>>>>> 4b33be0 (Let members choose their letters, and end each kind with one click)
from network.offers.models import Offer


@jobs.handles("offer-settle")
def settle_offer(offer: int) -> None:
    if Offer.objects.filter(pk=offer).exists():
        settling.settle(offer)


@jobs.handles("offers-erase", lane="slow")
def erase_member(member: int) -> None:
    erasing.erase(Member.objects.get(pk=member))


jobs.listen("member-left", "offers-erase")

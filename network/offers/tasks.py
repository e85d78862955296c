"""The jobs of this wing."""

from foundation import jobs
from network.offers import settling
from network.offers.models import Offer


@jobs.handles("offer-settle")
def settle_offer(offer: int) -> None:
    if Offer.objects.filter(pk=offer).exists():
        settling.settle(offer)

"""What this wing has to tell members by letter: without any words of strangers in it (threat 23)."""

from network.notices import telling
from network.offers.models import Offer


def offer_arrived(offer: Offer) -> None:
    telling.tell(offer.recipient, "offer", offer.pk)


def interested(offer: Offer) -> None:
    telling.tell(offer.sender, "interested", offer.pk)

"""Letters of this wing: short, in the member's language, without any words of strangers in them (threat 23)."""

from django.utils.translation import gettext_lazy as _

from network.contacts import news
from network.offers.models import Offer

news.WORDS["offer"] = (_("An offer that meets your terms"), _("An offer has arrived. You owe it no answer."))
news.WORDS["interested"] = (
    _("Somebody is interested in your offer"),
    _("You are in contact now, and the offer stands in your thread."),
)


def offer_arrived(offer: Offer) -> None:
    news.tell(offer.recipient, "offer", f"/offers/{offer.public_id}/")


def interested(offer: Offer) -> None:
    news.tell(offer.sender, "interested", f"/offers/sent/{offer.public_id}/")

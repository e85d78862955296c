"""Somebody has left: their terms and offers are gone. Offers to them stay with who wrote them."""

from django.db import transaction

from accounts.models import Member
from foundation import clock
from network.offers.models import Offer, Terms


@transaction.atomic
def erase(left: Member) -> None:
    """Twice is once."""
    if left.left_at is None:
        return
    Terms.objects.filter(member=left).delete()
    Offer.objects.filter(sender=left).delete()
    Offer.objects.filter(recipient=left).update(snapshot={}, sealed_met="")
    Offer.objects.filter(recipient=left, settled_at=None).update(
        settled_at=clock.now()
    )  # there is nothing to weigh it by

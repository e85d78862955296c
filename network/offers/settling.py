"""The worker's side of an offer: it arrives, or it does not. The one room that opens terms; no page imports it."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts import months, ties
from accounts.models import EntryKind, Member
from foundation import clock, wakes
from network.offers import envelopes, filling, matching, news, terms
from network.offers.filling import Form
from network.offers.matching import Match, Moment, World
from network.offers.models import Offer


@transaction.atomic
def settle(offer_id: int) -> None:
    """The offer arrives, or does not. Nothing that its sender can see changes. Twice is once."""
    offer = Offer.objects.select_for_update(of=["self"]).select_related("sender", "recipient").get(pk=offer_id)
    if offer.settled_at:
        return
    matched = evaluate(offer)
    offer.settled_at = clock.now()
    if matched.fits and not _is_kept_away(offer):
        offer.arrived_at, offer.sealed_met = offer.settled_at, terms.seal_met(offer, matched.met)
        news.offer_arrived(offer)
        wakes.look_again(wakes.channel_of(offer.recipient.public_id))
    offer.save(update_fields=["settled_at", "arrived_at", "sealed_met"])


def evaluate(offer: Offer) -> Match:
    """The offer against its recipient's terms as they are now."""
    return matching.match(
        terms.for_the_matcher(offer.recipient),
        filling.as_role(Form(**offer.form)),
        world=World(rates=settings.OFFER_RATES, places=settings.OFFER_PLACES),
        moment=Moment(month=months.of(clock.today()), last_change=_last_change(offer.recipient)),
    )


def _last_change(member: Member) -> int | None:
    began = member.entries.filter(kind=EntryKind.EMPLOYMENT).order_by("-starts").values_list("starts", flat=True)
    return began.first()


def _is_kept_away(offer: Offer) -> bool:
    """The sender is blocked or was frozen since; or somebody offered this role to this person within the year: an
    agency with five accounts is one, and only the first of a ladder of offers is weighed."""
    if offer.sender.frozen_at or ties.has_blocked(offer.recipient, offer.sender):
        return True
    earlier = Q(sent_at__lt=offer.sent_at) | Q(sent_at=offer.sent_at, pk__lt=offer.pk)
    others = envelopes.lately(offer.recipient).filter(earlier)
    return filling.is_offered_in(offer.role, others.values_list("role", flat=True))

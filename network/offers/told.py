"""What of this wing is worth a letter."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Member
from network.contacts import quiet
from network.notices.facts import Fact, Found, register
from network.notices.models import Kind
from network.offers import answers
from network.offers.models import Offer


def _offer(member: Member, ref: str) -> Found | None:
    found = answers.waiting_for(member).filter(pk=ref).first()
    return Found(f"/offers/{found.public_id}/") if found else None


def _interested(member: Member, ref: str) -> Found | None:
    found = Offer.objects.select_related("recipient").filter(pk=ref, sender=member).first()
    in_contact = found is not None and quiet.between(member, found.recipient) is not None
    return Found(f"/offers/sent/{found.public_id}/") if found and in_contact else None


register(
    "offer",
    Fact(
        kind=Kind.OFFER,
        subject=_("An offer that meets your terms"),
        sentence=_("An offer has arrived. You owe it no answer."),
        several=ngettext_lazy(
            "%(count)d offer meets your terms. You owe it no answer.",
            "%(count)d offers meet your terms. You owe them no answer.",
            "count",
        ),
        find=_offer,
        page="/offers/",
    ),
)
register(
    "interested",
    Fact(
        kind=Kind.OFFER,
        subject=_("Somebody is interested in your offer"),
        sentence=_("You are in contact now, and the offer stands in your thread."),
        several=ngettext_lazy(
            "%(count)d of your offers met interest.", "%(count)d of your offers met interest.", "count"
        ),
        find=_interested,
        page="/offers/sent/",
    ),
)

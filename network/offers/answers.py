"""Offers, the recipient's side: what arrived, and the answers, one click each."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import people, ties
from accounts.models import Member
from foundation import clock
from foundation.refusals import Conflict, NotThere
from network.contacts import quiet
from network.contacts.models import Contact
from network.messages import threads
from network.messages.models import Purpose
from network.offers import news
from network.offers.filling import Form
from network.offers.models import Answer, Offer
from vetting import evidence, ledger

PERIODS = {"hour": _("hour"), "day": _("day"), "month": _("month"), "year": _("year")}


class NotYourOffer(NotThere):
    code = "not-your-offer"
    message = _("There is no such offer, or it is not for you.")


class OfferAnswered(Conflict):
    code = "offer-answered"
    message = _("This offer is answered already, or has ended.")


class OfferFromBlocked(Conflict):
    code = "offer-from-blocked"
    message = _("You have blocked this person. Unblock them first, if you want to talk.")


@transaction.atomic
def answer(offer: Offer, *, by: Member, answer: str) -> Contact | None:
    """*Interested* opens a thread with the offer in it; the other answers change nothing that the sender can see.

    *Unread* is evidence: the offer plainly ignores the profile. Raises `NotYourOffer`, `OfferAnswered`,
    `OfferFromBlocked`, `Frozen`.
    """
    fresh = held(offer, recipient=by)
    if fresh.answer or not fresh.is_open or answer not in Answer.values or answer == Answer.NONE:
        raise OfferAnswered
    if answer == Answer.INTERESTED:
        people.check_may_act(by)
        if ties.has_blocked(by, fresh.sender):
            raise OfferFromBlocked
    Offer.objects.filter(pk=fresh.pk).update(answer=answer, answered_at=clock.now())
    if answer == Answer.UNREAD:
        ledger.record(fresh.sender, by=by, kind=evidence.PITCH, source=f"offer:{fresh.public_id}")
    return _begin(fresh) if answer == Answer.INTERESTED else None


def _begin(offer: Offer) -> Contact:
    """The two are in contact, with the offer as the sender's message; the sender keeps quiet as whoever asks does."""
    contact = quiet.begin(asker=offer.sender, recipient=offer.recipient)
    words, key = in_words(offer), f"offer:{offer.public_id}"
    threads.deliver(contact, offer.sender, words, purpose=Purpose.OFFER, key=key)
    ties.met(offer.sender, offer.recipient, how="offer")
    news.interested(offer)
    return contact


def in_words(offer: Offer) -> str:
    """The offer as the first message of its thread: in the language that is active."""
    form = Form(**offer.form)
    employer = form.employer or str(_("confidential"))
    return f"{form.role} · {employer}\n{form.place} · {pay_of(form)}\n\n{form.mandate}\n\n{form.why}"


def pay_of(form: Form) -> str:
    return f"{form.pay_low:,}–{form.pay_high:,} {form.currency} / {PERIODS[form.period]}".replace(",", "\u202f")


def held(offer: Offer, *, recipient: Member) -> Offer:
    """The offer as it is now, locked with its two. Raises `NotYourOffer` for what never arrived, too."""
    if offer.recipient_id != recipient.pk:
        raise NotYourOffer
    ties.lock(offer.sender, recipient)
    fresh = Offer.objects.select_for_update(of=["self"]).select_related("sender", "recipient").get(pk=offer.pk)
    if fresh.arrived_at is None:
        raise NotYourOffer
    return fresh


def arrived_for(recipient: Member) -> QuerySet[Offer]:
    """What arrived, the newest first, answered or not."""
    mine = Offer.objects.filter(recipient=recipient, arrived_at__isnull=False)
    return mine.select_related("sender", "entry").order_by("-arrived_at", "-pk")


def waiting_for(recipient: Member) -> QuerySet[Offer]:
    """What arrived and can still be answered."""
    return arrived_for(recipient).filter(answer=Answer.NONE, sent_at__gt=clock.now() - Offer.lasts())


def for_recipient(member: Member, public_id: UUID) -> Offer:
    """An offer that arrived; raises `NotYourOffer` alike for others', kept away and unknown ones."""
    found = arrived_for(member).filter(public_id=public_id).first()
    if found is None:
        raise NotYourOffer
    return found

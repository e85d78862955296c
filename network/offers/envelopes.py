"""Offers: sent as a form, evaluated by the worker before delivery, answered by the recipient.

Whatever the terms say, the sender gets the same answer and has spent the same allowance; the worker decides later, at
a moment that depends on nothing (`settle_later`). So nobody finds a floor by trying (docs/decisions/0040).
"""

import secrets
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import months, people, ties, visibility
from accounts.models import Entry, EntryKind, Member
from foundation import clock, jobs, wakes
from foundation.refusals import Conflict, Invalid, NotThere
from network.contacts import quiet, requests
from network.contacts.models import Contact
from network.messages import threads
from network.messages.models import Purpose
from network.offers import filling, matching, terms
from network.offers.filling import Form
from network.offers.matching import Match
from network.offers.models import Answer, Offer
from vetting import allowance, evidence, ledger


class OfferToOneself(Invalid):
    code = "offer-to-oneself"
    message = _("That is you.")


class NotTheirEntry(Invalid):
    code = "offer-entry"
    message = _("Choose the entry of theirs that the role fits, and say why.")


class OfferedAlready(Conflict):
    code = "offered-already"
    message = _("You have offered this role to this person within the last year.")


class NotYourOffer(NotThere):
    code = "not-your-offer"
    message = _("There is no such offer, or it is not for you.")


class OfferAnswered(Conflict):
    code = "offer-answered"
    message = _("This offer is answered already.")


@transaction.atomic
def send(sender: Member, recipient: Member, form: Form, *, entry: Entry | None, key: str) -> Offer:
    """The offer reads "sent", and one of the month's allowance is spent, whatever becomes of it.

    The same `key` returns the offer that is there. Raises `Frozen`, `OfferToOneself`, `OfferWrong`, `RangeTooWide`,
    `NotTheirEntry`, `QuestionUnanswered`, `OfferedAlready`, notes' refusals, and those of `allowance.spend`.
    """
    people.check_may_act(sender)
    if sender.pk == recipient.pk:
        raise OfferToOneself
    ties.lock(sender, recipient)
    before = Offer.objects.filter(sender=sender, key=key).first()
    if before:
        return before
    kept = filling.checked(form, question=terms.question_of(recipient))
    if entry is None or not visibility.entries(recipient, sender).filter(pk=entry.pk).exists():
        raise NotTheirEntry
    role = filling.identity(kept)
    if any(matching.is_same_role(role, earlier.role) for earlier in _lately(recipient).filter(sender=sender)):
        raise OfferedAlready
    allowance.spend(sender, allowance.Kind.OFFER)
    offer = Offer.objects.create(
        sender=sender,
        recipient=recipient,
        form=asdict(kept),
        employer=str(role["employer"]),
        role=role,
        entry=entry,
        snapshot=requests.snapshot(entry),
        key=key,
        sent_at=clock.now(),
    )
    jobs.add("offer-settle", {"offer": offer.pk}, key=f"offer:{offer.pk}", delay=settle_later())
    return offer


def settle_later() -> timedelta:
    """When the worker looks at an offer: after a fixed wait and a random one, neither of which depends on anything."""
    return timedelta(minutes=settings.OFFER_WAIT_MINUTES + secrets.randbelow(settings.OFFER_JITTER_MINUTES + 1))


def _lately(recipient: Member) -> QuerySet[Offer]:
    since = clock.now() - timedelta(days=settings.OFFER_AGAIN_DAYS)
    return Offer.objects.filter(recipient=recipient, sent_at__gt=since)


@transaction.atomic
def settle(offer_id: int) -> None:
    """Worker: the offer arrives, or does not. Nothing that its sender can see changes. Twice is once."""
    offer = Offer.objects.select_for_update(of=["self"]).select_related("sender", "recipient").get(pk=offer_id)
    if offer.settled_at:
        return
    matched = evaluate(offer)
    offer.settled_at = clock.now()
    if matched.fits and not _is_kept_away(offer):
        offer.arrived_at, offer.met = clock.now(), list(matched.met)
        wakes.look_again(wakes.channel_of(offer.recipient.public_id))
    offer.save(update_fields=["settled_at", "arrived_at", "met"])


def evaluate(offer: Offer) -> Match:
    """The offer against its recipient's terms as they are now."""
    return matching.match(
        terms.for_the_matcher(offer.recipient),
        filling.as_role(Form(**offer.form)),
        world=world(),
        month=months.of(clock.today()),
        last_change=_last_change(offer.recipient),
    )


def world() -> matching.World:
    return matching.World(rates=settings.OFFER_RATES, places=settings.OFFER_PLACES)


def _last_change(member: Member) -> int | None:
    began = member.entries.filter(kind=EntryKind.EMPLOYMENT).order_by("-starts").values_list("starts", flat=True)
    return began.first()


def _is_kept_away(offer: Offer) -> bool:
    """Blocked, or somebody offered this role to this person within the year: an agency with five accounts is one."""
    if ties.has_blocked(offer.recipient, offer.sender):
        return True
    earlier = _lately(offer.recipient).filter(Q(sent_at__lt=offer.sent_at) | Q(sent_at=offer.sent_at, pk__lt=offer.pk))
    return any(matching.is_same_role(offer.role, other.role) for other in earlier)


@transaction.atomic
def answer(offer: Offer, *, by: Member, answer: str) -> Contact | None:
    """*Interested* opens a thread with the offer in it; the other answers change nothing that the sender can see.

    *Unread* is evidence: the offer plainly ignores the profile. Raises `NotYourOffer`, `OfferAnswered`, `Frozen`.
    """
    fresh = held(offer, recipient=by)
    if fresh.answer or answer not in Answer.values or answer == Answer.NONE:
        raise OfferAnswered
    if answer == Answer.INTERESTED:
        people.check_may_act(by)
    Offer.objects.filter(pk=fresh.pk).update(answer=answer, answered_at=clock.now())
    if answer == Answer.UNREAD:
        ledger.record(fresh.sender, by=by, kind=evidence.PITCH, source=f"offer:{fresh.public_id}")
    if answer != Answer.INTERESTED:
        return None
    contact = quiet.begin(asker=fresh.sender, recipient=by)
    threads.deliver(contact, fresh.sender, in_words(fresh), purpose=Purpose.OFFER, key=f"offer:{fresh.public_id}")
    ties.met(fresh.sender, by, how="offer")
    return contact


def in_words(offer: Offer) -> str:
    """The offer as the first message of its thread: in the language that is active."""
    form = Form(**offer.form)
    employer = form.employer or str(_("confidential"))
    pay = f"{form.pay_low}–{form.pay_high} {form.currency} / {_PERIODS[form.period]}"
    return f"{form.role} · {employer}\n{form.place} · {pay}\n\n{form.mandate}\n\n{form.why}"


_PERIODS = {"hour": _("hour"), "day": _("day"), "month": _("month"), "year": _("year")}


def held(offer: Offer, *, recipient: Member) -> Offer:
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


def for_recipient(member: Member, public_id: UUID) -> Offer:
    """An offer that arrived; raises `NotYourOffer` alike for others', kept away and unknown ones."""
    found = arrived_for(member).filter(public_id=public_id).first()
    if found is None:
        raise NotYourOffer
    return found


def sent_by(sender: Member) -> QuerySet[Offer]:
    return Offer.objects.filter(sender=sender).select_related("recipient").order_by("-sent_at", "-pk")

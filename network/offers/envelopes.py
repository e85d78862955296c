"""Offers, the sender's side: written as a form, and from then on reading "sent".

Whatever the terms say, the sender gets the same answer and has spent the same allowance; a worker decides later
(`settling`), at a moment that depends on nothing. So nobody finds a floor by trying (docs/decisions/0040).
"""

import secrets
from dataclasses import asdict
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import people, ties, visibility
from accounts.models import Entry, Member
from foundation import clock, jobs
from foundation.refusals import Conflict, Forbidden, Invalid
from network.contacts import quiet, requests
from network.offers import filling, terms
from network.offers.filling import Form
from network.offers.models import Offer
from vetting import allowance


class OfferToOneself(Invalid):
    code = "offer-to-oneself"
    message = _("That is you.")


class OfferElsewhere(Forbidden):
    code = "offer-elsewhere"
    message = _("Offers stay on this server for now: what this person would hear of is known to their server alone.")


class NotTheirEntry(Invalid):
    code = "offer-entry"
    message = _("Choose the entry of theirs that the role fits, and say why.")


class OfferedAlready(Conflict):
    code = "offered-already"
    message = _("You have offered this role to this person within the last year.")


class OfferedLately(Conflict):
    code = "offered-lately"
    message = _("You have offered something to this person within the last %(days)d days.")


class OfferStillQuiet(Forbidden):
    code = "offer-quiet-period"
    message = _("You asked for this contact, so until %(date)s you make no offers here.")


@transaction.atomic
def send(sender: Member, recipient: Member, form: Form, *, entry: Entry | None, key: str) -> Offer:
    """The offer reads "sent", and one of the month's allowance is spent, whatever becomes of it.

    The same `key` returns the offer that is there. Raises `Frozen`, `OfferToOneself`, `OfferElsewhere`,
    `OfferStillQuiet`, `NotTheirEntry`, `OfferedLately`, `OfferedAlready`, the refusals of `filling.checked` and of
    `allowance.spend`.
    """
    people.check_may_act(sender)
    if sender.pk == recipient.pk:
        raise OfferToOneself
    if recipient.host:
        raise OfferElsewhere
    ties.lock(sender, recipient)
    before = Offer.objects.filter(sender=sender, key=key).first()
    if before:
        return before
    kept = filling.checked(form, question=terms.question_of(recipient))
    if entry is None or not visibility.entries(recipient, sender).filter(pk=entry.pk).exists():
        raise NotTheirEntry
    _check_own_past(sender, recipient, kept)
    allowance.spend(sender, allowance.Kind.OFFER)
    offer = Offer.objects.create(
        sender=sender,
        recipient=recipient,
        form=asdict(kept),
        employer=filling.main_name(kept.employer),
        role=filling.identity(kept),
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


def _check_own_past(sender: Member, recipient: Member, form: Form) -> None:
    """What the sender knows anyway: the quiet period, and their own earlier offers to this person."""
    bound = quiet.keeps_quiet(sender, recipient)
    if bound:
        raise OfferStillQuiet(date=bound.until.date())
    if last_to(sender, recipient):
        raise OfferedLately(days=settings.OFFER_PAUSE_DAYS)
    if filling.is_offered_in(filling.identity(form), lately(recipient, sender).values_list("role", flat=True)):
        raise OfferedAlready


def last_to(sender: Member, recipient: Member) -> Offer | None:
    """The offer that keeps the sender from making this person another one for now."""
    since = clock.now() - timedelta(days=settings.OFFER_PAUSE_DAYS)
    return lately(recipient, sender).filter(sent_at__gt=since).order_by("-sent_at").first()


def lately(recipient: Member, sender: Member | None = None) -> QuerySet[Offer]:
    """Offers of the last year to this person, by one sender or by everybody; delivered or not."""
    since = clock.now() - timedelta(days=settings.OFFER_AGAIN_DAYS)
    rows = Offer.objects.filter(recipient=recipient, sent_at__gt=since)
    return rows.filter(sender=sender) if sender else rows


def sent_by(sender: Member) -> QuerySet[Offer]:
    return Offer.objects.filter(sender=sender).select_related("recipient").order_by("-sent_at", "-pk")

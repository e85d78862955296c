"""Requests for contact: asked with a context, withdrawn, read by each side.

The web request writes the same rows whatever the recipient's door, blocks or earlier answers are; the worker
(`settling`) decides where the request goes, so that nothing the asker can see tells the difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts import people, ties
from accounts.models import Entry, Member
from foundation import clock, jobs, quotas
from foundation.refusals import Conflict, Forbidden, Invalid, TooOften
from network.contacts import answers, notes, vouching
from network.contacts.models import Answer, ContextKind, Request, Whereabouts
from vetting import allowance, contexts
from vetting.models import ConfirmationKind


class AskingOneself(Invalid):
    code = "asking-oneself"
    message = _("That is you.")


class AlreadyInContact(Conflict):
    code = "already-in-contact"
    message = _("You two are in contact already: just write.")


class ContextNeeded(Invalid):
    code = "context-needed"
    message = _("Choose the context in which you know each other: one of your own entries, or what you share here.")


class NotYourRequest(Forbidden):
    code = "not-your-request"
    message = _("That is not your request.")


class EnoughOpen(TooOften):
    code = "requests-open"
    message = ngettext_lazy(
        "You have %(limit)d open request, which is all you may have."
        " Its place is free again 14 days after asking, or when it is accepted.",
        "You have %(limit)d open requests, which is all you may have."
        " A place is free again 14 days after asking, or when one is accepted.",
        "limit",
    )


def offered_contexts(asker: Member, recipient: Member) -> list[ContextKind]:
    """Which kinds of context the asker can name towards this recipient."""
    kinds = [ContextKind.ENTRY] if asker.entries.exists() else []
    known = contexts.confirmation(asker, recipient)
    if known and known.kind == ConfirmationKind.INVITED:
        kinds.append(ContextKind.INVITATION)
    if ties.earlier(asker, recipient):
        kinds.append(ContextKind.EARLIER)
    return kinds


def open_of(asker: Member) -> QuerySet[Request]:
    """Requests that hold one of the asker's places: asked less than 14 days ago and not accepted."""
    since = clock.now() - timedelta(days=settings.REQUEST_SLOT_DAYS)
    return Request.objects.filter(asker=asker, asked_at__gt=since, accepted_at=None)


@dataclass(frozen=True)
class Room:
    """How much asking is left: counts and limits, for the form's gentle word at half the limit."""

    open: int
    open_limit: int
    today: int
    today_limit: int

    @property
    def half_used(self) -> bool:
        return self.open * 2 >= self.open_limit or self.today * 2 >= self.today_limit


def room_left(asker: Member) -> Room:
    return Room(
        open=open_of(asker).count(),
        open_limit=allowance.open_requests(asker),
        today=quotas.used(allowance.Kind.REQUEST, str(asker.pk)),
        today_limit=allowance.new_requests_a_day(asker),
    )


@transaction.atomic
def ask(
    asker: Member,
    recipient: Member,
    *,
    context: str,
    key: str,
    entry: Entry | None = None,
    note: str = "",
    vouchers: Sequence[Member] = (),
) -> Request:
    """The asker has a request that reads "sent"; a worker will settle where it goes.

    The same `key`, or an open request to the same person, returns the request that is there. If the recipient's own
    delivered request waits for the asker, that one is accepted instead and returned. Raises `Frozen`,
    `AskingOneself`, `AlreadyInContact`, `ContextNeeded`, notes' and vouching's refusals, `EnoughOpen`,
    `allowance.EnoughToday`.
    """
    people.check_may_act(asker)
    if asker.pk == recipient.pk:
        raise AskingOneself
    ties.lock(asker, recipient)
    before = Request.objects.filter(Q(key=key) | Q(recipient=recipient, ended_at=None), asker=asker).first()
    if before and not _has_run_out(before):
        return before
    if ties.in_contact(asker, recipient):
        raise AlreadyInContact
    waiting = waiting_for(asker).filter(asker=recipient).first()
    if waiting:
        answers.accept(waiting, by=asker)
        return waiting
    _check_context(asker, recipient, context, entry)
    text = notes.check(note)
    questions = vouching.chosen(asker, recipient, vouchers)
    _spend(asker)
    request = _create(asker, recipient, context=context, entry=entry, note=text, key=key)
    vouching.ask(request, questions)
    jobs.add("request-settle", {"request": request.pk}, key=f"settle:{request.pk}")
    return request


def _has_run_out(request: Request) -> bool:
    """Closes the asker's side of a request that is past day 60; True if it did."""
    if clock.now() < request.ends_at or request.ended_at:
        return False
    Request.objects.filter(pk=request.pk, ended_at=None).update(ended_at=request.ends_at)
    return True


def _check_context(asker: Member, recipient: Member, context: str, entry: Entry | None) -> None:
    if context == ContextKind.ENTRY:
        if entry is None or entry.member_id != asker.pk:
            raise ContextNeeded
    elif context not in offered_contexts(asker, recipient):
        raise ContextNeeded


def _spend(asker: Member) -> None:
    limit = allowance.open_requests(asker)
    if open_of(asker).count() >= limit:
        oldest = open_of(asker).earliest("asked_at")
        raise EnoughOpen(limit=limit, again_at=oldest.asked_at + timedelta(days=settings.REQUEST_SLOT_DAYS))
    allowance.spend(asker, allowance.Kind.REQUEST)


def _create(asker: Member, recipient: Member, *, context: str, entry: Entry | None, note: str, key: str) -> Request:
    met = ties.last_met(asker, recipient)
    named = entry if context == ContextKind.ENTRY else None
    return Request.objects.create(
        asker=asker,
        recipient=recipient,
        context=context,
        entry=named,
        snapshot=snapshot(named),
        note=note,
        key=key,
        asked_at=clock.now(),
        met_at=met.at if met else None,
        met_how=met.how if met else "",
    )


def snapshot(entry: Entry | None) -> dict[str, Any]:
    """The entry as it stood when asking: what the recipient was told, kept with the request."""
    if entry is None:
        return {}
    return {
        "kind": entry.kind,
        "organisation": entry.organisation.name,
        "unit": entry.unit.name if entry.unit else "",
        "title": entry.title,
        "starts": entry.starts,
        "starts_exact": entry.starts_exact,
        "ends": entry.ends,
        "ends_exact": entry.ends_exact,
    }


@transaction.atomic
def withdraw(request: Request, *, by: Member) -> None:
    """The asker's request is withdrawn and disappears from the recipient's pages. An answered one stays as it is."""
    if request.asker_id != by.pk:
        raise NotYourRequest
    Request.objects.filter(pk=request.pk, ended_at=None).update(withdrawn_at=clock.now(), ended_at=clock.now())


def _answerable() -> QuerySet[Request]:
    since = clock.now() - timedelta(days=settings.REQUEST_ENDS_DAYS)
    return Request.objects.filter(answer=Answer.NONE, withdrawn_at=None, asked_at__gt=since)


def waiting_for(recipient: Member) -> QuerySet[Request]:
    """Requests that were delivered to the recipient, at the door or in the tray, and can still be answered."""
    delivered = [Whereabouts.DELIVERED, Whereabouts.TRAY]
    rows = _answerable().filter(recipient=recipient, whereabouts__in=delivered)
    return rows.select_related("asker", "recipient", "entry")


def at_the_door(recipient: Member) -> QuerySet[Request]:
    return waiting_for(recipient).filter(whereabouts=Whereabouts.DELIVERED).order_by("-asked_at")


def in_the_tray(recipient: Member) -> QuerySet[Request]:
    return waiting_for(recipient).filter(whereabouts=Whereabouts.TRAY).order_by("-asked_at")


def in_the_trays() -> QuerySet[Request]:
    """What waits in anybody's tray: for the weekly letters."""
    return _answerable().filter(whereabouts=Whereabouts.TRAY)


def sent_by(asker: Member) -> QuerySet[Request]:
    return Request.objects.filter(asker=asker).select_related("recipient").order_by("-asked_at")


def open_between(asker: Member, recipient: Member) -> Request | None:
    """The request that still reads "sent" from one to the other."""
    since = clock.now() - timedelta(days=settings.REQUEST_ENDS_DAYS)
    return Request.objects.filter(asker=asker, recipient=recipient, ended_at=None, asked_at__gt=since).first()


def for_recipient(member: Member, public_id: UUID) -> Request | None:
    """The delivered request the member may read, answered or not; None for everything else alike."""
    delivered = Request.objects.filter(recipient=member, withdrawn_at=None).exclude(
        whereabouts__in=[Whereabouts.PENDING, Whereabouts.NOWHERE]
    )
    return delivered.select_related("asker", "recipient", "entry").filter(public_id=public_id).first()


def asked_lately(asker: Member, recipient: Member, *, before: datetime, but: int) -> bool:
    """An earlier request to the same person within 180 days: this one is delivered nowhere (product.md, 5)."""
    since = before - timedelta(days=settings.REQUEST_AGAIN_DAYS)
    return (
        Request.objects.filter(asker=asker, recipient=recipient, asked_at__gt=since, asked_at__lte=before)
        .exclude(pk=but)
        .exists()
    )

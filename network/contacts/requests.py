"""Requests for contact: asked with a context, withdrawn, read by each side.

The web request writes the same rows whatever the recipient's door, blocks or earlier answers are; the worker
(`settling`) decides where the request goes, so that nothing the asker can see tells the difference.

News for the server of a recipient elsewhere: `request-for-elsewhere` {request} (`settling`), `request-withdrawn`
{request}.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import people, reach, remotes, ties, visibility
from accounts.models import Elsewhere, Entry, Member
from foundation import clock, jobs
from foundation.refusals import Conflict, Forbidden, Invalid, NotThere
from network.contacts import answers, notes, places, vouching
from network.contacts.models import Answer, ContextKind, Request, Whereabouts
from vetting import contexts
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


class GoneElsewhere(NotThere):
    code = "gone-elsewhere"
    message = _("They are no longer there, or have moved to another server.")


class NotYourRequest(Forbidden):
    code = "not-your-request"
    message = _("That is not your request.")


def offered_contexts(asker: Member, recipient: Member) -> list[ContextKind]:
    """Which kinds of context the asker can name towards this recipient."""
    kinds = [ContextKind.ENTRY] if asker.entries.exists() else []
    known = contexts.confirmation(asker, recipient)
    if known and known.kind == ConfirmationKind.INVITED:
        kinds.append(ContextKind.INVITATION)
    if ties.earlier(asker, recipient):
        kinds.append(ContextKind.EARLIER)
    if not remotes.speaks(asker):
        kinds.append(ContextKind.MESSAGE)
    return kinds


@dataclass(frozen=True, kw_only=True)
class Afar:
    """What is special about a request that comes from another server.

    `loud`: may come to the door; else it waits in the tray. `came_first`: where both asked at once, this asker is the
    one who keeps quiet. `kept`: what the other server said, kept with the snapshot: `asker` (name and headline,
    disclosed to this recipient alone) and `said` (the facts of the entry, word for word).
    """

    loud: bool = True
    came_first: bool = False
    kept: dict[str, dict[str, str]] = field(default_factory=dict)


HERE = Afar()


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
    afar: Afar = HERE,
) -> Request:
    """The asker has a request that reads "sent"; a worker will settle where it goes.

    The same `key`, or an open request to the same person, returns the request that is there. If the recipient's own
    delivered request waits for the asker, that one is accepted instead and returned. Raises `Frozen`, `AskingOneself`,
    `GoneElsewhere`, `NothingGoesThere`, `AlreadyInContact`, `ContextNeeded`, notes' and vouching's refusals,
    `places.EnoughOpen`, `allowance.EnoughToday`.
    """
    people.check_may_act(asker)
    if asker.pk == recipient.pk:
        raise AskingOneself
    _check_is_there(recipient)
    ties.lock(asker, recipient)
    before = Request.objects.filter(Q(key=key) | Q(recipient=recipient, ended_at=None), asker=asker).first()
    if before and not _has_run_out(before):
        return before
    if ties.in_contact(asker, recipient):
        raise AlreadyInContact
    waiting = waiting_for(asker).filter(asker=recipient).first()
    if waiting and context != ContextKind.MESSAGE:  # a message may as well say no
        answers.accept(waiting, by=asker, quiet_side=asker if afar.came_first else None)
        return waiting
    _check_context(asker, recipient, context, entry)
    text = notes.check(note)
    questions = vouching.chosen(asker, recipient, vouchers)
    places.spend(asker)
    request = _create(asker, recipient, context=context, entry=entry, note=text, key=key, afar=afar)
    vouching.ask(request, questions)
    jobs.add("request-settle", {"request": request.pk}, key=f"settle:{request.pk}")
    return request


def _check_is_there(recipient: Member) -> None:
    """Somebody on another server may be gone, or have moved, as that server says; or nothing of ours goes there."""
    reach.check(recipient)
    lives = Elsewhere.objects.filter(member=recipient).first() if recipient.host else None
    if lives and (lives.gone_at or lives.moved_to):
        raise GoneElsewhere


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


def _create(
    asker: Member, recipient: Member, *, context: str, entry: Entry | None, note: str, key: str, afar: Afar
) -> Request:
    met = ties.last_met(asker, recipient)
    named = entry if context == ContextKind.ENTRY else None
    return Request.objects.create(
        asker=asker,
        recipient=recipient,
        context=context,
        entry=named,
        snapshot=snapshot(named) | afar.kept,
        note=note,
        loud=afar.loud,
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
    still = Request.objects.filter(pk=request.pk, ended_at=None)
    if still.update(withdrawn_at=clock.now(), ended_at=clock.now()) and request.recipient.host and not by.host:
        jobs.announce("request-withdrawn", {"request": request.pk})


def _answerable() -> QuerySet[Request]:
    since = clock.now() - timedelta(days=settings.REQUEST_ENDS_DAYS)
    return Request.objects.filter(answer=Answer.NONE, withdrawn_at=None, asked_at__gt=since)


def waiting_for(recipient: Member) -> QuerySet[Request]:
    """Requests that were delivered to the recipient, at the door or in the tray, and can still be answered.

    To somebody elsewhere: those their server has been or will be told of, for their own request may cross ours.
    """
    delivered = [Whereabouts.DELIVERED, Whereabouts.TRAY]
    if recipient.host:
        delivered = [Whereabouts.PENDING, Whereabouts.AWAY]
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


def disclosed(request: Request) -> visibility.Shown:
    """The asker as their request discloses them: name and headline, as told to this recipient."""
    shown, told = visibility.disclosed(request.asker), request.snapshot.get("asker", {})
    return replace(shown, name=told.get("name") or shown.name, headline=told.get("headline") or shown.headline)


def asked_lately(asker: Member, recipient: Member, *, before: datetime, but: int) -> bool:
    """An earlier request to the same person within 180 days: this one is delivered nowhere (product.md, 5)."""
    since = before - timedelta(days=settings.REQUEST_AGAIN_DAYS)
    return (
        Request.objects.filter(asker=asker, recipient=recipient, asked_at__gt=since, asked_at__lte=before)
        .exclude(pk=but)
        .exists()
    )

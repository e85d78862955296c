"""Contacts begin, keep quiet for a while, and end.

News for the server of a side that lives elsewhere: `contact-ended` {contact}, `quiet-lifted` {contact}, and
`quiet-renewed` {contact}: it binds that side longer, or less long, than that server knows.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from accounts import ties
from accounts.models import Member
from foundation import clock, jobs
from foundation.refusals import Forbidden
from network.contacts.models import Contact, Quiet, Request

Anew = tuple[datetime | None, datetime | None]
"""Since when and until when a quiet period that began anew binds one side."""


class NotYourContact(Forbidden):
    code = "not-your-contact"
    message = _("You two are not in contact.")


class NotYoursToLift(Forbidden):
    code = "not-yours-to-lift"
    message = _("Only the other side can end a quiet period early.")


def begin(*, asker: Member, recipient: Member, request: Request | None = None) -> Contact:
    """The two are in contact; for 30 days the side that asked keeps quiet. Call it inside a transaction."""
    now = clock.now()
    tie = ties.begin(asker, recipient)
    contact, created = Contact.objects.get_or_create(
        tie=tie,
        defaults={
            "asker": asker,
            "recipient": recipient,
            "request": request,
            "began_at": now,
            "quiet_until": now + timedelta(days=settings.QUIET_PERIOD_DAYS),
        },
    )
    if created:
        jobs.announce("contact-begun", {"contact": contact.pk})
    return contact


def between(one: Member, other: Member) -> Contact | None:
    """The live contact of the two."""
    low, high = ties.pair(one, other)
    found = Contact.objects.select_related("asker", "recipient")
    return found.filter(tie__low=low, tie__high=high, ended_at=None).first()


def ended_meanwhile(writer: Member, other: Member) -> Contact | None:
    """The contact that `writer`, on another server, has just ended: what they wrote before may arrive after it."""
    if not writer.host or ties.has_blocked(other, writer):
        return None
    since = clock.now() - timedelta(days=settings.REQUEST_LATE_DAYS)
    low, high = ties.pair(writer, other)
    last = Contact.objects.select_related("asker", "recipient").filter(tie__low=low, tie__high=high)
    return last.filter(ended_by=writer, ended_at__gt=since).order_by("-ended_at").first()


def of(member: Member) -> QuerySet[Contact]:
    """The member's live contacts, newest first."""
    mine = Contact.objects.filter(Q(asker=member) | Q(recipient=member), ended_at=None)
    return mine.select_related("asker", "recipient").order_by("-began_at", "-pk")


def keeps_quiet(writer: Member, other: Member) -> Quiet | None:
    """The quiet period that binds `writer` towards `other` now, if any."""
    contact = between(writer, other)
    return contact.quiet_of(writer) if contact else None


@transaction.atomic
def lift(contact: Contact, *, by: Member) -> None:
    """One side ends the other's quiet period early: that one may write what they like from now on.

    Raises `NotYoursToLift` for one's own, and where the side that was asked is not bound.
    """
    if by.pk not in (contact.asker_id, contact.recipient_id):
        raise NotYoursToLift
    now = clock.now()
    live = Contact.objects.filter(pk=contact.pk, ended_at=None)
    if by.pk == contact.asker_id:
        if not live.filter(recipient_again_until__gt=now).update(recipient_again_until=now):
            raise NotYoursToLift
        return
    again = live.filter(asker_again_until__gt=now).update(asker_again_until=now)
    if (live.filter(lifted_at=None).update(lifted_at=now) or again) and contact.asker.host:
        jobs.announce("quiet-lifted", {"contact": contact.pk})


def restart(contact: Contact, *, side: Member) -> bool:
    """A quiet period begins anew for this side, whoever asked at first; the other side can lift it.

    No quiet period that runs, of either side, ends earlier for it. False if the contact has ended. Call it inside a
    transaction.
    """
    if side.pk not in (contact.asker_id, contact.recipient_id):
        raise NotYourContact
    ties.lock(contact.asker, contact.recipient)
    until = clock.now() + timedelta(days=settings.QUIET_PERIOD_DAYS)
    role = _role(contact, side)
    anew = {f"{role}_again_since": clock.now(), f"{role}_again_until": Greatest(f"{role}_again_until", Value(until))}
    live = bool(Contact.objects.filter(pk=contact.pk, ended_at=None).update(**anew))
    if live and side.host:
        jobs.announce("quiet-renewed", {"contact": contact.pk})
    return live


@transaction.atomic
def bind(contact: Contact, *, by: Member, until: datetime) -> None:
    """The server of `by`, who lives elsewhere, takes nothing that sells from the other side until then.

    30 days at most.

    Raises `NotYoursToLift`.
    """
    if by.pk not in (contact.asker_id, contact.recipient_id) or not by.host:
        raise NotYoursToLift
    role = "recipient" if by.pk == contact.asker_id else "asker"
    until = min(until, clock.now() + timedelta(days=settings.QUIET_PERIOD_DAYS))
    row = {f"{role}_again_since": clock.now(), f"{role}_again_until": until}
    Contact.objects.filter(pk=contact.pk, ended_at=None).update(**row)


def anew(contact: Contact, *, side: Member) -> Anew:
    """Since when and until when a quiet period that began anew binds this side, for `take_back`."""
    role = _role(contact, side)
    row = Contact.objects.values_list(f"{role}_again_since", f"{role}_again_until").get(pk=contact.pk)
    return row[0], row[1]


def take_back(contact: Contact, *, side: Member, stays_since: datetime | None, before: Anew = (None, None)) -> None:
    """What has begun anew for this side did so in error. What something else began, at `stays_since` the last time,
    goes on as long as it would have without the error; else it is as it was `before`. What was lifted stays lifted."""
    role = _role(contact, side)
    _since, until = anew(contact, side=side)
    if until is None:
        return
    if stays_since:
        before = stays_since, min(until, stays_since + timedelta(days=settings.QUIET_PERIOD_DAYS))
    row = {f"{role}_again_since": before[0], f"{role}_again_until": before[1]}
    Contact.objects.filter(pk=contact.pk).update(**row)
    if side.host:
        jobs.announce("quiet-renewed", {"contact": contact.pk})


def _role(contact: Contact, side: Member) -> str:
    return "asker" if side.pk == contact.asker_id else "recipient"


@transaction.atomic
def end(contact: Contact, *, by: Member, as_pitch: bool = False) -> bool:
    """The two are no longer in contact. Either side may end it; False if it had ended already."""
    if by.pk not in (contact.asker_id, contact.recipient_id):
        raise NotYourContact
    ties.lock(contact.asker, contact.recipient)
    live = Contact.objects.filter(pk=contact.pk, ended_at=None)
    ended = live.update(ended_at=clock.now(), ended_by=by, ended_as_pitch=as_pitch)
    if ended:
        ties.end(contact.asker, contact.recipient)
        if not by.host and (contact.asker.host or contact.recipient.host):
            jobs.announce("contact-ended", {"contact": contact.pk})
        jobs.announce("tie-ended", {"one": contact.asker_id, "other": contact.recipient_id})
    return bool(ended)

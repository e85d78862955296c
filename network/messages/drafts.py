"""Drafts: what somebody has begun to write, kept for them alone, sealed, one a person; gone when it is sent."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import ties
from accounts.models import Member
from foundation import clock, retention, sealing, wording
from foundation.refusals import Forbidden, Invalid
from network.messages.models import Draft, Message


class NobodyToDraftFor(Forbidden):
    code = "draft-without-contact"
    message = _("Drafts are kept for people you are in contact with.")


class DraftTooLong(Invalid):
    code = "draft-too-long"
    message = _("The draft has %(length)d characters; %(limit)d fit.")


@transaction.atomic
def keep(writer: Member, other: Member, *, text: str, key: str = "") -> bool:
    """The draft is what it says now; an empty one is gone. True if there is one.

    With the `key` of a form that was sent already nothing is kept: what comes late brings nothing back. Raises
    `NobodyToDraftFor`, `DraftTooLong`. Frozen members may go on drafting.
    """
    words = wording.clean(text)
    if len(words) > settings.MESSAGE_MAX_CHARACTERS:
        raise DraftTooLong(length=len(words), limit=settings.MESSAGE_MAX_CHARACTERS)
    if writer.pk == other.pk or not ties.in_contact(writer, other):
        raise NobodyToDraftFor
    ties.lock(writer)
    if not words.strip() or (key and Message.objects.filter(writer=writer, key=key).exists()):
        drop(writer, other)
        return False
    row = Draft(writer=writer, other=other)
    sealed = sealing.seal(words.encode(), where=_where(row))
    Draft.objects.update_or_create(writer=writer, other=other, defaults={"sealed": sealed, "kept_at": clock.now()})
    return True


def of(writer: Member, other: Member) -> str:
    """The draft, or nothing."""
    row = Draft.objects.filter(writer=writer, other=other).first()
    return sealing.open_(row.sealed, where=_where(row)).decode() if row else ""


def drop(writer: Member, other: Member) -> None:
    Draft.objects.filter(writer=writer, other=other).delete()


def _where(draft: Draft) -> str:
    return f"threads_draft:sealed:{draft.writer_id}:{draft.other_id}"


sealing.registers(Draft, "sealed", where=_where)


@retention.keeps("drafts", setting="DRAFT_DAYS", what=_("Drafts of messages that were never sent"))
def forget(before: datetime) -> None:
    Draft.objects.filter(kept_at__lt=before).delete()

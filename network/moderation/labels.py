"""Relabelling: a reader says what a message is. Upheld, it is shown so to both, and its writer's quiet period starts
anew; the strike of the case makes an unlabelled promotion dearer than ten labelled ones."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import audit, wakes
from foundation.refusals import Conflict, Invalid
from network.contacts import quiet
from network.messages import threads
from network.messages.models import Message, Purpose
from network.moderation import reports
from network.moderation.models import Case, Effect, Report, SourceKind, State

LABELS = (Purpose.PROMOTION, Purpose.OFFER)


class NoSuchLabel(Invalid):
    code = "no-such-label"
    message = _("A message can be marked as a promotion or as an offer.")


class NoMarkChosen(Invalid):
    code = "no-mark-chosen"
    message = _("Nothing is reported here but what messages are. Choose the marks that you uphold, or dismiss.")


class LabelledAlready(Conflict):
    code = "labelled-already"
    message = _("This message is labelled already.")


@transaction.atomic
def mark(message: Message, *, by: Member, label: str) -> Report:
    """Moderators have a case about the writer, with the message and what its reader says it is.

    A mark is a report: counted as one, merged into the open case, once for each message. Nothing changes before a
    decision; a mark in bad faith counts against who made it (`decisions.dismiss_bad_faith`). Raises `NoSuchLabel`,
    `LabelledAlready`, and those of `reports.report`.
    """
    if label not in LABELS:
        raise NoSuchLabel
    if message.shown_as != Purpose.PERSONAL:
        raise LabelledAlready
    key = f"label:{message.public_id}"
    made = reports.report(by, message.writer, words="", key=key, message=message, label=label)
    undecided = Report.objects.filter(pk=made.pk, label="", case__state=State.OPEN)
    if undecided.update(label=label):  # reported in words before
        made.label = label
    return made


def marked_by(reader: Member, messages: Iterable[Message]) -> dict[str, str]:
    """What the reader has said these messages are, and nobody has decided yet: label by public id."""
    ids = [str(message.public_id) for message in messages]
    mine = Report.objects.filter(
        reporter=reader, source_kind=SourceKind.MESSAGE, source__in=ids, case__state=State.OPEN
    )
    return dict(mine.exclude(label="").values_list("source", "label"))


def marks_of(case: Case) -> QuerySet[Report]:
    """What readers said that messages of this case are."""
    return case.reports.filter(source_kind=SourceKind.MESSAGE).exclude(label="").order_by("pk")


def choose(case: Case, marks: Collection[UUID] | None) -> list[Report]:
    """Those of the case's marks that a moderator agrees with: the ones named, or all for None.

    Raises `NoMarkChosen` if nothing else was reported and none is named: then there is nothing to uphold.
    """
    chosen = [mark for mark in marks_of(case).select_related("reporter") if marks is None or mark.public_id in marks]
    if not chosen and not case.reports.filter(Q(label="") | ~Q(words="")).exists():
        raise NoMarkChosen
    return chosen


def take_effect(case: Case, chosen: Iterable[Report], *, by: Member) -> None:
    """The case was upheld: these messages are shown as their readers said. Call it inside a transaction."""
    for mark in chosen:
        quiet_before = _relabel(mark, case, by=by)
        Report.objects.filter(pk=mark.pk).update(label_upheld=True, quiet_before=quiet_before)


def _relabel(report: Report, case: Case, *, by: Member) -> list[str | None]:
    """The quiet period of the writer as it was before it began anew; empty if none did."""
    message = Message.objects.select_related("thread__low", "thread__high", "writer").filter(public_id=report.source)
    found = message.first()
    if found is None:
        return []
    Message.objects.filter(pk=found.pk).update(label=report.label)
    other = threads.other_side(found.thread, found.writer)
    contact = quiet.between(found.writer, other)
    before = quiet.anew(contact, side=found.writer) if contact else ()
    if contact:
        quiet.restart(contact, side=found.writer)
    audit.note(
        f"member:{by.pk}", "labelled-message", f"message:{found.pk}", detail={"as": report.label, "for": case.source}
    )
    wakes.look_again(wakes.channel_of(found.writer.public_id), wakes.channel_of(other.public_id))
    return [moment.isoformat() if moment else None for moment in before]


def take_back(case: Case, *, by: Member) -> None:
    """The decision was taken back: its messages are shown as they were sent, and what started anew for them ends.

    Call it inside a transaction."""
    for mark in marks_of(case).filter(label_upheld=True).order_by("-pk"):  # the last one first: back to what was
        _unlabel(mark, case, by=by)


def _others(mark: Report, message: Message, effect: Effect) -> QuerySet[Case]:
    """Other cases with that effect in which something was upheld that the writer wrote in this thread."""
    theirs = Message.objects.filter(thread=message.thread_id, writer=message.writer_id)
    ids = [str(one) for one in theirs.values_list("public_id", flat=True)]
    marks = Report.objects.filter(source_kind=SourceKind.MESSAGE, source__in=ids, label_upheld=True)
    return Case.objects.filter(pk__in=marks.values("case"), effect=effect).exclude(pk=mark.case_id)


def _stays_since(mark: Report, message: Message) -> datetime | None:
    """When the last of what is upheld all the same was decided."""
    last: datetime | None = _others(mark, message, Effect.STRIKE).aggregate(last=Max("decided_at"))["last"]
    return last


def _before(mark: Report, message: Message) -> quiet.Anew:
    """What bound the writer before the mark, unless that was taken back, too."""
    since, until = [datetime.fromisoformat(one) if one else None for one in mark.quiet_before or [None, None]]
    if since and _others(mark, message, Effect.TAKEN_BACK).filter(decided_at__lte=since).exists():
        return None, None
    return since, until


def _unlabel(mark: Report, case: Case, *, by: Member) -> None:
    messages = Message.objects.select_related("thread__low", "thread__high", "writer")
    message = messages.filter(public_id=mark.source).first()
    if message is None:
        return
    Message.objects.filter(pk=message.pk).update(label="")
    other = threads.other_side(message.thread, message.writer)
    contact = quiet.between(message.writer, other)
    if contact and case.decided_at:
        stays_since, before = _stays_since(mark, message), _before(mark, message)
        quiet.take_back(contact, side=message.writer, stays_since=stays_since, before=before)
    audit.note(f"member:{by.pk}", "unlabelled-message", f"message:{message.pk}", detail={"for": case.source})
    wakes.look_again(wakes.channel_of(message.writer.public_id), wakes.channel_of(other.public_id))

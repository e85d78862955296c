"""A thread as one side reads it: its lines, its truth line, what may be written now and why. No read receipts."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import ties, visibility
from accounts.models import Member
from foundation import clock
from foundation.refusals import Refusal
from network.contacts.models import Contact, Request
from network.messages import editing, files, keeping, pitches, threads, truth
from network.messages.hints import SIGNS, Hint
from network.messages.models import File, Message, Pitch, Purpose, Thread
from network.messages.threads import Position
from network.messages.truth import TruthLine
from network.moderation import labels

EDITS_SHOWN_S = 30
"""Longer than an open page waits before it looks again."""
LAST = 25
"""Messages on one page; earlier ones are a link away."""


@dataclass(frozen=True)
class Line:
    """One message. `markable`: the button *that was a pitch* belongs beside it; `marked`: somebody pressed it.
    `said`: the label that its reader gave it and nobody has decided about; for the reader alone."""

    message: Message
    mine: bool
    markable: bool
    marked: bool
    said: str = ""
    editable: bool = False

    @property
    def text(self) -> str:
        """What it says; of somebody who has left, that it did."""
        return self.message.text or _("(erased when its writer left)")

    @property
    def edited(self) -> bool:
        return self.message.edited_at is not None and self.message.text != ""

    @property
    def file(self) -> File | None:
        return self.message.file if hasattr(self.message, "file") else None

    @property
    def purpose_words(self) -> str | Promise:
        return Purpose(self.message.shown_as).label

    @property
    def may_label(self) -> bool:
        return not self.mine and not self.said and self.message.shown_as == Purpose.PERSONAL

    @property
    def said_words(self) -> str:
        return _("You marked this as “%(label)s”.") % {"label": Purpose(self.said).label} if self.said else ""

    @property
    def notes(self) -> str:
        """Small words under it."""
        found = [
            _("edited") if self.edited else "",
            _("marked as a pitch") if self.marked else "",
            _("labelled so by moderators") if self.message.label else "",
            _("Nearly the same text went to others.") if self.message.sent_to_many and not self.mine else "",
        ]
        return " · ".join(filter(None, found))


@dataclass(frozen=True)
class Hinted:
    """A hint before sending, in words; `it_is`: the writer has answered that it is a promotion, or an offer."""

    hint: Hint
    it_is: str

    @property
    def signs(self) -> list[str | Promise]:
        return [SIGNS[code] for code in self.hint.signs]

    @property
    def label(self) -> str | Promise:
        return Purpose(self.hint.purpose).label


class Conversation:
    """What `reader` sees of their exchange with `other`, whether anything was written yet or not."""

    def __init__(self, reader: Member, other: Member, thread: Thread | None, *, before: str = "", at: str = "") -> None:
        """`before` a message, or ending `at` one: public ids; ids of no message of this thread count as the newest."""
        self.reader, self.other, self.thread, self.before, self.at = reader, other, thread, before, at

    @property
    def is_past(self) -> bool:
        """Not the newest messages: nothing is written or read anew here."""
        return bool(self.before or self.at)

    @cached_property
    def person(self) -> visibility.Shown:
        return visibility.show(self.other, self.reader)

    @cached_property
    def position(self) -> Position:
        return threads.position(self.reader, self.other)

    @cached_property
    def last_contact(self) -> Contact | None:
        """The contact of the two, live or ended."""
        low, high = ties.pair(self.reader, self.other)
        rows = Contact.objects.filter(tie__low=low, tie__high=high).order_by("-began_at", "-pk")
        return rows.select_related("asker", "recipient", "request__asker").first()

    @property
    def contact(self) -> Contact | None:
        return self.last_contact if self.last_contact and self.last_contact.ended_at is None else None

    @property
    def request(self) -> Request | None:
        """What the contact came from: its note opens the thread."""
        return self.last_contact.request if self.last_contact else None

    @property
    def no_file(self) -> Refusal | None:
        """Why no file can go with the next message."""
        wrote = self.contact is not None and threads.both_wrote(self.contact)
        return files.may_not(self.reader, self.other, self.contact, both_wrote=wrote) if self.contact else None

    @property
    def edit_minutes(self) -> int:
        return int(settings.EDIT_MINUTES)

    @property
    def stance(self) -> str:
        """`open`, `waits` or `over`: when it changes, an open page needs another form under its messages."""
        if self.position.may_write:
            return "open"
        return "waits" if self.contact else "over"

    @cached_property
    def _newest_first(self) -> list[Message]:
        if self.thread is None:
            return []
        rows = keeping.seen_by(
            self.thread.messages.select_related("pitch", "writer", "file").order_by("-pk"), self.reader
        )
        if known := self._place(self.before):
            rows = rows.filter(pk__lt=known)
        if known := self._place(self.at):
            rows = rows.filter(pk__lte=known)
        return list(rows[: LAST + 1])

    def _place(self, public_id: str) -> int | None:
        """Where a message of this thread stands; None for any other."""
        try:
            wanted = uuid.UUID(public_id)
        except ValueError:
            return None
        assert self.thread is not None
        return self.thread.messages.filter(public_id=wanted).values_list("pk", flat=True).first()

    @cached_property
    def lines(self) -> list[Line]:
        """Oldest first, the last of those asked for."""
        return self.shown(self._newest_first[:LAST][::-1])

    @property
    def muted(self) -> bool:
        return self.thread is not None and keeping.is_muted(self.thread, self.reader)

    @property
    def has_earlier(self) -> bool:
        return len(self._newest_first) > LAST

    def since(self, after: str) -> list[Line]:
        """What came after that message; nothing if it is not of this thread."""
        place = self._place(after)
        if self.thread is None or place is None:
            return []
        later = self.thread.messages.select_related("pitch", "writer", "file").filter(pk__gt=place).order_by("pk")
        return self.shown(keeping.seen_by(later, self.reader)[:LAST])

    def edited_lately(self, after: str) -> list[Line]:
        """What stands before that message and was edited in the last half minute: for pages that are open."""
        place = self._place(after)
        if self.thread is None or place is None:
            return []
        since = clock.now() - timedelta(seconds=EDITS_SHOWN_S)
        rows = self.thread.messages.select_related("pitch", "writer", "file").filter(pk__lte=place, edited_at__gt=since)
        return self.shown(keeping.seen_by(rows.order_by("pk"), self.reader))

    def shown(self, rows: Iterable[Message]) -> list[Line]:
        rows = list(rows)
        said = labels.marked_by(self.reader, [row for row in rows if row.writer_id != self.reader.pk])
        return [
            Line(
                message=row,
                mine=row.writer_id == self.reader.pk,
                markable=pitches.markable(self.contact, row, self.reader),
                marked=hasattr(row, "pitch"),
                said=said.get(str(row.public_id), ""),
                editable=self.contact is not None and editing.editable(row, by=self.reader, other=self.other),
            )
            for row in rows
        ]

    @property
    def truth(self) -> TruthLine | None:
        """Above the first message, or above the empty page on which the first one will be written."""
        if self.has_earlier or self.is_past:
            return None
        if self.thread:
            claims = bool(self.lines) and self.lines[0].message.claims_contact
            return truth.line(self.thread.met_at, self.thread.met_how, claims=claims)
        return truth.line(*threads.met_before(self.reader, self.other, came_by=self.request))

    @property
    def is_new(self) -> bool:
        """Nobody has written since this contact began: the first side writes once, then waits."""
        began = self.contact.began_at if self.contact else None
        return began is not None and not any(row.sent_at >= began for row in self._newest_first)

    @cached_property
    def pitch(self) -> Pitch | None:
        """The pitch that ended the last contact, if one did."""
        return pitches.of_thread(self.last_contact) if self.contact is None else None

    @property
    def may_appeal(self) -> bool:
        pitch = self.pitch
        return pitch is not None and pitch.message.writer_id == self.reader.pk and pitch.appealed_at is None

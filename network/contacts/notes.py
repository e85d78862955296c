"""What a short text between people not yet in contact may hold: words, and no way out of the house."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation import wording
from foundation.refusals import Invalid


class NoteTooLong(Invalid):
    code = "note-too-long"
    message = _("The note has %(length)d characters; %(limit)d fit.")


class NoteCarries(Invalid):
    code = "note-carries"
    message = _("Please leave out “%(what)s”: a note holds no links, addresses or phone numbers.")


class NoteEmpty(Invalid):
    code = "note-empty"
    message = _("Please write a sentence.")


def check(text: str, *, limit: int | None = None, needed: bool = False) -> str:
    """The note as it is kept, or `NoteTooLong`, `NoteCarries`, `NoteEmpty` (only if `needed`)."""
    note = wording.clean(text).strip()
    most = limit or settings.NOTE_MAX_CHARACTERS
    if len(note) > most:
        raise NoteTooLong(length=len(note), limit=most)
    carried = [*wording.links(note), *wording.addresses(note), *wording.phones(note)]
    if carried:
        raise NoteCarries(what=carried[0])
    if needed and not note:
        raise NoteEmpty
    return note

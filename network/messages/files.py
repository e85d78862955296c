"""Files in threads: known by their content, pictures written anew, sealed, for the two people of the thread alone.

No way around the quiet period: none from the side that keeps quiet, none before both have written, none to other
servers. What other rules a text has to keep a file cannot be held to, so it comes late and seldom.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from foundation import clock, sealing
from foundation.refusals import Forbidden, Invalid, NotThere, TooOften
from network.contacts.models import Contact
from network.messages import pictures, sniffing
from network.messages.models import Enclosed, File, Message

DAY = timedelta(days=1)


class FileNotTaken(Invalid):
    code = "file-not-taken"
    message = _("This is no file we take: pictures (PNG, JPEG, WebP), PDF and plain text. What counts is its content.")


class FileTooLarge(Invalid):
    code = "file-too-large"
    message = _("The file is too large: at most %(limit)d MB, and pictures of at most %(pixels)d million dots.")


class FileInQuietPeriod(Forbidden):
    code = "file-in-quiet-period"
    message = _("Until %(date)s you send no files here. The other side can end this quiet period at any time.")


class FileTooSoon(Forbidden):
    code = "file-too-soon"
    message = _("Files go with later messages: first both of you write.")


class FileElsewhere(Forbidden):
    code = "file-elsewhere"
    message = _("Files are for threads with people on this server.")


class FilesSpent(TooOften):
    code = "files-spent"
    message = _("You have sent %(count)d files today, or %(limit)d MB in all, which is what there is room for.")


class NoSuchFile(NotThere):
    code = "no-such-file"
    message = _("There is no such file, or it is not for you.")


@dataclass(frozen=True)
class Given:
    """A file as it was handed in."""

    name: str
    content: bytes


def may_not(writer: Member, other: Member, contact: Contact, *, both_wrote: bool) -> Forbidden | None:
    """Why `writer` may send no file now, whatever it is: for the form, before anything is chosen."""
    if other.host or writer.host:
        return FileElsewhere()
    bound = contact.would_be_quiet_of(writer)
    if bound:
        until: date = bound.until.date()
        return FileInQuietPeriod(date=until)
    return None if both_wrote else FileTooSoon()


def checked(given: Given) -> tuple[sniffing.Kind, bytes]:
    """What it is and what is kept of it. Raises `FileNotTaken`, `FileTooLarge`."""
    too_large = FileTooLarge(limit=settings.FILE_MAX_BYTES >> 20, pixels=settings.PICTURE_MAX_PIXELS // 1_000_000)
    if len(given.content) > settings.FILE_MAX_BYTES:
        raise too_large
    kind = sniffing.kind_of(given.content)
    if kind is None:
        raise FileNotTaken
    if not kind.picture:
        return kind, given.content
    try:
        content = pictures.rewritten(given.content, kind, pixels_max=settings.PICTURE_MAX_PIXELS)
    except pictures.Unreadable:
        raise FileNotTaken from None
    if len(content) > 2 * settings.FILE_MAX_BYTES:
        raise too_large
    return kind, content


def enclose(message: Message, given: Given) -> File:
    """The message has this file, sealed under a key of its own. Call it inside the transaction that sends, with the
    writer locked. Raises what `checked` raises, and `FilesSpent`."""
    kind, content = checked(given)
    _check_room(message.writer, len(content))
    row = File(message=message, name=sniffing.name_of(given.name, kind), mime=kind.mime, size_bytes=len(content))
    key = AESGCM.generate_key(bit_length=256)
    row.sha256, row.made_at = sha256(content).hexdigest(), clock.now()
    row.sealed_key = sealing.seal(key, where=_where_key(row))
    row.save(force_insert=True)
    Enclosed.objects.create(file=row, sealed=sealing.seal(content, where=_where(row), key=key))
    return row


def _check_room(writer: Member, size: int) -> None:
    mine = File.objects.filter(message__writer=writer)
    kept = mine.aggregate(sum=Sum("size_bytes"))["sum"] or 0
    today = mine.filter(made_at__gt=clock.now() - DAY).count()
    if kept + size > settings.FILES_KEPT_BYTES or today >= settings.FILES_A_DAY:
        raise FilesSpent(count=settings.FILES_A_DAY, limit=settings.FILES_KEPT_BYTES >> 20)


def seen_by(member: Member) -> QuerySet[File]:
    """Files of the member's own threads, without those of messages they have put away."""
    mine = Q(message__thread__low=member) | Q(message__thread__high=member)
    return File.objects.filter(mine).exclude(message__hidden__member=member)


def open_for(member: Member, public_id: UUID) -> File:
    """Raises `NoSuchFile` alike for others', put away and unknown ones."""
    found = seen_by(member).filter(public_id=public_id).first()
    if found is None:
        raise NoSuchFile
    return found


def content_of(file: File) -> bytes:
    """Raises `sealing.Broken`, `sealing.KeyLost`."""
    key = sealing.open_(file.sealed_key, where=_where_key(file))
    return sealing.open_(Enclosed.objects.get(file=file).sealed, where=_where(file), key=key)


def _where(file: File) -> str:
    return f"threads_enclosed:sealed:{file.public_id}"


def _where_key(file: File) -> str:
    return f"threads_file:sealed_key:{file.public_id}"


sealing.registers(File, "sealed_key", where=_where_key)

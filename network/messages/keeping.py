"""What one side does with a thread for themselves: search it, mute it, put a message away, take it along.

The other side is told nothing and notices nothing.
"""

import json
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from accounts.models import Member
from foundation import rfc3339, wording
from network.messages import files, threads
from network.messages.models import File, Hidden, Message, Reading, Thread

LANGUAGES = ("german", "english")
WORDS_MAX_CHARACTERS = 200


def found(member: Member, words: str) -> QuerySet[Message]:
    """Messages of the member's own threads that hold the words, newest first; what they have put away is not there.

    As web searches read it: words in any order and form, "a phrase", -without. German and English word forms.
    """
    asked = wording.clean(words).strip()[:WORDS_MAX_CHARACTERS]
    if not asked:
        return Message.objects.none()
    hits = Q()
    vectors = {}
    for language in LANGUAGES:
        vectors[f"in_{language}"] = SearchVector("text", config=language)
        hits |= Q(**{f"in_{language}": SearchQuery(asked, config=language, search_type="websearch")})
    mine = Message.objects.filter(Q(thread__low=member) | Q(thread__high=member)).exclude(hidden__member=member)
    rows = mine.annotate(**vectors).filter(hits)
    return rows.select_related("thread__low", "thread__high", "writer").order_by("-pk")


def mute(thread: Thread, *, by: Member, muted: bool) -> None:
    """From now on new messages of the thread are not counted for that side; or they are again."""
    _theirs(thread, by)
    Reading.objects.update_or_create(thread=thread, member=by, defaults={"muted": muted})


def is_muted(thread: Thread, by: Member) -> bool:
    return Reading.objects.filter(thread=thread, member=by, muted=True).exists()


def put_away(message: Message, *, by: Member) -> None:
    """The message is out of that side's sight, for good. Raises `NoSuchThread` for one that is not theirs to see."""
    _theirs(message.thread, by)
    Hidden.objects.get_or_create(message=message, member=by)


def seen_by(rows: QuerySet[Message], member: Member) -> QuerySet[Message]:
    """Without what the member has put away."""
    return rows.exclude(hidden__member=member)


def taken_along(thread: Thread, *, by: Member) -> dict[str, Any]:
    """The thread as that side reads it: with whom, and each message with writer, moment (RFC 3339), purpose, text."""
    other = _theirs(thread, by)
    rows = seen_by(thread.messages.select_related("writer", "file"), by).order_by("pk")
    return {
        "with": other.address,
        "opened": rfc3339.write(thread.opened_at),
        "messages": [
            {
                "id": str(row.public_id),
                "from": row.writer.address,
                "sent": rfc3339.write(row.sent_at),
                "purpose": row.shown_as,
                "text": row.text,
            }
            | ({"edited": rfc3339.write(row.edited_at)} if row.edited_at else {})
            | ({"file": _described(row.file)} if hasattr(row, "file") else {})
            for row in rows
        ],
    }


def _described(file: File) -> dict[str, Any]:
    """`path`: where it lies in the archive that is taken along."""
    path = f"files/{file.public_id}/{file.name}"
    return {"name": file.name, "type": file.mime, "bytes": file.size_bytes, "sha256": file.sha256, "path": path}


def files_of(thread: Thread, *, by: Member) -> QuerySet[File]:
    """The files of the thread as that side has them."""
    _theirs(thread, by)
    return files.seen_by(by).filter(message__thread=thread).order_by("pk")


def packed(thread: Thread, *, by: Member) -> IO[bytes]:
    """The thread and its files as one archive, in a file without a name that is gone when it is closed."""
    archive = TemporaryFile()  # noqa: SIM115  (whoever sends it closes it)
    with ZipFile(archive, "w", ZIP_STORED) as box:
        box.writestr("messages.json", json.dumps(taken_along(thread, by=by), ensure_ascii=False, indent=2))
        for file in files_of(thread, by=by):
            box.writestr(f"files/{file.public_id}/{file.name}", files.content_of(file))
    archive.seek(0)
    return archive


def _theirs(thread: Thread, member: Member) -> Member:
    """The other side of the member's thread; `NoSuchThread` for anybody else's."""
    if member.pk not in (thread.low_id, thread.high_id):
        raise threads.NoSuchThread
    return threads.other_side(thread, member)

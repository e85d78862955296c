"""A request in words, for both sides alike: its context, why it has its grade, what would raise it.

Nothing here reads where a request went or how it was answered, so the asker's pages cannot tell either.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import months
from accounts.models import Entry, EntryKind
from accounts.visibility import Shown
from network.contacts import settling
from network.contacts.models import ContextKind, Request
from network.messages import truth
from network.messages.truth import TruthLine
from vetting import contexts

HIDDEN = {
    "carries": gettext_lazy(
        "It is not shown, because it holds links, addresses or numbers."
        " Once you are in contact, you can lift their quiet period and read it."
    ),
    "long": gettext_lazy("Only its beginning is shown. Once you are in contact, you can read all of it."),
    "empty": gettext_lazy("It has no words."),
}
"""Why a message is not shown as it came (`federation.arriving.strangers`)."""


@dataclass(frozen=True)
class Context:
    """What a request names. `words` stand in where it names no entry."""

    kind: str = ""
    organisation: str = ""
    unit: str = ""
    title: str = ""
    months: str = ""
    words: str = ""


def context(request: Request) -> Context:
    """From the snapshot, so that it stays what the recipient was told when asked."""
    kept = request.snapshot
    if request.context != ContextKind.ENTRY or not kept:
        return Context(words=_in_words(request))
    span = months.span(kept["starts"], kept["ends"], starts_exact=kept["starts_exact"], ends_exact=kept["ends_exact"])
    kind = str(EntryKind(kept["kind"]).label)
    return Context(kind, kept["organisation"], kept["unit"], kept["title"], span)


def _in_words(request: Request) -> str:
    """What stands in for an entry; of a message also why not all of it is shown."""
    hidden = request.snapshot.get("message", {}).get("hidden", "")
    return " ".join(filter(None, [words_of(request.context), str(HIDDEN[hidden]) if hidden in HIDDEN else ""]))


def words_of(kind: str) -> str:
    if kind == ContextKind.MESSAGE:
        return _("None. They wrote a message, from a server that knows no requests.")
    if kind == ContextKind.INVITATION:
        return _("One of you came here by the other's invitation.")
    return _("You two were in contact here before.")


def place_of(entry: Entry) -> str:
    """An own entry on one line: `Hansewerk Antriebstechnik AG, Werk Kiel · April 1997 – June 1999`."""
    place = f"{entry.organisation.name}, {entry.unit.name}" if entry.unit else entry.organisation.name
    span = months.span(entry.starts, entry.ends, starts_exact=entry.starts_exact, ends_exact=entry.ends_exact)
    return f"{place} · {span}"


def reasons(codes: Iterable[str]) -> list[str]:
    numbers = {"months": settings.OVERLAP_MIN_MONTHS, "days": settings.ENTRY_AGE_MIN_DAYS}
    return [str(contexts.REASONS[code]) % numbers for code in codes if code in contexts.REASONS]


def raises(codes: Iterable[str], entry: Entry | None) -> list[str]:
    old_enough = ""
    if entry:
        day = timezone.localtime(entry.counts_from + timedelta(days=settings.ENTRY_AGE_MIN_DAYS))
        old_enough = formats.date_format(day, "DATE_FORMAT")
    return [str(contexts.RAISES[code]) % {"date": old_enough} for code in codes if code in contexts.RAISES]


@dataclass(frozen=True)
class Graded:
    """A grade with its reasons, and what would raise it, as sentences."""

    grade: str
    reasons: list[str]
    raises: list[str]


def foreseen(grading: contexts.Grading, entry: Entry | None) -> Graded:
    """A preview of `settling`, with what would raise it."""
    return Graded(grading.grade, reasons(grading.reasons), raises(grading.raises, entry))


def graded(request: Request) -> Graded:
    """The grade it was given; while no worker has seen it, the one it will be given, so that nobody waits for it."""
    if request.grade:
        return Graded(request.grade, reasons(request.reasons), [])
    grading = settling.preview(request.asker, request.recipient, context=request.context, entry=request.entry)
    return Graded(grading.grade, reasons(grading.reasons), [])


@dataclass(frozen=True)
class Letter:
    """One request in a list: `person` is the other side, as the reader may see them."""

    request: Request
    person: Shown
    context: Context
    grade: str
    truth: TruthLine | None = None
    vouches: int = 0


def truth_line(request: Request) -> TruthLine:
    return truth.line(request.met_at, request.met_how, words=f"{request.note}\n{request.reply}")

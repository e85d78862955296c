"""Looking at a text before it is sent, with what its writer sent lately: a hint, and whether it went to many."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from itertools import chain, takewhile

from django.conf import settings
from django.db.models import F

from accounts.models import Member
from foundation import clock
from network.messages import hints
from network.messages.hints import Hint
from network.messages.models import Message, Promotion, Thread

LOOKED_AT_MAX = 300
"""Texts of the writer that are compared, of each sort the latest."""
IN_A_ROW_MAX = 5
"""Messages before this one, since the other wrote last, that are read together with it."""


def hint_for(writer: Member, other: Member, text: str, *, thread: Thread | None) -> Hint | None:
    """What the text reads like, together with what the writer said since the other wrote last: a promotion in three
    messages is one. None where the new text adds nothing to it."""
    return hints.hint(text, said_before=_in_a_row(writer, thread), sent_to=_lately(writer, other))


def went_to_many(writer: Member, other: Member, text: str) -> bool:
    """Nearly the same text went to at least two others within 30 days: the recipient is told."""
    return hints.same_to(text, _lately(writer, other)) >= hints.MANY


def _in_a_row(writer: Member, thread: Thread | None) -> list[str]:
    if thread is None:
        return []
    since = clock.now() - timedelta(days=settings.SENT_TO_MANY_DAYS)
    latest = thread.messages.filter(sent_at__gt=since).order_by("-pk").values_list("writer", "text")
    mine = takewhile(lambda row: row[0] == writer.pk, latest[:IN_A_ROW_MAX])
    return [text for _writer, text in mine][::-1]


def _lately(writer: Member, other: Member) -> dict[int, list[str]]:
    """Texts the writer sent to others within 30 days, messages and promotions, by whom they went to."""
    since = clock.now() - timedelta(days=settings.SENT_TO_MANY_DAYS)
    sent = Message.objects.filter(writer=writer, sent_at__gt=since)
    written = sent.annotate(to=F("thread__low") + F("thread__high") - writer.pk).values_list("to", "text")
    promoted = Promotion.objects.filter(sender=writer, sent_at__gt=since).values_list("recipient", "text")
    return _by_person(
        chain(
            written.exclude(to=other.pk).order_by("-pk")[:LOOKED_AT_MAX],
            promoted.exclude(recipient=other).order_by("-pk")[:LOOKED_AT_MAX],
        )
    )


def _by_person(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for person, text in rows:
        found[person].append(text)
    return found

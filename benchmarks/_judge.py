"""What became of clicks, for `faults`: every acknowledged one exists once, is settled, and had its effect once.

Read from the tables, by the words of each click rather than by its key: a second row under another key is seen too.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from benchmarks._clicks import Click
from foundation import letters
from foundation.models import Job, Letter, Quota
from network.contacts.models import Request, Whereabouts
from network.messages.models import Message


@dataclass(frozen=True)
class Verdict:
    """Counts that shall all be 0."""

    missing: int
    undone: int
    doubled: int

    @property
    def clean(self) -> bool:
        return not (self.missing or self.undone or self.doubled)


def judge(clicks: Sequence[Click]) -> Verdict:
    """`missing` and `doubled` of all clicks so far; `undone` is what workers still have to do, for whomever.

    Not acknowledged clicks may be there or not, but never twice.
    """
    messages = Counter(_tags(Message.objects.values_list("text", flat=True)))
    requests = Counter(_tags(Request.objects.values_list("note", flat=True)))
    there = {"message": messages, "request": requests}
    arrived = _letters()
    return Verdict(
        missing=sum(click.acknowledged and not there[click.kind][click.tag] for click in clicks),
        undone=_unsettled() + _jobs_undone() + _letters_missing(arrived),
        doubled=sum(count - 1 for counts in (messages, requests, arrived) for count in counts.values())
        + _spent_wrongly(),
    )


def _tags(texts: Iterable[str]) -> list[str]:
    """The last word of each text that has one of the crowd's tags."""
    words = (text.rsplit(" ", 1)[-1] for text in texts)
    return [word for word in words if len(word) == 32]


def _unsettled() -> int:
    """Requests whose grade or place no worker has decided."""
    return Request.objects.filter(Q(settled_at=None) | Q(grade="") | Q(whereabouts=Whereabouts.PENDING)).count()


def _jobs_undone() -> int:
    """Jobs that wait, or were given up, for what a click asked for; and letters not handed over."""
    ours = Job.objects.filter(done_at=None, kind__in=["request-settle", "letter"]).count()
    return ours + Letter.objects.filter(sent_at=None).count()


def _letters() -> Counter[str]:
    """How many letters tell of each request, by its public id."""
    said = (letters.text_of(letter).text for letter in Letter.objects.filter(kind="request"))
    return Counter(text.split("/requests/", 1)[1].split("/", 1)[0] for text in said)


def _letters_missing(arrived: Counter[str]) -> int:
    delivered = Request.objects.filter(whereabouts=Whereabouts.DELIVERED).values_list("public_id", flat=True)
    return sum(not arrived[str(public_id)] for public_id in delivered)


def _spent_wrongly() -> int:
    """How far what askers spent of their allowance is from what they asked: one request costs one, retried or not."""
    spent = dict(Quota.objects.filter(what="requests").values_list("holder").annotate(total=Sum("used")))
    asked = {str(pk): many for pk, many in Request.objects.values_list("asker").annotate(many=Count("pk"))}
    return sum(abs(spent.get(holder, 0) - asked.get(holder, 0)) for holder in {*spent, *asked})

"""The worker's side of a request: grade it, pass questions on, decide the door. Done twice, it changes nothing."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts import remotes, ties
from accounts.models import DoorLevel, Entry, Member, Visibility
from foundation import clock, jobs, wakes
from network.contacts import news, requests, strangers, vouching
from network.contacts.models import Answer, ContextKind, Request, Whereabouts
from vetting import contexts
from vetting.contexts import Grading
from vetting.models import Doubt


def preview(asker: Member, recipient: Member, *, context: str, entry: Entry | None) -> Grading:
    """The grade a request would have if it were sent now, with what would raise it.

    Somebody elsewhere is graded by their own server, by facts that we do not know: no grade is foreseen, unless a
    confirmation of the two is known on both servers.
    """
    return _grade(asker, recipient, context=context, entry=entry, vouched=False, asked_at=clock.now())


def _grade(
    asker: Member, recipient: Member, *, context: str, entry: Entry | None, vouched: bool, asked_at: datetime
) -> Grading:
    if recipient.host and not contexts.confirmed(asker, recipient):
        return Grading("", ("elsewhere" if remotes.speaks(recipient) else "without-requests",))
    if context == ContextKind.MESSAGE and not contexts.confirmed(asker, recipient):
        return Grading("C", ("message",))
    named = contexts.listed(entry) if context == ContextKind.ENTRY and entry else None
    return contexts.grade(
        named,
        [contexts.listed(row) for row in _that_count(recipient, asker)] if named else [],
        asked_at=asked_at,
        confirmed=contexts.confirmed(asker, recipient),
        vouched=vouched,
        needs_unit=bool(entry and entry.organisation.needs_unit),
        doubted=bool(entry and contexts.doubted(entry)),
        rules=contexts.rules(),
    )


def _that_count(recipient: Member, asker: Member) -> list[Entry]:
    """The recipient's entries that may prove a context: matchable, or visible to the asker as to any member; to an
    asker of another server, only those that everyone may see.

    A block is not looked at here: otherwise the grade on the form would tell of it.
    """
    stranger = Visibility.EVERYONE if asker.host else Visibility.MEMBERS
    near = Visibility.CONTACTS if ties.in_contact(asker, recipient) else stranger
    return [entry for entry in recipient.entries.all() if entry.matchable or entry.visible_to >= near]


def regrade(request: Request) -> Grading:
    """The request's grade as the facts are now; kept with its reasons."""
    grading = _grade(
        request.asker,
        request.recipient,
        context=request.context,
        entry=request.entry,
        vouched=vouching.vouches(request).exists(),
        asked_at=request.asked_at,
    )
    request.grade, request.reasons = grading.grade, list(grading.reasons)
    request.save(update_fields=["grade", "reasons"])
    return grading


def _opens(door: str, request: Request) -> bool:
    """Whether a request of that grade knocks loudly. A vouch does not open the door *known*; a message that answers
    the recipient's own request opens every door."""
    if strangers.answered(request):
        return True
    if not request.loud:
        return False
    if door == DoorLevel.KNOWN:
        return contexts.confirmed(request.asker, request.recipient) or request.context == ContextKind.EARLIER
    return bool(request.grade) and request.grade <= door


def _goes_nowhere(request: Request) -> bool:
    """Blocked, or asked again within 180 days: answered "sent" and delivered nowhere. An answer is no asking."""
    if ties.has_blocked(request.recipient, request.asker):
        return True
    lately = requests.asked_lately(request.asker, request.recipient, before=request.asked_at, but=request.pk)
    return lately and not strangers.answered(request)


@transaction.atomic
def settle(request_id: int) -> None:
    """The request has its grade and its place: at the door, in the tray, or nowhere. Questions are passed on.

    Called anew when facts change: a request in the tray may come to the door; nothing ever moves back, and what
    was delivered nowhere stays there.
    """
    request = (
        Request.objects.select_for_update(of=["self"]).select_related("asker", "recipient", "entry").get(pk=request_id)
    )
    regrade(request)
    if request.answer != Answer.NONE or request.withdrawn_at or clock.now() >= request.ends_at:
        return
    if request.recipient.host:
        _hand_on(request)
        return
    if request.whereabouts == Whereabouts.PENDING:
        nowhere = _goes_nowhere(request)
        request.settled_at = clock.now()
        _place(request, Whereabouts.NOWHERE if nowhere else Whereabouts.TRAY)
        if not nowhere:
            vouching.pass_on(request)
    if request.whereabouts == Whereabouts.TRAY and _opens(request.recipient.door.lowest, request):
        request.delivered_at = clock.now()
        _place(request, Whereabouts.DELIVERED)
        news.request_arrived(request)
    wakes.look_again(*(wakes.channel_of(member.public_id) for member in (request.asker, request.recipient)))


def _hand_on(request: Request) -> None:
    """The recipient lives elsewhere: their server decides where it goes, and is told once."""
    if request.whereabouts == Whereabouts.PENDING:
        request.settled_at = clock.now()
        _place(request, Whereabouts.NOWHERE if _goes_nowhere(request) else Whereabouts.AWAY)
        if request.whereabouts == Whereabouts.AWAY:
            jobs.announce("request-for-elsewhere", {"request": request.pk})
            vouching.pass_on(request)


def _place(request: Request, where: Whereabouts) -> None:
    request.whereabouts = where
    request.save(update_fields=["whereabouts", "settled_at", "delivered_at"])


def settle_of(members: list[int]) -> None:
    """Every request of these members that reads "sent" is settled anew."""
    _settle_again(Q(asker__in=members) | Q(recipient__in=members))


def settle_between(low: int, high: int) -> None:
    """A confirmation concerns the requests between its two, and those that name an entry it has cleared of doubt."""
    between = Q(asker=low, recipient=high) | Q(asker=high, recipient=low)
    _settle_again(between | Q(asker__in=[low, high], entry__in=Doubt.objects.values("entry")))


def _settle_again(concerned: Q) -> None:
    """Each by a job of its own. Answered ones too: a grade that stands still would tell the asker of the decline."""
    rows = Request.objects.filter(concerned, ended_at=None)
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        jobs.add("request-settle", {"request": pk}, key=f"settle:{pk}")

"""What the recipient says: accept, ask back, decline. To the asker a decline looks like no answer at all.

News for the server of the other side, where that lives elsewhere: `request-accepted`, `asked-back`, `replied`, each
{request}. A decline is no news.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import people, reach, ties
from accounts.models import Member
from foundation import clock, jobs, wakes
from foundation.refusals import Conflict, Forbidden, Invalid
from network.contacts import news, notes, quiet, strangers
from network.contacts.models import Answer, Contact, Request, Whereabouts
from vetting import contexts, evidence, ledger

DECLINES = (Answer.UNKNOWN, Answer.KNOWN_NO, Answer.NOT_NOW, Answer.NOT_TRUE, Answer.PITCH)


class NotYoursToAnswer(Forbidden):
    code = "not-yours-to-answer"
    message = _("Only the person who was asked can answer.")


class Answered(Conflict):
    code = "request-answered"
    message = _("This request is answered or has ended.")


class NotAnAnswer(Invalid):
    code = "not-an-answer"
    message = _("Choose one of the answers.")


class AskedBackAlready(Conflict):
    code = "asked-back"
    message = _("One question and one reply each: that has been done.")


def _lock(request: Request, *, by: Member, or_accepted: bool = False) -> Request:
    """The request as it is now, held until the transaction ends; refused unless `by` may answer it now.

    The answer of somebody elsewhere was given when it was sent: it may be some days late.
    """
    unseen = [Whereabouts.NOWHERE] if by.host else [Whereabouts.PENDING, Whereabouts.NOWHERE]
    if request.recipient_id != by.pk or request.whereabouts in unseen:
        raise NotYoursToAnswer
    ties.lock(request.asker, by)
    fresh = (
        Request.objects.select_for_update(of=["self"]).select_related("asker", "recipient", "entry").get(pk=request.pk)
    )
    late = timedelta(days=settings.REQUEST_LATE_DAYS if by.host else 0)
    answered = fresh.answer and not (or_accepted and fresh.answer == Answer.ACCEPTED)
    if answered or fresh.withdrawn_at or clock.now() >= fresh.ends_at + late:
        raise Answered
    return fresh


def _keep(request: Request, answer: Answer) -> None:
    request.answer, request.answered_at = answer, clock.now()
    request.save(update_fields=["answer", "answered_at"])


@transaction.atomic
def accept(request: Request, *, by: Member, both_there: bool = False, quiet_side: Member | None = None) -> Contact:
    """The two are in contact and the quiet period of the asker begins; `both_there` becomes a confirmation.

    `quiet_side`: who counts as having asked, where both did (`requests.ask`). Whoever accepts the answer to a request
    of their own has asked.

    Raises `NotYoursToAnswer`, `Answered`, `Frozen`, `NothingGoesThere`.
    """
    people.check_may_act(by)
    reach.check(request.asker)
    fresh = _lock(request, by=by)
    _keep(fresh, Answer.ACCEPTED)
    Request.objects.filter(pk=fresh.pk).update(accepted_at=clock.now(), ended_at=clock.now())
    ours = strangers.answered(fresh)
    if ours:
        strangers.close(ours)
    quiet_one, other = (by, fresh.asker) if ours or quiet_side == by else (fresh.asker, by)
    contact = quiet.begin(asker=quiet_one, recipient=other, request=fresh)
    if both_there and (fresh.entry or by.host) and "kind" in fresh.snapshot:
        _confirm(fresh, by)
    else:
        contexts.accepted(fresh.asker, by, source=contact.public_id)
    ties.met(fresh.asker, by, how="contact")
    news.request_accepted(fresh)
    if fresh.asker.host:
        jobs.announce("request-accepted", {"request": fresh.pk})
    wakes.look_again(wakes.channel_of(fresh.asker.public_id), wakes.channel_of(by.public_id))
    return contact


def _confirm(request: Request, by: Member) -> None:
    """Both said "we were there": the asker by naming the entry, which may be gone meanwhile, the recipient now."""
    contexts.confirm(
        request.asker,
        by,
        kind=contexts.kind_for(request.snapshot["kind"]),
        source=request.public_id,
        organisation=request.entry.organisation if request.entry else None,
        entry=request.entry,
    )


@transaction.atomic
def decline(request: Request, *, by: Member, answer: str) -> None:
    """The request is off the recipient's pages; the asker goes on seeing "sent". *Not true* and *pitch* are evidence.

    Raises `NotAnAnswer`, `NotYoursToAnswer`, `Answered`.
    """
    if answer not in DECLINES:
        raise NotAnAnswer
    fresh = _lock(request, by=by)
    _keep(fresh, Answer(answer))
    if answer == Answer.NOT_TRUE:
        if fresh.entry:
            contexts.doubt(fresh.entry, by=by)
        ledger.record(fresh.asker, by=by, kind=evidence.NOT_TRUE, source=f"request:{fresh.public_id}")
    if answer == Answer.PITCH:
        ledger.record(fresh.asker, by=by, kind=evidence.PITCH, source=f"request:{fresh.public_id}")


@transaction.atomic
def ask_back(request: Request, *, by: Member, question: str = "") -> None:
    """The asker sees one question ("Where do we know each other from?"). No links, no data."""
    people.check_may_act(by)
    reach.check(request.asker)
    fresh = _lock(request, by=by, or_accepted=bool(by.host))  # asked before they accepted, and arriving after it
    text = notes.check(question) or str(_("Where do we know each other from?"))
    if not Request.objects.filter(pk=fresh.pk, question_at=None).update(question=text, question_at=clock.now()):
        raise AskedBackAlready
    news.asked_back(fresh)
    if fresh.asker.host:
        jobs.announce("asked-back", {"request": fresh.pk})
    wakes.look_again(wakes.channel_of(fresh.asker.public_id))


@transaction.atomic
def reply(request: Request, *, by: Member, text: str) -> None:
    """The asker's one reply to the question: now each has written to the other, and a request that is declined for all
    that leaves this on record (truth line). A request alone does not: nobody makes a record by asking."""
    if request.asker_id != by.pk:
        raise NotYoursToAnswer
    people.check_may_act(by)
    reach.check(request.recipient)
    words = notes.check(text, needed=True)
    asked = Request.objects.filter(pk=request.pk, question_at__isnull=False, reply_at=None, withdrawn_at=None)
    late = Q(answer=Answer.ACCEPTED) if by.host else Q()  # replied before they knew, and arriving after it
    open_question = asked.filter(Q(ended_at=None) | late)
    if not open_question.update(reply=words, reply_at=clock.now()):
        raise AskedBackAlready
    ties.met(request.asker, request.recipient, how="question")
    if request.recipient.host:
        jobs.announce("replied", {"request": request.pk})
    wakes.look_again(wakes.channel_of(request.recipient.public_id))


def turn_into_pitch(contact: Contact, *, writer: Member, by: Member, source: str) -> None:
    """`writer` pitched: evidence against them, kept once. If they had asked for the contact, that counts as declined.

    Who vouched for it may not vouch for 90 days (`vouching` reads the answer). Call it inside a transaction.
    """
    if contact.request_id:
        theirs = Request.objects.filter(pk=contact.request_id, asker=writer)  # not where the side that was asked sold
        theirs.update(answer=Answer.PITCH, answered_at=clock.now())
    ledger.record(writer, by=by, kind=evidence.PITCH, source=source)

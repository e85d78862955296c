"""What the recipient says: accept, ask back, decline. To the asker a decline looks like no answer at all."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import people, ties
from accounts.models import Member
from foundation import clock, wakes
from foundation.refusals import Conflict, Forbidden, Invalid
from network.contacts import news, notes, quiet
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


def _lock(request: Request, *, by: Member) -> Request:
    """The request as it is now, held until the transaction ends; refused unless `by` may answer it now."""
    if request.recipient_id != by.pk or request.whereabouts in (Whereabouts.PENDING, Whereabouts.NOWHERE):
        raise NotYoursToAnswer
    ties.lock(request.asker, by)
    fresh = (
        Request.objects.select_for_update(of=["self"]).select_related("asker", "recipient", "entry").get(pk=request.pk)
    )
    if fresh.answer or fresh.withdrawn_at or clock.now() >= fresh.ends_at:
        raise Answered
    return fresh


def _keep(request: Request, answer: Answer) -> None:
    request.answer, request.answered_at = answer, clock.now()
    request.save(update_fields=["answer", "answered_at"])


@transaction.atomic
def accept(request: Request, *, by: Member, both_there: bool = False) -> Contact:
    """The two are in contact and the quiet period of the asker begins; `both_there` becomes a confirmation.

    Raises `NotYoursToAnswer`, `Answered`, `Frozen`.
    """
    people.check_may_act(by)
    fresh = _lock(request, by=by)
    _keep(fresh, Answer.ACCEPTED)
    Request.objects.filter(pk=fresh.pk).update(accepted_at=clock.now(), ended_at=clock.now())
    contact = quiet.begin(asker=fresh.asker, recipient=by, request=fresh)
    if both_there and fresh.entry:
        contexts.confirm(
            fresh.asker,
            by,
            kind=contexts.kind_for(fresh.snapshot["kind"]),
            source=fresh.public_id,
            organisation=fresh.entry.organisation,
            entry=fresh.entry,
        )
    else:
        contexts.accepted(fresh.asker, by, source=contact.public_id)
    ties.met(fresh.asker, by, how="contact")
    news.request_accepted(fresh)
    wakes.look_again(wakes.channel_of(fresh.asker.public_id), wakes.channel_of(by.public_id))
    return contact


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
    fresh = _lock(request, by=by)
    text = notes.check(question) or str(_("Where do we know each other from?"))
    if not Request.objects.filter(pk=fresh.pk, question_at=None).update(question=text, question_at=clock.now()):
        raise AskedBackAlready
    news.asked_back(fresh)
    wakes.look_again(wakes.channel_of(fresh.asker.public_id))


@transaction.atomic
def reply(request: Request, *, by: Member, text: str) -> None:
    """The asker's one reply to the question."""
    if request.asker_id != by.pk:
        raise NotYoursToAnswer
    people.check_may_act(by)
    words = notes.check(text, needed=True)
    open_question = Request.objects.filter(
        pk=request.pk, question_at__isnull=False, reply_at=None, withdrawn_at=None, ended_at=None
    )
    if not open_question.update(reply=words, reply_at=clock.now()):
        raise AskedBackAlready
    wakes.look_again(wakes.channel_of(request.recipient.public_id))


def turn_into_pitch(contact: Contact, *, by: Member, source: str) -> None:
    """The request behind a contact counts as declined for a pitch: evidence against its asker, kept once.

    Who vouched for it may not vouch for 90 days (`vouching` reads the answer). Call it inside a transaction.
    """
    if contact.request_id:
        theirs = Request.objects.filter(pk=contact.request_id, asker=contact.asker)  # not where the quiet side changed
        theirs.update(answer=Answer.PITCH, answered_at=clock.now())
    ledger.record(contact.asker, by=by, kind=evidence.PITCH, source=source)

"""Vouching for one request: the asker names up to three of their own contacts; the worker passes the question only
to those whose contact with the recipient is confirmed; the asker always sees "asked".

Where a mutual contact lives elsewhere, their own server passes it on or does not, and says nothing back. News:
`vouch-question-for-elsewhere` {question}, `vouch-for-elsewhere` {question}.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import people, ties
from accounts.models import Member
from foundation import clock, jobs
from foundation.refusals import Conflict, Forbidden, Invalid, TooOften
from network.contacts import news, notes
from network.contacts.models import Answer, Request, VouchAnswer, VouchQuestion, Whereabouts
from vetting import contexts, evidence, ledger


class NotAContactOfYours(Invalid):
    code = "not-a-contact-of-yours"
    message = _("You can ask at most %(limit)d people to vouch, and only people you are in contact with.")


class NotYoursToVouch(Forbidden):
    code = "not-yours-to-vouch"
    message = _("This question is not for you, or you are no longer in contact with both.")


class VouchedAlready(Conflict):
    code = "vouch-answered"
    message = _("This question is answered, or the request has ended.")


class EnoughVouches(TooOften):
    code = "vouches-spent"
    message = _("You have vouched %(limit)d times in %(days)d days. A word given rarely is worth more.")


class VouchSuspended(TooOften):
    code = "vouch-suspended"
    message = _("Somebody you vouched for used it for a pitch. You can vouch again from %(date)s on.")


def chosen(asker: Member, recipient: Member, vouchers: Sequence[Member]) -> list[Member]:
    """The people to ask, checked to be the asker's own contacts; nothing else about them is looked at here."""
    people = list({voucher.pk: voucher for voucher in vouchers}.values())
    limit = settings.VOUCH_QUESTIONS_A_REQUEST
    mine = ties.among(people, asker)
    if len(people) > limit or any(person.pk not in mine or person.pk == recipient.pk for person in people):
        raise NotAContactOfYours(limit=limit)
    return people


def ask(request: Request, vouchers: Sequence[Member]) -> None:
    """The request has these questions. They reach nobody before the worker passes them on."""
    VouchQuestion.objects.bulk_create(
        VouchQuestion(request=request, voucher=voucher, asked_at=request.asked_at) for voucher in vouchers
    )


def pass_on(request: Request) -> None:
    """Worker: those with a confirmed contact with the recipient see the question from now on."""
    able = contexts.confirmed_contacts(request.recipient)
    for question in request.vouch_questions.filter(passed_at=None).select_related("voucher"):
        voucher = question.voucher
        known_there = bool(voucher.host and request.recipient.host)  # their server knows, ours does not
        if not (voucher.pk in able or known_there) or ties.has_blocked(voucher, request.asker):
            continue
        VouchQuestion.objects.filter(pk=question.pk).update(passed_at=clock.now())
        news.vouch_asked(question)
        if voucher.host:
            jobs.announce("vouch-question-for-elsewhere", {"question": question.pk})


@transaction.atomic
def ask_from_afar(request: Request, voucher: Member) -> None:
    """The asker's server asks a contact of theirs who lives here; passed on under the same rules as any question.

    Raises `NotAContactOfYours`.
    """
    limit = settings.VOUCH_QUESTIONS_A_REQUEST
    others = request.vouch_questions.exclude(voucher=voucher).count()
    if others >= limit or not ties.in_contact(request.asker, voucher) or voucher.pk == request.recipient_id:
        raise NotAContactOfYours(limit=limit)
    held = Request.objects.select_for_update(of=["self"]).get(pk=request.pk)  # it may be settled at this moment
    VouchQuestion.objects.get_or_create(request=request, voucher=voucher, defaults={"asked_at": clock.now()})
    if held.whereabouts not in (Whereabouts.PENDING, Whereabouts.NOWHERE):
        pass_on(request)


@transaction.atomic
def word_from_afar(request: Request, *, by: Member, sentence: str) -> None:
    """A contact elsewhere vouches, to the recipient here. Whom an asker elsewhere has asked, their servers know.

    Raises `NotYoursToVouch` and what `answer` raises.
    """
    if request.asker.host and by.host and by.pk not in (request.asker_id, request.recipient_id):
        now = {"asked_at": clock.now(), "passed_at": clock.now()}
        VouchQuestion.objects.get_or_create(request=request, voucher=by, defaults=now)
    question = request.vouch_questions.select_related("request__asker", "request__recipient").filter(voucher=by).first()
    if question is None or request.recipient.host:
        raise NotYoursToVouch
    answer(question, by=by, answer=VouchAnswer.VOUCH, sentence=sentence)


def waiting_for(voucher: Member) -> QuerySet[VouchQuestion]:
    """Questions this member can still answer."""
    since = clock.now() - timedelta(days=settings.REQUEST_ENDS_DAYS)
    return (
        VouchQuestion.objects.filter(
            voucher=voucher,
            passed_at__isnull=False,
            answer=VouchAnswer.NONE,
            request__withdrawn_at=None,
            request__ended_at=None,
            request__asked_at__gt=since,
        )
        .exclude(request__asker__in=voucher.blocks.values("blocked"))
        .select_related("request__asker", "request__recipient")
    )


def passed_on(voucher: Member) -> QuerySet[VouchQuestion]:
    """Questions that reached this member, answered or not."""
    reached = VouchQuestion.objects.filter(voucher=voucher, passed_at__isnull=False)
    return reached.select_related("request__asker", "request__recipient")


def vouches(request: Request) -> QuerySet[VouchQuestion]:
    """The vouches given for a request: for its recipient's eyes alone."""
    return request.vouch_questions.filter(answer=VouchAnswer.VOUCH).select_related("voucher").order_by("answered_at")


def answer(question: VouchQuestion, *, by: Member, answer: str, sentence: str = "") -> None:
    """*I vouch* lifts the request to grade A and is shown to its recipient; the other two have no effect at all.

    Raises `NotYoursToVouch` (not asked, or no longer a confirmed contact of the recipient), `VouchedAlready`,
    `EnoughVouches` (3 in 30 days), `VouchSuspended` (90 days after a pitch by one vouched for), notes' refusals.
    """
    if question.voucher_id != by.pk or question.passed_at is None:
        raise NotYoursToVouch
    people.check_may_act(by)
    with transaction.atomic():
        ties.lock(by)
        text = ""
        if answer == VouchAnswer.VOUCH:
            text = notes.check(sentence, limit=settings.SENTENCE_MAX_CHARACTERS, needed=True)
            _check_may_vouch(question, by)
        _keep(question, by, VouchAnswer(answer), text)


def _keep(question: VouchQuestion, by: Member, answer: VouchAnswer, text: str) -> None:
    if answer == VouchAnswer.NONE or not waiting_for(by).filter(pk=question.pk).exists():
        raise VouchedAlready
    row = VouchQuestion.objects.filter(pk=question.pk, answer=VouchAnswer.NONE)
    if not row.update(answer=answer, sentence=text, answered_at=clock.now()):
        raise VouchedAlready
    if answer == VouchAnswer.VOUCH:
        ledger.record(question.request.asker, by=by, kind=evidence.REQUEST_VOUCH, source=f"vouch:{question.public_id}")
        jobs.add("request-settle", {"request": question.request_id}, key=f"settle:{question.request_id}")
        if question.request.recipient.host:
            jobs.announce("vouch-for-elsewhere", {"question": question.pk})


def _check_may_vouch(question: VouchQuestion, by: Member) -> None:
    request = question.request
    theirs = ties.in_contact(by, request.asker) or bool(by.host and request.asker.host)  # then their servers know
    if request.recipient_id not in contexts.confirmed_contacts(by) or not theirs:
        raise NotYoursToVouch
    since = clock.now() - timedelta(days=settings.REQUEST_VOUCHES_DAYS)
    given = VouchQuestion.objects.filter(voucher=by, answer=VouchAnswer.VOUCH, answered_at__gt=since).count()
    if given >= settings.REQUEST_VOUCHES_MAX:
        raise EnoughVouches(limit=settings.REQUEST_VOUCHES_MAX, days=settings.REQUEST_VOUCHES_DAYS)
    pitched = _last_pitch(by)
    if pitched:
        raise VouchSuspended(date=(pitched + timedelta(days=settings.VOUCH_SUSPENDED_DAYS)).date())


def _last_pitch(by: Member) -> datetime | None:
    """When somebody this member vouched for last pitched, if that was within the 90 days of suspension."""
    since = clock.now() - timedelta(days=settings.VOUCH_SUSPENDED_DAYS)
    bad = VouchQuestion.objects.filter(
        voucher=by, answer=VouchAnswer.VOUCH, request__answer=Answer.PITCH, request__answered_at__gt=since
    )
    return bad.order_by("-request__answered_at").values_list("request__answered_at", flat=True).first()

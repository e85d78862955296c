"""Promotions: only into an open call, labelled, limited by standing, with the consent kept and an opt-out of one click.

They lie in a folder of their own and never notify: no letter, no badge, no wake. Who objects to one need not say why.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import people, ties
from accounts.models import Member
from foundation import clock, wording
from foundation.refusals import Forbidden, Invalid, NotThere, Refusal, TooOften
from network.messages import calls, proofreading
from network.messages.models import Call, OptOut, Promotion
from vetting import allowance, evidence, ledger

AT_ONCE = 500
"""Promotions counted as heard in one run: their senders' chains are locked together, in one order."""


class PromotionEmpty(Invalid):
    code = "promotion-empty"
    message = _("Please write something, at most %(limit)d characters.")


class OptedOut(Forbidden):
    code = "promotion-opted-out"
    message = _("This member wants no promotions from you. Only they can change that.")


class PromotedLately(TooOften):
    code = "promotion-lately"
    message = _("You have sent this member a promotion within %(days)d days. The next one can go from %(again_at)s.")


class HeardEnough(TooOften):
    code = "promotions-heard"
    message = _(
        "This member hears at most %(limit)d promotions in seven days, and has. Try again in a few days: their call is"
        " open until %(until)s."
    )


class NotYourPromotion(NotThere):
    code = "not-your-promotion"
    message = _("There is no such promotion, or it was not sent to you.")


@transaction.atomic
def send(sender: Member, call: Call, *, text: str, key: str) -> Promotion:
    """The call's member finds it in the folder of promotions; one of the sender's allowance is spent.

    The same `key` returns the promotion that is there. Raises `Frozen`, `NoSuchCall`, `PromotionEmpty`, `OptedOut`,
    `PromotedLately`, `HeardEnough`, and those of `allowance.spend`.
    """
    people.check_may_act(sender)
    ties.lock(sender, call.member)
    before = Promotion.objects.filter(sender=sender, key=key).first()
    if before:
        return before
    asked = calls.for_sender(sender, call.public_id)
    words = wording.clean(text).strip()
    if not words or len(words) > settings.MESSAGE_MAX_CHARACTERS:
        raise PromotionEmpty(limit=settings.MESSAGE_MAX_CHARACTERS)
    _spend(sender, asked)
    return Promotion.objects.create(
        call=asked,
        sender=sender,
        recipient=asked.member,
        text=words,
        consent=consent(asked),
        key=key,
        sent_at=clock.now(),
        sent_to_many=proofreading.went_to_many(sender, asked.member, words),
    )


def refusal(sender: Member, call: Call) -> Refusal | None:
    """What `send` would refuse now, whatever the words: for the form, before anything is typed. Spends nothing."""
    try:
        people.check_may_act(sender)
        with transaction.atomic():
            _spend(sender, call)
            transaction.set_rollback(True)
    except Refusal as said:
        return said
    return None


def _spend(sender: Member, call: Call) -> None:
    """One of the allowance, if the call's member wants to hear of the sender now."""
    _check_wanted(sender, call)
    allowance.spend(sender, allowance.Kind.PROMOTION)


def _check_wanted(sender: Member, call: Call) -> None:
    if OptOut.objects.filter(member=call.member, sender=sender).exists():
        raise OptedOut
    again = timedelta(days=settings.PROMOTION_AGAIN_DAYS)
    heard = Promotion.objects.filter(recipient=call.member)
    before = heard.filter(sender=sender, sent_at__gt=clock.now() - again).order_by("-sent_at").first()
    if before:
        raise PromotedLately(days=settings.PROMOTION_AGAIN_DAYS, again_at=before.sent_at + again)
    limit = settings.PROMOTIONS_HEARD_A_WEEK
    if heard.filter(sent_at__gt=clock.now() - timedelta(days=7)).count() >= limit:
        raise HeardEnough(limit=limit, until=call.ends_on)


def consent(call: Call) -> dict[str, str]:
    """The call as it stood when something was sent into it: the proof that it was asked for."""
    return {
        "call": str(call.public_id),
        "kind": call.kind,
        "topic": call.topic,
        "region": call.region,
        "words": call.words,
        "opened_at": call.opened_at.isoformat(),
        "ends_on": call.ends_on.isoformat(),
    }


def folder_of(recipient: Member) -> QuerySet[Promotion]:
    """What was sent to the member, the newest first. It counts nowhere and notifies nobody."""
    return Promotion.objects.filter(recipient=recipient).select_related("sender").order_by("-sent_at", "-pk")


def sent_by(sender: Member) -> QuerySet[Promotion]:
    return Promotion.objects.filter(sender=sender).select_related("recipient").order_by("-sent_at", "-pk")


def for_recipient(member: Member, public_id: UUID) -> Promotion:
    found = folder_of(member).filter(public_id=public_id).first()
    if found is None:
        raise NotYourPromotion
    return found


@transaction.atomic
def opt_out(promotion: Promotion, *, by: Member) -> None:
    """No more promotions from this sender, whatever calls are open. The sender is told only when they try again."""
    if promotion.recipient_id != by.pk:
        raise NotYourPromotion
    OptOut.objects.get_or_create(member=by, sender=promotion.sender, defaults={"at": clock.now()})
    object_to(promotion)


def take_opt_out_back(promotion: Promotion, *, by: Member) -> None:
    """Its sender may answer the member's calls again. That they did not like this one stays. Twice is once."""
    if promotion.recipient_id != by.pk:
        raise NotYourPromotion
    OptOut.objects.filter(member=by, sender=promotion.sender).delete()


def opted_out_of(member: Member) -> set[int]:
    """Ids of those from whom the member wants no more."""
    return set(OptOut.objects.filter(member=member).values_list("sender", flat=True))


def object_to(promotion: Promotion) -> None:
    """The recipient did not like it: it is no good evidence for its sender, and nothing else."""
    Promotion.objects.filter(pk=promotion.pk, objected_at=None).update(objected_at=clock.now())


def count_as_heard() -> None:
    """Labelled, asked for, and nobody objected within two weeks: a little good evidence for the sender. Once."""
    until = clock.now() - timedelta(days=settings.PROMOTION_GOOD_DAYS)
    quiet = Promotion.objects.filter(heard_at=None, objected_at=None, sent_at__lte=until)
    with transaction.atomic():
        due = quiet.select_related("sender", "recipient").select_for_update(of=("self",), skip_locked=True)
        rows = list(due.order_by("pk")[:AT_ONCE])
        Promotion.objects.filter(pk__in=[row.pk for row in rows]).update(heard_at=clock.now())
        ledger.record_many([_heard(row) for row in rows])


def _heard(row: Promotion) -> ledger.Line:
    source = f"promotion:{row.public_id}"
    return ledger.Line(about=row.sender, by=row.recipient, kind=evidence.PROMOTION_HEARD, source=source)

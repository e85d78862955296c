"""Who may vouch for whom, how often and in which words; and which vouches count. Writes nothing."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts import reach, ties
from accounts.models import Member
from foundation import clock, wording
from foundation.refusals import Conflict, Forbidden, Invalid, TooOften
from vetting import contexts, proofs
from vetting.models import ProofKind, Vouch


class NotYetToVouch(Forbidden):
    code = "vouch-not-yet"
    message = ngettext_lazy(
        "You can vouch once you have been here for %(days)d day.",
        "You can vouch once you have been here for %(days)d days.",
        "days",
    )


class NothingShared(Forbidden):
    code = "vouch-nothing-shared"
    message = _("You can vouch for contacts with whom you have confirmed that you were both there.")


class NoContextForVouch(Invalid):
    code = "vouch-context"
    message = _("Choose the entry of yours that says where you worked together.")


class SentenceWrong(Invalid):
    code = "vouch-sentence"
    message = _("Please write one sentence of your own, at most %(limit)d characters, without links or phone numbers.")


class VouchesSpent(TooOften):
    code = "vouches-a-month"
    message = _("You have vouched for %(limit)d people in %(days)d days. A word given rarely is worth more.")


class VouchesLive(TooOften):
    code = "vouches-live"
    message = _("You vouch for %(limit)d people, which is all you may. Withdraw one before you give another.")


class VouchedAlready(Conflict):
    code = "vouch-there"
    message = _("You vouch for this person already, or they have not answered yet.")


def live() -> Q:
    """Countersigned, not withdrawn, not run out."""
    return Q(withdrawn_at=None, ends_at__gt=clock.now())


def waiting() -> Q:
    """Offered, and the subject has not answered."""
    return Q(issued_at=None, agreed_at=None, refused_at=None, withdrawn_at=None)


def unanswered() -> Q:
    """Offered, as the voucher sees it: a refused one reads, counts and is withdrawn like one that waits."""
    return Q(issued_at=None, withdrawn_at=None)


def why_not(voucher: Member, subject: Member) -> Forbidden | Conflict | None:
    """What keeps `voucher` from vouching for `subject`, limits of number apart: for the page, before one types."""
    if not reach.is_open(subject):
        return reach.NothingGoesThere()
    if not ties.in_contact(voucher, subject):
        return NothingShared()
    if not _met_in_person(voucher):
        days = settings.VOUCH_AFTER_DAYS
        if voucher.joined_at > clock.now() - timedelta(days=days):
            return NotYetToVouch(days=days)
        if not contexts.confirmed(voucher, subject):
            return NothingShared()
    return VouchedAlready() if is_there(voucher, subject) else None


def is_there(voucher: Member, subject: Member) -> bool:
    """One waits for an answer, or stands for longer than half a year: it cannot be renewed yet."""
    renewable = clock.now() + timedelta(days=settings.VOUCH_RENEWABLE_DAYS)
    ours = Vouch.objects.filter(voucher=voucher, subject=subject)
    return ours.filter(unanswered()).exists() or ours.filter(live(), ends_at__gt=renewable).exists()


def _met_in_person(voucher: Member) -> bool:
    """Anchors who moderate or were met may vouch at once: they do it for people they have met in person."""
    whole = Q(kind__in=[ProofKind.MODERATOR, ProofKind.MET])
    return proofs.live(clock.now()).filter(whole, member=voucher).exists()


def checked(sentence: str) -> str:
    """One sentence of the voucher's own, without links, addresses or phone numbers. Raises `SentenceWrong`."""
    text = " ".join(wording.clean(sentence).split())
    carried = wording.links(text) or wording.addresses(text) or wording.phones(text)
    if not text or len(text) > settings.SENTENCE_MAX_CHARACTERS or carried:
        raise SentenceWrong(limit=settings.SENTENCE_MAX_CHARACTERS)
    return text


def check_numbers(voucher: Member) -> None:
    """Withdrawn and refused ones count among those of the month, so that nobody can try around."""
    since = clock.now() - timedelta(days=settings.VOUCHES_DAYS)
    given = Vouch.objects.filter(voucher=voucher)
    if given.filter(offered_at__gt=since).count() >= settings.VOUCHES_MAX:
        raise VouchesSpent(limit=settings.VOUCHES_MAX, days=settings.VOUCHES_DAYS)
    if given.filter(unanswered() | live()).count() >= settings.VOUCHES_LIVE_MAX:
        raise VouchesLive(limit=settings.VOUCHES_LIVE_MAX)

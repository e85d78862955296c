"""Open calls: a member's dated consent to hear promotions on one topic. No list to harvest; closed at once."""

from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import crossings, people, ties
from accounts.models import Block, Member
from foundation import clock, regions
from foundation.refusals import Invalid, NotThere, TooOften
from network.contacts import notes
from network.messages.models import Call, CallKind, Topic, Trade
from vetting import contexts

TRADES_MAX = 10
LOOKED_AT_MAX = 50
"""Open calls looked at for one page: the newest."""


class CallWrong(Invalid):
    code = "call-wrong"
    message = _("Choose a topic, a region and a last day within the next %(days)d days.")


class EnoughCalls(TooOften):
    code = "calls-open"
    message = _("You have %(limit)d open calls, which is all you may. Close one first.")


class NoSuchCall(NotThere):
    code = "no-such-call"
    message = _("There is no such open call, or it is not for you.")


class TradeWrong(Invalid):
    code = "trade-wrong"
    message = _("Choose a topic and a region, at most %(limit)d of them.")


def live() -> Q:
    return Q(closed_at=None, ends_on__gte=clock.today())


@transaction.atomic
def open_(member: Member, *, kind: str, topic: str, region: str, words: str, ends_on: date, key: str) -> Call:
    """Until `ends_on`, or until it is closed, promotions on this topic may be sent into the call.

    The same `key` returns the call that is there. Raises `Frozen`, `CallWrong`, `EnoughCalls`, notes' refusals.
    """
    people.check_may_act(member)
    ties.lock(member)
    before = Call.objects.filter(member=member, key=key).first()
    if before:
        return before
    days = settings.CALL_DAYS_MAX
    if kind not in CallKind.values or topic not in Topic.values or not regions.code(region):
        raise CallWrong(days=days)
    if not clock.today() <= ends_on <= clock.today() + timedelta(days=days):
        raise CallWrong(days=days)
    if Call.objects.filter(live(), member=member).count() >= settings.CALLS_OPEN:
        raise EnoughCalls(limit=settings.CALLS_OPEN)
    values = {"kind": kind, "topic": topic, "region": regions.code(region), "words": notes.check(words, needed=True)}
    return Call.objects.create(member=member, key=key, opened_at=clock.now(), ends_on=ends_on, **values)


def close(call: Call, *, by: Member) -> None:
    """Nothing can be sent into it from this moment on."""
    if call.member_id != by.pk:
        raise NoSuchCall
    Call.objects.filter(pk=call.pk, closed_at=None).update(closed_at=clock.now())


def of(member: Member) -> QuerySet[Call]:
    return Call.objects.filter(member=member).order_by("closed_at", "-ends_on", "-pk")


def seen_by(viewer: Member) -> list[Call]:
    """Open calls of others that this member may see, the newest first.

    Those of people with whom they share a context of grade A or B, and those on a topic and from a region that they
    have said they can speak to. Nobody sees all.
    """
    near = Block.objects.filter(blocker=viewer).values("blocked")
    blockers = Block.objects.filter(blocked=viewer).values("blocker")
    others = Call.objects.filter(live()).exclude(member=viewer).exclude(member__in=near).exclude(member__in=blockers)
    trades = list(viewer.trades.all())
    known = contexts.confirmed_with(viewer)
    newest = others.select_related("member").order_by("-opened_at", "-pk")[:LOOKED_AT_MAX]
    return [call for call in newest if _may_see(viewer, call, trades, known)]


def _may_see(viewer: Member, call: Call, trades: list[Trade], known: set[int]) -> bool:
    if call.member_id in known or any(fits(trade, call) for trade in trades):
        return True
    return bool(crossings.with_person(viewer, call.member))


def fits(trade: Trade, call: Call) -> bool:
    """The same topic, and one region within the other."""
    return trade.topic == call.topic and regions.meet(trade.region, call.region)


def for_sender(sender: Member, public_id: UUID) -> Call:
    """An open call that this member sees; raises `NoSuchCall` alike for closed, ended, hidden and unknown ones."""
    found = next((call for call in seen_by(sender) if call.public_id == public_id), None)
    if found is None:
        raise NoSuchCall
    return found


@transaction.atomic
def speak_to(member: Member, trades: list[tuple[str, str]]) -> None:
    """The member can speak to these topics, each in its region; nothing else. Seen by nobody."""
    kept = {(topic, regions.code(region)) for topic, region in trades}
    if len(kept) > TRADES_MAX or any(topic not in Topic.values or not region for topic, region in kept):
        raise TradeWrong(limit=TRADES_MAX)
    Trade.objects.filter(member=member).delete()
    Trade.objects.bulk_create(Trade(member=member, topic=topic, region=region) for topic, region in sorted(kept))

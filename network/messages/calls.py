"""Open calls: a member's dated consent to hear promotions on one topic. No list to harvest; closed at once."""

from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import people, ties
from accounts.models import Block, Member
from foundation import clock, quotas, regions
from foundation.refusals import Invalid, NotThere, TooOften
from network.contacts import notes
from network.messages.models import Call, CallKind, Promotion, Topic, Trade
from vetting import sharing

SHOWN_MAX = 20
"""Calls shown at once, the newest; there is no second page. What was answered makes room."""
TRADE_DAYS = 30


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


class EnoughTrades(TooOften):
    code = "trades-new"
    message = _("You can name %(limit)d new topics in %(days)d days. The next ones from %(again_at)s.")


def live() -> Q:
    return Q(closed_at=None, ends_on__gte=clock.today())


@transaction.atomic
def open_(member: Member, *, kind: str, topic: str, region: str, words: str, ends_on: date, key: str) -> Call:
    """Until the end of `ends_on` (UTC), or until it is closed, promotions on this topic may be sent into the call.

    It never changes: who wants something else closes it and opens another. The same `key` returns the call that is
    there. Raises `Frozen`, `CallWrong`, `EnoughCalls`, notes' refusals.
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


@transaction.atomic
def close(call: Call, *, by: Member) -> None:
    """Nothing can be sent into it from this moment on: the lock is the one that sending takes. Frozen members, too."""
    if call.member_id != by.pk:
        raise NoSuchCall
    ties.lock(by)
    Call.objects.filter(pk=call.pk, closed_at=None).update(closed_at=clock.now())


def of(member: Member) -> QuerySet[Call]:
    """The member's own calls, open ones first."""
    return Call.objects.filter(member=member).order_by("-closed_at", "-ends_on", "-pk")


def own(member: Member, public_id: UUID) -> Call:
    """Raises `NoSuchCall`, alike for others' calls and unknown ones."""
    found = Call.objects.filter(member=member, public_id=public_id).first()
    if found is None:
        raise NoSuchCall
    return found


def seen_by(viewer: Member) -> QuerySet[Call]:
    """Open calls of others that this member may see: the newest, as many as fit on one page.

    Those of people with whom they share a context of grade A or B, and those on a topic and from a region that they
    have said they can speak to. Whom they have just written to is left out. Nobody sees all.
    """
    lately = clock.now() - timedelta(days=settings.PROMOTION_AGAIN_DAYS)
    answered = Promotion.objects.filter(sender=viewer, sent_at__gt=lately).values("recipient")
    return _visible(viewer, _of_others(viewer).exclude(member__in=answered))[:SHOWN_MAX]


def for_sender(sender: Member, public_id: UUID) -> Call:
    """An open call that this member sees; raises `NoSuchCall` alike for closed, ended, hidden and unknown ones."""
    found = _visible(sender, _of_others(sender).filter(public_id=public_id)).first()
    if found is None:
        raise NoSuchCall
    return found


def _of_others(viewer: Member) -> QuerySet[Call]:
    """Open calls of members who can be written to, and with whom there is no block."""
    blocked = Block.objects.filter(blocker=viewer).values("blocked")
    blockers = Block.objects.filter(blocked=viewer).values("blocker")
    here = Call.objects.filter(live(), member__confirmed_at__isnull=False, member__frozen_at=None)
    return here.exclude(Q(member=viewer) | Q(member__in=blocked) | Q(member__in=blockers))


def _visible(viewer: Member, calls: QuerySet[Call]) -> QuerySet[Call]:
    near = sharing.known_to(viewer, Member.objects.filter(pk__in=calls.values("member")))
    may_see = Q(member__in=near)
    for trade in viewer.trades.all():
        may_see |= _fits(trade)
    return calls.filter(may_see).select_related("member").order_by("-opened_at", "-pk")


def _fits(trade: Trade) -> Q:
    """The same topic, and one region within the other (`regions.meet`, for the database)."""
    meets = Q(region__in=regions.broader(trade.region)) | Q(region__startswith=f"{trade.region}-")
    return Q(topic=trade.topic) & meets


@transaction.atomic
def speak_to(member: Member, trades: list[tuple[str, str]]) -> None:
    """The member can speak to these topics, each in its region; nothing else. Seen by nobody.

    Only so many new ones in 30 days: else one could walk through all topics and read all calls. Raises `Frozen`,
    `TradeWrong`, `EnoughTrades`.
    """
    people.check_may_act(member)
    ties.lock(member)
    wanted = {(topic, regions.code(region)) for topic, region in trades}
    limit = settings.TRADES_MAX
    if len(wanted) > limit or any(topic not in Topic.values or not region for topic, region in wanted):
        raise TradeWrong(limit=limit)
    kept = {(trade.topic, trade.region): trade.pk for trade in Trade.objects.filter(member=member)}
    Trade.objects.filter(pk__in=[kept[pair] for pair in kept.keys() - wanted]).delete()
    fresh = sorted(wanted - kept.keys())
    for _pair in fresh:
        _spend_new(member)
    Trade.objects.bulk_create(Trade(member=member, topic=topic, region=region) for topic, region in fresh)


def _spend_new(member: Member) -> None:
    limit = settings.TRADES_NEW
    try:
        quotas.spend("trades", str(member.pk), limit=limit, days=TRADE_DAYS)
    except quotas.QuotaSpent as spent:
        raise EnoughTrades(limit=limit, days=TRADE_DAYS, again_at=spent.again_at) from None

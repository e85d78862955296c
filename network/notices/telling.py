"""A fact becomes a notice, a notice a letter: at once, in a digest, or never."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Member
from foundation import clock, jobs, letters
from network.notices import facts, unsubscribing, wishes
from network.notices.facts import Found
from network.notices.models import Kind, Notice, Outcome, Way
from network.notices.unsubscribing import DIGEST

A_TIME_MAX = 20_000
"""Members whose digests are asked for in one go; the rest in the next."""


def tell(member: Member, what: str, ref: object) -> None:
    """The member will hear of the fact in the way they chose, once. Call it in the transaction that makes it true.

    Those who live elsewhere are told by their own server.
    """
    if member.account_id is None:
        return
    kind = facts.of(what).kind
    way = wishes.of(member).ways[kind]
    if way == Way.NEVER:
        return
    pause = _pause(kind)
    by_digest = way == Way.DIGEST
    due = wishes.digest_after(member) if by_digest else clock.now() + pause
    values = {"due_at": due, "noted_at": clock.now(), "by_digest": by_digest}
    notice, made = Notice.objects.get_or_create(member=member, what=what, ref=str(ref), defaults=values)
    if made and not by_digest:
        jobs.add("notice-letter", {"notice": notice.pk}, delay=pause or None)


def _pause(kind: Kind) -> timedelta:
    """A message is often read within minutes: so long its letter waits."""
    return timedelta(minutes=settings.NOTICE_MESSAGE_MINUTES if kind == Kind.MESSAGE else 0)


def seen(member: Member, *what: str, ref: object = None) -> None:
    """The member has seen it here: what still waits of these facts is not written any more."""
    waiting = Notice.objects.filter(member=member, what__in=what, settled_at=None)
    if ref is not None:
        waiting = waiting.filter(ref=str(ref))
    waiting.update(outcome=Outcome.SEEN, settled_at=clock.now())


@transaction.atomic
def write_one(notice_id: int) -> None:
    """The notice has its letter, or none is needed any more. Done twice, it changes nothing."""
    notice = Notice.objects.select_for_update(of=["self"]).select_related("member__account").filter(pk=notice_id)
    waiting = notice.filter(settled_at=None).first()
    if waiting is None:
        return
    with translation.override(waiting.member.language):
        found = _found(waiting)
        if found:
            _write_at_once(waiting, found)


@transaction.atomic
def write_digest(member_id: int) -> None:
    """Everything that waits for the member is in one letter; what was seen or is over meanwhile is not. No letter
    where nothing is left. Done twice, it changes nothing."""
    mine = _due().filter(member=member_id).select_for_update(of=["self"])
    rows = list(mine.select_related("member__account").order_by("pk"))
    if not rows:
        return
    member = rows[0].member
    with translation.override(member.language):
        still = [notice for notice in rows if _found(notice)]
        if still:
            _write_together(member, still)


def due_digests() -> list[int]:
    """Ids of the members to whom something is to be said now."""
    return list(_due().order_by("member").values_list("member", flat=True).distinct()[:A_TIME_MAX])


def _due() -> QuerySet[Notice]:
    return Notice.objects.filter(settled_at=None, by_digest=True, due_at__lte=clock.now())


def forget() -> None:
    Notice.objects.filter(settled_at__lt=clock.now() - timedelta(days=settings.NOTICE_DAYS)).delete()


def _found(notice: Notice) -> Found | None:
    """The fact, if the member still wants to hear of it; else the notice is settled."""
    fact = facts.of(notice.what)
    if notice.member.account is None or wishes.of(notice.member).ways[fact.kind] == Way.NEVER:
        _settle([notice], Outcome.UNWANTED)
        return None
    found = fact.find(notice.member, notice.ref)
    if found is None:
        _settle([notice], Outcome.GONE)
    return found


def _settle(notices: Sequence[Notice], outcome: Outcome) -> None:
    ids = [notice.pk for notice in notices]
    Notice.objects.filter(pk__in=ids, settled_at=None).update(outcome=outcome, settled_at=clock.now())


def _write_at_once(notice: Notice, found: Found) -> None:
    fact = facts.of(notice.what)
    said = found.letter or str(fact.sentence) % found.values
    body = {"said": said, "url": f"{settings.SITE_URL}{found.path}"}
    _write(notice.member, str(fact.subject), "mail/notice.txt", body, kind=notice.what, switch=fact.kind)
    _settle([notice], Outcome.SENT)


def _write_together(member: Member, notices: Sequence[Notice]) -> None:
    lines = []
    for what, count in Counter(notice.what for notice in notices).items():
        fact = facts.of(what)
        lines.append({"said": str(fact.several % {"count": count}), "url": f"{settings.SITE_URL}{fact.page}"})
    subject = _("What waits for you")
    _write(member, subject, "mail/digest.txt", {"lines": lines}, kind=DIGEST, switch=DIGEST)
    _settle(notices, Outcome.SENT)


def _write(
    member: Member, subject: str, template: str, values: Mapping[str, object], *, kind: str, switch: str
) -> None:
    assert member.account is not None
    stop = unsubscribing.address(member, switch)
    common = {"site": settings.SITE_NAME, "stop": stop, "switches": f"{settings.SITE_URL}/settings/letters/"}
    text = render_to_string(template, {**values, **common})
    letters.write(member.account.email, subject, text, kind=kind, reader=str(member.public_id), unsubscribe=stop)

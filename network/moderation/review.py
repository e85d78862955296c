"""Appeals against decisions: for six months, once a person, answered by another moderator (DSA Art. 20; `rulings`)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import powers
from accounts.models import Member
from foundation import clock, wording
from foundation.refusals import Invalid, NotThere
from network.moderation import queue, statements
from network.moderation.models import Appeal, AppealState, Case, CaseKind, Effect, Freeze, Notifier, State

WORDS_MAX_CHARACTERS = 2000
Person = Member | Notifier


class NothingToAppeal(NotThere):
    code = "nothing-to-appeal"
    message = _("There is no decision here that you can appeal against now.")


class AppealWordsNeeded(Invalid):
    code = "appeal-words"
    message = _("Please say in a few sentences why the decision is wrong, in at most %(limit)d characters.")


def may_appeal(decision: Case | Freeze, by: Person) -> bool:
    """Whether the decision weighs on that person, stands, is not older than six months and not appealed by them yet."""
    at = _decided_at(decision)
    if at is None or statements.appeal_until(at) <= clock.now() or not _weighs_on(decision, by):
        return False
    mine = {"by": by} if isinstance(by, Member) else {"notifier": by}
    return not decision.appeals.filter(**mine).exists()


def ask_about_case(public_id: UUID, *, by: Person, words: str) -> Appeal:
    """Another moderator will answer. Raises `NothingToAppeal` for every case but one's own, `AppealWordsNeeded`."""
    return _ask(Case.objects.filter(public_id=public_id), by, words)


def ask_about_freeze(pk: int, *, by: Member, words: str) -> Appeal:
    """The same for a freeze; the frozen may."""
    return _ask(Freeze.objects.filter(pk=pk), by, words)


def open_to(moderator: Member) -> QuerySet[Appeal]:
    """Appeals the moderator may read and answer. Those against their own decisions are not there at all."""
    if not powers.has(moderator, queue.DECIDE):
        return Appeal.objects.none()
    cases = Appeal.objects.filter(case__in=queue.open_to(moderator).values("pk"))
    freezes = Appeal.objects.filter(freeze__in=queue.freezes_open_to(moderator).values("pk"))
    found = (cases | freezes).exclude(first=moderator)
    return found.select_related("case__about", "freeze__member", "by", "notifier", "first", "decided_by")


def settle(appeals: QuerySet[Appeal], *, reason: str) -> None:
    """Those that wait have got what they asked for, without an answer of their own. Call it inside a transaction."""
    waiting = appeals.filter(state=AppealState.OPEN)
    waiting.update(state=AppealState.SETTLED, decided_at=clock.now(), reason=reason)


def _decided_at(decision: Case | Freeze) -> datetime | None:
    if isinstance(decision, Freeze):
        return None if decision.thawed_at else decision.at
    return decision.decided_at if decision.kind == CaseKind.REPORT else None


def _weighs_on(decision: Case | Freeze, by: Person) -> bool:
    """A freeze or a strike on its member; a dismissal, and the more one as bad faith, on whoever reported."""
    if isinstance(decision, Freeze):
        return isinstance(by, Member) and decision.member_id == by.pk
    if isinstance(by, Member) and decision.about_id == by.pk:
        return decision.effect == Effect.STRIKE
    dismissed = decision.state == State.DISMISSED and decision.effect in (Effect.NOTHING, Effect.BAD_FAITH)
    mine = {"reporter": by} if isinstance(by, Member) else {"notifier": by}
    return dismissed and decision.reports.filter(**mine).exists()


@transaction.atomic
def _ask(found: QuerySet[Case] | QuerySet[Freeze], by: Person, words: str) -> Appeal:
    decision = found.select_for_update(no_key=True).first()
    if decision is None or not may_appeal(decision, by):
        raise NothingToAppeal
    text = wording.clean(words).strip()
    if not text or len(text) > WORDS_MAX_CHARACTERS:
        raise AppealWordsNeeded(limit=WORDS_MAX_CHARACTERS)
    first = decision.by if isinstance(decision, Freeze) else decision.decided_by
    assert first is not None  # a decided case has whoever decided it (case_decided_with_reasons)
    what = {"freeze": decision} if isinstance(decision, Freeze) else {"case": decision}
    who = {"by": by} if isinstance(by, Member) else {"notifier": by}
    return Appeal.objects.create(first=first, words=text, at=clock.now(), **what, **who)

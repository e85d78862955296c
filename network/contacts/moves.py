"""Somebody has moved to another server: follows go along, contacts are asked, vouches stay with who they were.

News: `contact-kept` {question}.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import people, ties
from accounts.models import Block, Member
from foundation import clock, jobs
from foundation.refusals import Conflict, NotThere, TooOften
from network.contacts import follows, news, quiet
from network.contacts.models import Contact, Follow, KeepQuestion, Relocation
from vetting import contexts
from vetting.models import ConfirmationKind

QUIET = (
    "quiet_until",
    "lifted_at",
    "asker_again_since",
    "asker_again_until",
    "recipient_again_since",
    "recipient_again_until",
)
"""What says how quiet each side of a contact has to be."""


class MovedLately(TooOften):
    code = "they-moved-lately"


class NotYourQuestion(NotThere):
    code = "not-your-question"
    message = _("There is no such question, or it is not yours.")


class QuestionAnswered(Conflict):
    code = "question-answered"
    message = _("You have answered this already.")


@transaction.atomic
def relocate(before: Member, after: Member) -> bool:
    """`before` is `after` now, as both homes say. Raises `MovedLately`: once in 30 days. False if it is known already.

    Who follows them follows their new home, who blocks them blocks it, and each contact here is asked.
    """
    ties.lock(before, after)
    last = Relocation.objects.filter(before=before).order_by("-at").first()
    if before.pk == after.pk or (last and last.after_id == after.pk):
        return False
    if last and last.at > clock.now() - timedelta(days=settings.MOVE_AGAIN_DAYS):
        raise MovedLately
    Relocation.objects.create(before=before, after=after)
    for block in Block.objects.filter(blocked=before, blocker__host="").select_related("blocker"):
        ties.block(block.blocker, after)
    _move_follows(before, after)
    if not after.host or after.elsewhere.speaks:
        for member in ties.contacts_of(before).filter(host="").exclude(pk=after.pk):
            _ask(member, after, before)
    return True


def _move_follows(before: Member, after: Member) -> None:
    following = Follow.objects.filter(followed=before, ended_at=None, follower__host="", follower__frozen_at=None)
    for row in following.exclude(follower=after).select_related("follower", "followed"):
        follows.end(row.follower, row.followed)
        if after.host and not ties.has_blocked(row.follower, after):  # of this server nobody is followed
            follows.follow(row.follower, after)


def _ask(member: Member, other: Member, before: Member, *, mine: bool = False) -> KeepQuestion | None:
    if ties.in_contact(member, other) or ties.has_blocked(member, other):
        return None
    row, created = KeepQuestion.objects.get_or_create(
        member=member, other=other, answered_at=None, defaults={"before": before, "mine": mine}
    )
    if created:
        news.moved(row)
    return row


@transaction.atomic
def offer_to_keep(mover: Member, other: Member, *, before: Member) -> KeepQuestion | None:
    """A contact elsewhere keeps somebody who has moved here, who was `before` until then: they are asked, too."""
    ties.lock(mover, other)
    return _ask(mover, other, before, mine=True)


def waiting_for(member: Member) -> QuerySet[KeepQuestion]:
    """What the member is asked, the newest first."""
    asked = KeepQuestion.objects.filter(member=member, answered_at=None)
    return asked.select_related("other", "before").order_by("-asked_at")


def by_public_id(public_id: UUID, member: Member) -> KeepQuestion:
    """Raises `NotYourQuestion`."""
    found = KeepQuestion.objects.select_related("member", "other", "before").filter(public_id=public_id, member=member)
    row = found.first()
    if row is None:
        raise NotYourQuestion
    return row


@transaction.atomic
def keep(question: KeepQuestion, *, by: Member) -> Contact:
    """The contact goes on with the new home, its quiet period as far as it was, what was confirmed confirmed again.

    Vouches stay with who they were: they are signed, and name that home. Raises `NotYourQuestion`, `QuestionAnswered`,
    `Frozen`.
    """
    people.check_may_act(by)
    _answer(question, by, kept=True)
    other, before = question.other, question.before
    there = quiet.between(by, other)
    if there:
        return there
    old = None if question.mine else quiet.between(by, before)
    other_asked = old is not None and old.asker_id == before.pk
    asker, recipient = (other, by) if other_asked else (by, other)
    contact = quiet.begin(asker=asker, recipient=recipient)
    bound = {name: getattr(old, name) for name in QUIET} if old else {"quiet_until": clock.now()}
    Contact.objects.filter(pk=contact.pk).update(**bound)
    _confirm_again(question)
    if old:
        quiet.end(old, by=by)
    ties.met(by, other, how="contact")
    jobs.announce("contact-kept", {"question": question.pk})
    contact.refresh_from_db()
    return contact


@transaction.atomic
def let_go(question: KeepQuestion, *, by: Member) -> None:
    """Nothing begins at the new home, and nobody is told."""
    _answer(question, by, kept=False)


def _answer(question: KeepQuestion, by: Member, *, kept: bool) -> None:
    if question.member_id != by.pk:
        raise NotYourQuestion
    ties.lock(by, question.other, question.before)
    waits = KeepQuestion.objects.filter(pk=question.pk, answered_at=None)
    if not waits.update(answered_at=clock.now(), kept=kept):
        raise QuestionAnswered


def _confirm_again(question: KeepQuestion) -> None:
    """Who kept them says with it: this is the one with whom I was there."""
    by, other = question.member, question.other
    known = None if question.mine else contexts.confirmation(by, question.before)
    if known is None:
        contexts.accepted(by, other, source=question.public_id)
        return
    contexts.confirm(
        by,
        other,
        kind=ConfirmationKind(known.kind),
        source=question.public_id,
        organisation=known.organisation,
        entry=known.entry,
    )

"""Every sanction can be undone, and then everything is exactly as it was."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Entry, Member
from foundation import clock, jobs
from foundation.models import Bucket
from network.contacts import answers
from network.contacts.models import Contact
from network.messages.models import Message
from network.moderation import decisions, freezing, labels, reports, review, rulings
from network.moderation.models import Appeal, AppealState, Case, Freeze
from tests.cast import DAY, asks, key
from tests.moderation.desk import REASONS, says
from tests.vetting.town import confirmed, founder, night, vouched
from vetting import allowance, standing

Sanction = Callable[[], Case | Freeze]


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    """No time passes, so that nothing differs but by what is done."""
    with clock.at(clock.now()):
        yield


@pytest.fixture
def town(ada: Member, bo: Member, cleo: Member, at_acme: Entry) -> list[Member]:
    """Ada has standing, lent by an anchor and by Cleo, and an allowance that she has drawn from; Bo is her contact,
    and her quiet period has begun anew once already."""
    anchor = founder()
    vouched(anchor, ada)
    vouched(anchor, cleo)
    confirmed(ada, cleo)
    with clock.at(clock.now() - 60 * DAY):
        answers.accept(asks(ada, bo, at_acme), by=bo)
    Contact.objects.update(asker_again_since=clock.now() - 40 * DAY, asker_again_until=clock.now() - 10 * DAY)
    with clock.at(clock.now() - DAY):
        night()
    jobs.drain_everything()
    allowance.spend(ada, allowance.Kind.PROMOTION)
    return [ada, bo, cleo, anchor]


class Points(float):
    """Solved to within a bound of the model's own."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, float) and abs(float(self) - float(other)) <= standing.THETA_POINTS

    __hash__ = float.__hash__


def everything(members: list[Member]) -> dict[str, Any]:
    """All that a sanction can touch."""
    jobs.drain_everything()
    held = [standing.recompute(member) for member in members]
    pks = [member.pk for member in members]
    return {
        "points": [Points(one.points) for one in held],
        "conduct": [(one.conduct, one.blame, one.rests_until) for one in held],
        "buckets": sorted(Bucket.objects.values_list("what", "holder", "level", "filled_at")),
        "labels": sorted(Message.objects.exclude(label="").values_list("pk", "label")),
        "contacts": sorted(Contact.objects.values_list("pk", *(field.attname for field in Contact._meta.fields))),
        "frozen": sorted(Member.objects.filter(pk__in=pks).values_list("pk", "frozen_at")),
    }


KINDS = ["strike with labels", "bad faith", "freeze"]


def impose(kind: str, ada: Member, bo: Member, mo: Member) -> Case | Freeze:
    """The sanction, decided by Mo."""
    if kind == "freeze":
        return freezing.freeze(ada, by=mo, reason="A wave of advertising.")
    if kind == "bad faith":
        case = reports.report(ada, bo, words="He is rude.", key=key()).case
        return decisions.dismiss_bad_faith(case, by=mo, **REASONS)
    if kind == "strike":
        return decisions.uphold(reports.report(bo, ada, words="She sells.", key=key()).case, by=mo, **REASONS)
    pumps = says(ada, bo, "Our new pumps are in.")
    says(bo, ada, "Never mind.")
    valves = says(ada, bo, "And our new valves.")
    labels.mark(pumps, by=bo, label="promotion")
    return decisions.uphold(labels.mark(valves, by=bo, label="promotion").case, by=mo, **REASONS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_granted_appeal_restores_exactly_what_was(
    kind: str, town: list[Member], ada: Member, bo: Member, mo: Member, nina: Member
) -> None:
    before = everything(town)
    decision = impose(kind, ada, bo, mo)
    assert everything(town) != before

    rulings.grant(_appeal(decision, ada), by=nina, reason="We were wrong.", to_other="We looked again.")

    assert everything(town) == before
    assert Appeal.objects.get().state == AppealState.GRANTED


@pytest.mark.parametrize("kind", KINDS)
def test_the_moderator_who_decided_can_take_it_back_and_settles_the_appeal(
    kind: str, town: list[Member], ada: Member, bo: Member, mo: Member
) -> None:
    before = everything(town)
    decision = impose(kind, ada, bo, mo)
    appeal = _appeal(decision, ada)
    if isinstance(decision, Freeze):
        freezing.thaw(ada, by=mo, reason="An error.")
    else:
        decisions.take_back(decision, by=mo, to_reporter="An error.", to_subject="An error.")

    assert everything(town) == before
    appeal.refresh_from_db()
    assert (appeal.state, appeal.decided_by, appeal.reason) == (AppealState.SETTLED, None, "An error.")


def test_two_strikes_taken_back_in_either_order_leave_the_buckets_as_they_were(
    town: list[Member], ada: Member, bo: Member, mo: Member
) -> None:
    for first in (0, 1):
        before = everything(town)["buckets"]
        cases = []
        for hours in (1, 2):
            with clock.at(clock.now() + timedelta(hours=hours)):
                cases.append(impose("strike", ada, bo, mo))
        for case in (cases[first], cases[1 - first]):
            assert isinstance(case, Case)
            decisions.take_back(case, by=mo, to_reporter="An error.", to_subject="An error.")
        assert everything(town)["buckets"] == before


def test_a_strike_that_stands_keeps_the_buckets_empty(town: list[Member], ada: Member, bo: Member, mo: Member) -> None:
    first, second = impose("strike", ada, bo, mo), impose("strike", ada, bo, mo)
    assert isinstance(first, Case)
    assert isinstance(second, Case)
    emptied = everything(town)["buckets"]

    decisions.take_back(first, by=mo, to_reporter="An error.", to_subject="An error.")

    assert everything(town)["buckets"] == emptied


def test_what_was_drawn_after_the_strike_stays_drawn(town: list[Member], ada: Member, bo: Member, mo: Member) -> None:
    case = impose("strike", ada, bo, mo)
    assert isinstance(case, Case)
    row = Bucket.objects.get(what=allowance.Kind.PROMOTION, holder=str(ada.pk))
    Bucket.objects.filter(pk=row.pk).update(level=2.0, filled_at=row.filled_at + timedelta(days=20))

    decisions.take_back(case, by=mo, to_reporter="An error.", to_subject="An error.")

    assert Bucket.objects.get(pk=row.pk).filled_at == row.filled_at + timedelta(days=20)
    assert Bucket.objects.get(pk=row.pk).level > 2.0


def _appeal(decision: Case | Freeze, by: Member) -> Appeal:
    words = "That is not so."
    if isinstance(decision, Freeze):
        return review.ask_about_freeze(decision.pk, by=by, words=words)
    return review.ask_about_case(decision.public_id, by=by, words=words)

"""The quiet period that begins anew for whoever advertised: beside the one that came with the contact, not instead."""

import pytest

from accounts.models import Entry, Member
from foundation import clock
from network.contacts import answers, quiet
from network.contacts.models import Answer, Contact, Request
from network.messages import pitches, threads
from network.messages.models import Message
from network.moderation import decisions
from network.moderation.models import Case
from tests.cast import DAY, asks
from tests.moderation.desk import REASONS, says, upheld
from vetting import evidence
from vetting.models import Evidence


@pytest.fixture
def contact(ada: Member, bo: Member, at_acme: Entry) -> Contact:
    """Ada asked, Bo accepted; her quiet period is long over."""
    with clock.at(clock.now() - 60 * DAY):
        return answers.accept(asks(ada, bo, at_acme), by=bo)


def test_quiet_starts_anew_for_who_asked(contact: Contact, ada: Member, bo: Member, mo: Member) -> None:
    upheld(says(ada, bo), bo, mo)
    says(bo, ada, "Never mind.")

    bound = quiet.keeps_quiet(ada, bo)
    assert bound
    assert bound.until > clock.now() + 29 * DAY
    with pytest.raises(threads.QuietAgain):
        says(ada, bo, "See https://pumps.example.com")
    quiet.lift(contact, by=bo)
    assert says(ada, bo, "See https://pumps.example.com").pk


def test_quiet_starts_for_the_side_that_was_asked_if_it_advertised(
    contact: Contact, ada: Member, bo: Member, mo: Member
) -> None:
    says(ada, bo, "Hello")
    upheld(says(bo, ada), ada, mo)

    assert quiet.keeps_quiet(bo, ada)
    assert quiet.keeps_quiet(ada, bo) is None
    with pytest.raises(threads.QuietAgain):
        says(bo, ada, "See https://pumps.example.com")
    assert says(ada, bo, "See https://example.org").pk


def test_a_running_quiet_period_never_becomes_shorter(ada: Member, bo: Member, mo: Member, at_acme: Entry) -> None:
    """Ada asked yesterday. Bo advertises, then she does: both are bound, and hers lasts as long as the longer one."""
    with clock.at(clock.now() - DAY):
        contact = answers.accept(asks(ada, bo, at_acme), by=bo)
    says(ada, bo, "Hello")
    upheld(says(bo, ada), ada, mo)
    hers = quiet.keeps_quiet(ada, bo)
    assert hers
    assert (hers.until, hers.again) == (contact.quiet_until, False)
    for writer, other, refusal in ((ada, bo, threads.StillQuiet), (bo, ada, threads.QuietAgain)):
        with pytest.raises(refusal):
            says(writer, other, "See https://pumps.example.com")

    case = upheld(says(ada, bo), bo, mo)
    Contact.objects.update(quiet_until=clock.now() + 90 * DAY)
    hers = quiet.keeps_quiet(ada, bo)
    assert hers
    assert hers.until > clock.now() + 89 * DAY
    decisions.take_back(case, by=mo, **REASONS)
    assert quiet.keeps_quiet(ada, bo) == Contact.objects.get().quiet_of(ada)
    assert quiet.keeps_quiet(bo, ada)


def test_each_side_lifts_the_others_and_never_its_own(ada: Member, bo: Member, mo: Member, at_acme: Entry) -> None:
    contact = answers.accept(asks(ada, bo, at_acme), by=bo)
    with pytest.raises(quiet.NotYoursToLift):
        quiet.lift(contact, by=ada)
    says(ada, bo, "Hello")
    upheld(says(bo, ada), ada, mo)
    quiet.lift(contact, by=ada)
    assert quiet.keeps_quiet(bo, ada) is None
    assert quiet.keeps_quiet(ada, bo)
    quiet.lift(contact, by=bo)
    assert quiet.keeps_quiet(ada, bo) is None


def test_a_pitch_in_the_new_quiet_period_is_the_writers(contact: Contact, ada: Member, bo: Member, mo: Member) -> None:
    """What was written before it cannot be marked as a pitch now, and the request that the other side made stays."""
    says(ada, bo, "Hello")
    before = says(bo, ada)
    upheld(before, ada, mo)
    with pytest.raises(pitches.NotYoursToMark):
        pitches.mark(Message.objects.get(pk=before.pk), by=ada)
    pitches.mark(says(bo, ada, "But they are cheap."), by=ada)

    assert Request.objects.get().answer == Answer.ACCEPTED
    assert Evidence.objects.get(kind=evidence.PITCH).about == bo.ledger_id
    assert quiet.between(ada, bo) is None


class TestTwoUpheld:
    """Ada advertised twice, ten days apart; each case was decided at once."""

    @pytest.fixture
    def cases(self, contact: Contact, ada: Member, bo: Member, mo: Member) -> list[Case]:
        says(bo, ada, "Yes?")
        with clock.at(clock.now() - 10 * DAY):
            first = upheld(says(ada, bo, "We have new pumps."), bo, mo)
        return [first, upheld(says(ada, bo, "They are cheap."), bo, mo)]

    @pytest.mark.parametrize(("which", "days"), [(0, 30), (1, 20)])
    def test_one_taken_back_the_other_binds_as_long_as_it_would_have(
        self, which: int, days: int, cases: list[Case], ada: Member, bo: Member, mo: Member
    ) -> None:
        decisions.take_back(cases[which], by=mo, **REASONS)

        bound = quiet.keeps_quiet(ada, bo)
        assert bound
        assert abs(bound.until - clock.now() - days * DAY) < DAY / 24

    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    def test_both_taken_back_nothing_binds(
        self, order: tuple[int, int], cases: list[Case], ada: Member, bo: Member, mo: Member
    ) -> None:
        for which in order:
            decisions.take_back(cases[which], by=mo, **REASONS)

        assert quiet.keeps_quiet(ada, bo) is None

    def test_what_was_lifted_stays_lifted(
        self, cases: list[Case], contact: Contact, ada: Member, bo: Member, mo: Member
    ) -> None:
        quiet.lift(contact, by=bo)
        decisions.take_back(cases[0], by=mo, **REASONS)

        assert quiet.keeps_quiet(ada, bo) is None

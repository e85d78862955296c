"""Public vouches shown, withdrawn, run out and renewed: who sees them, and what they lend until when."""

from datetime import timedelta

import pytest

from accounts import ties
from accounts.models import Member, Visibility
from foundation import clock, jobs
from foundation.models import Letter
from network.contacts import blocks
from tests.cast import DAY, befriend
from tests.frontend.vouched import offered, vouched
from tests.vetting import town
from vetting import credentials, evidence, ledger, vouches
from vetting.models import Edge, Vouch


@pytest.mark.usefixtures("colleagues")
@pytest.mark.parametrize("visible_to", list(Visibility))
def test_others_see_who_vouches_as_far_as_the_subject_shows_it_and_they_share_contacts(
    visible_to: Visibility, ada: Member, bo: Member, cleo: Member, mallory: Member
) -> None:
    befriend(cleo, bo)
    befriend(cleo, ada)
    vouched(ada, bo, to=visible_to)

    def sees(viewer: Member | None, near: Visibility) -> bool:
        return vouches.seen_by(viewer, bo, near).exists()

    assert sees(bo, Visibility.ME)
    assert sees(cleo, Visibility.CONTACTS) == (visible_to >= Visibility.CONTACTS)
    assert sees(mallory, Visibility.MEMBERS) == (visible_to == Visibility.EVERYONE), "he does not know Ada"
    assert sees(None, Visibility.EVERYONE) == (visible_to == Visibility.EVERYONE)


@pytest.mark.usefixtures("colleagues")
def test_whoever_is_not_one_of_the_two_finds_no_vouch_by_its_number(ada: Member, bo: Member, mallory: Member) -> None:
    vouch = offered(ada, bo)

    assert vouches.by_public_id(vouch.public_id, ada) == vouches.by_public_id(vouch.public_id, bo) == vouch
    with pytest.raises(vouches.NotYourVouch):
        vouches.by_public_id(vouch.public_id, mallory)


@pytest.mark.usefixtures("colleagues")
def test_withdrawing_is_silent_and_shows_in_the_list(ada: Member, bo: Member) -> None:
    vouch = vouched(ada, bo)
    jobs.drain_everything(strict=True)
    letters = Letter.objects.count()

    for _twice in range(2):
        vouches.withdraw(vouch, by=ada)
        jobs.drain_everything(strict=True)

    assert Letter.objects.count() == letters
    assert not vouches.about(bo).exists()
    assert not town.lends_by_vouch(ada, bo)
    assert ledger.about(bo).filter(kind=evidence.WITHDRAWN).count() == 1
    assert vouch.credential is not None
    with pytest.raises(credentials.Withdrawn):
        credentials.verify(vouch.credential, now=clock.now() + timedelta(seconds=1), status=town.status_of(vouch))


@pytest.mark.usefixtures("colleagues")
def test_after_two_years_it_ends_by_itself_and_lends_no_longer(ada: Member, bo: Member) -> None:
    vouch = vouched(ada, bo)
    ends_at = vouch.ends_at
    assert ends_at is not None
    assert 729 * DAY < ends_at - clock.now() < 732 * DAY

    with clock.at(ends_at - timedelta(seconds=1)):
        vouches.end_those_that_ran_out()
        assert town.lends_by_vouch(ada, bo)
        assert vouches.about(bo).exists()
    with clock.at(ends_at):
        assert not vouches.about(bo).exists()
        for _twice in range(2):
            vouches.end_those_that_ran_out()
    assert not town.lends_by_vouch(ada, bo)
    assert Edge.objects.get(kind=evidence.LENDS[evidence.VOUCH].code).ended_at == ends_at
    assert vouch.credential is not None
    with pytest.raises(credentials.Expired):
        credentials.verify(vouch.credential, now=ends_at)


@pytest.mark.usefixtures("colleagues")
def test_it_is_renewed_in_its_last_half_year_and_withdrawn_whole(ada: Member, bo: Member) -> None:
    first = vouched(ada, bo)
    assert first.ends_at is not None
    with clock.at(first.ends_at - 181 * DAY), pytest.raises(vouches.VouchedAlready):
        offered(ada, bo)

    with clock.at(first.ends_at - 179 * DAY):
        second = vouched(ada, bo)
        assert set(vouches.about(bo)) == {first, second}
        vouches.withdraw(second, by=ada)

        assert not vouches.about(bo).exists()
        assert not town.lends_by_vouch(ada, bo)


@pytest.mark.usefixtures("colleagues")
def test_a_renewed_vouch_goes_on_when_the_first_runs_out(ada: Member, bo: Member) -> None:
    first = vouched(ada, bo)
    assert first.ends_at is not None
    with clock.at(first.ends_at - 10 * DAY):
        second = vouched(ada, bo)
    with clock.at(first.ends_at + DAY):
        vouches.end_those_that_ran_out()

        assert list(vouches.about(bo)) == [second]
        assert town.lends_by_vouch(ada, bo)


@pytest.mark.usefixtures("colleagues")
def test_blocking_takes_back_what_the_blocker_said_and_hides_what_waits(ada: Member, bo: Member) -> None:
    said, waits = vouched(ada, bo), offered(bo, ada)

    blocks.block(ada, bo)
    jobs.drain_everything(strict=True)

    assert Vouch.objects.get(pk=said.pk).withdrawn_at is not None
    assert not vouches.offered_to(ada).exists()
    assert list(vouches.given_by(bo)) == [waits], "to him it waits as before"
    assert not Edge.objects.filter(ended_at=None).exists()


@pytest.mark.usefixtures("colleagues")
def test_nothing_is_countersigned_once_the_two_are_parted_or_the_voucher_is_frozen(
    ada: Member, bo: Member, mo: Member
) -> None:
    vouch = offered(ada, bo)
    Member.objects.filter(pk=ada.pk).update(frozen_at=clock.now())
    with pytest.raises(vouches.VouchAnswered):
        vouches.countersign(vouch, by=bo, visible_to=Visibility.ME)
    Member.objects.filter(pk=ada.pk).update(frozen_at=None)
    ties.end(ada, bo)
    with pytest.raises(vouches.VouchAnswered):
        vouches.countersign(vouch, by=bo, visible_to=Visibility.ME)

    assert Vouch.objects.get().issued_at is None

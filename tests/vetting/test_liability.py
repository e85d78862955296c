"""Who lent to an offender answers for their share as of the offence: one hop, capped, whatever they do afterwards."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Member
from foundation import clock, jobs
from foundation.models import Bucket, Job
from tests.cast import DAY, new_member
from tests.vetting import town
from vetting import evidence, ledger, liability, standing
from vetting.models import Evidence

OFFENCE_AGO = 3 * DAY


@pytest.fixture
def lenders(mo: Member, ada: Member, bo: Member, mallory: Member) -> tuple[Member, Member]:
    """Ada vouches for Mallory, Bo is a mere contact of his; Mo, an anchor, vouches for Ada and Bo."""
    town.vouched(mo, ada)
    town.vouched(mo, bo)
    town.vouched(ada, mallory, source="v:mallory")
    town.confirmed(bo, mallory)
    town.night()
    return ada, bo


def strike(about: Member, by: Member, *, ago: timedelta = OFFENCE_AGO, source: str = "case:1") -> None:
    liability.strike(about, by=by, source=source, offence_at=clock.now() - ago)
    jobs.drain_everything(strict=True)


def shares() -> dict[str, float]:
    """By handle, what each answers for: share · r."""
    handles = dict(Member.objects.values_list("ledger_id", "handle"))
    lines = Evidence.objects.filter(kind=evidence.LIABLE)
    return {handles[line.about]: (line.word or 0) / 1e6 for line in lines}


def lent_now(mallory: Member) -> dict[int, float]:
    """What each lends him, of all that is lent to him."""
    found = town.equation()
    lent = found.kernel[found.ids.index(mallory.pk)] * found.x
    return dict(zip(found.ids, (lent / lent.sum()).tolist(), strict=True))


def test_a_vouch_answers_for_its_share_and_a_contact_for_a_quarter(
    lenders: tuple[Member, Member], mo: Member, mallory: Member
) -> None:
    ada, bo = lenders
    share = lent_now(mallory)

    strike(mallory, mo, ago=timedelta())

    assert shares() == {"ada": pytest.approx(share[ada.pk], abs=1e-3), "bob": pytest.approx(share[bo.pk] / 4, abs=1e-3)}
    assert share[ada.pk] + share[bo.pk] == pytest.approx(1)
    bad = 10 * shares()["ada"]
    assert standing.of(ada).conduct == pytest.approx(4 / (4 + bad), rel=1e-3)
    assert set(standing.of(ada).blame) == {"liability"}


def test_it_goes_one_hop_and_no_further(lenders: tuple[Member, Member], mo: Member, mallory: Member) -> None:
    strike(mallory, mo)

    assert set(shares()) == {"ada", "bob"}
    assert standing.of(mo).conduct == 1


@pytest.mark.usefixtures("lenders")
def test_withdrawing_and_parting_afterwards_do_not_help(mo: Member, ada: Member, bo: Member, mallory: Member) -> None:
    with clock.at(clock.now() - 1 * DAY):
        ledger.record(mallory, by=ada, kind=evidence.WITHDRAWN, source="v:mallory")
        ledger.record(mallory, by=bo, kind=evidence.SEVERED, source="block:1")

    strike(mallory, mo)

    assert set(shares()) == {"ada", "bob"}


@pytest.mark.usefixtures("lenders")
def test_who_withdrew_before_the_offence_answers_for_nothing(mo: Member, ada: Member, mallory: Member) -> None:
    with clock.at(clock.now() - 10 * DAY):
        ledger.record(mallory, by=ada, kind=evidence.WITHDRAWN, source="v:mallory")

    strike(mallory, mo)

    assert shares() == {"bob": pytest.approx(0.25, abs=1e-6)}


@pytest.mark.usefixtures("lenders")
def test_who_lent_after_the_offence_answers_for_nothing(mo: Member, mallory: Member) -> None:
    late = new_member("latecomer")
    town.vouched(mo, late)
    town.vouched(late, mallory, ago=1 * DAY)
    town.night()

    strike(mallory, mo)

    assert "latecomer" not in shares()


@pytest.mark.usefixtures("lenders")
def test_an_anchor_who_is_a_mere_contact_lent_nothing_and_answers_for_nothing(mo: Member, mallory: Member) -> None:
    town.confirmed(mo, mallory)
    town.night()

    strike(mallory, mo)

    assert set(shares()) == {"ada", "bob"}


@pytest.mark.usefixtures("lenders")
def test_what_an_anchor_vouched_for_they_answer_for(mo: Member, mallory: Member) -> None:
    town.vouched(mo, mallory)
    town.night()

    strike(mallory, mo)

    assert shares()["mopsa"] > 0.8
    assert standing.of(mo).conduct == pytest.approx(4 / 10, rel=1e-3), "no more than six"


@pytest.mark.usefixtures("lenders")
def test_many_offenders_cost_a_lender_six_at_most(mo: Member, ada: Member) -> None:
    for number, offender in enumerate(town.people(6)):
        town.vouched(ada, offender)
        town.night()
        strike(offender, mo, source=f"case:{number}")

    assert sum(1 for line in Evidence.objects.filter(kind=evidence.LIABLE, about=ada.ledger_id) if line.word) == 6
    assert standing.of(ada).conduct == pytest.approx(4 / (4 + evidence.LIABILITY_MAX), rel=1e-3)


@pytest.mark.usefixtures("lenders")
def test_the_same_case_strikes_once_and_is_spread_once(mo: Member, mallory: Member) -> None:
    for _time in range(3):
        strike(mallory, mo)
    row = Evidence.objects.get(kind=evidence.STRIKE)
    liability.spread(row.pk)

    assert Evidence.objects.filter(kind=evidence.LIABLE).count() == 2
    assert Job.objects.filter(kind="liability").count() == 1


@pytest.mark.parametrize("word", [evidence.NOT_TRUE, evidence.PITCH, evidence.REPORTED, evidence.BAD_FAITH])
@pytest.mark.usefixtures("lenders")
def test_nobody_answers_for_what_no_moderator_upheld(word: str, mo: Member, bo: Member, mallory: Member) -> None:
    ledger.record(mallory, by=bo, kind=word, source="request:1")
    jobs.drain_everything(strict=True)

    assert shares() == {}


def test_nobody_answers_for_whom_nobody_lent_to(mo: Member, mallory: Member) -> None:
    strike(mallory, mo)

    assert shares() == {}
    assert standing.of(mallory).conduct == pytest.approx(4 / 14, rel=1e-3)


@pytest.mark.usefixtures("lenders")
def test_a_strike_empties_the_buckets_of_offers_and_promotions(mo: Member, mallory: Member) -> None:
    strike(mallory, mo)

    emptied = Bucket.objects.filter(holder=str(mallory.pk)).values_list("what", "level")
    assert set(emptied) == {("offers", 0.0), ("promotions", 0.0)}


@pytest.mark.usefixtures("lenders")
def test_an_offender_who_is_gone_stops_no_worker(mo: Member, mallory: Member) -> None:
    liability.strike(mallory, by=mo, source="case:1", offence_at=clock.now())
    account = mallory.account
    assert account is not None
    account.delete()

    jobs.drain_everything(strict=True)

    assert shares() == {}


@pytest.mark.usefixtures("lenders")
def test_an_erased_claim_leaves_the_day_of_the_decision(mo: Member, ada: Member, mallory: Member) -> None:
    liability.strike(mallory, by=mo, source="case:1", offence_at=datetime.fromisoformat("2001-01-01T00:00+00:00"))
    Evidence.objects.get(kind=evidence.STRIKE).claim.delete()

    jobs.drain_everything(strict=True)

    assert set(shares()) == {ada.handle, "bob"}

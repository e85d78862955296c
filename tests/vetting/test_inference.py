"""What a member sees of their own standing tells nobody's secret: compared day by day, to the last digit."""

from collections.abc import Callable
from dataclasses import astuple
from datetime import timedelta

import numpy as np
import pytest
from django.db import transaction

from accounts.models import Member
from foundation import clock
from tests.cast import DAY, new_member, settled_monday
from tests.vetting import town
from vetting import evidence, ledger, reputation, standing, why

HOUR = timedelta(hours=1)
Seen = list[tuple[object, ...]]
Story = Callable[[], object]


@pytest.fixture
def members(mo: Member, ada: Member) -> list[Member]:
    """Ada, whom Mo vouches for and who was struck long ago; six people whose word weighs as much as any."""
    citizens = town.people(6)
    with clock.at(settled_monday(1) - 1 * DAY):
        for number, member in enumerate([ada, *citizens]):
            town.vouched(mo, member, ago=(40 + 2 * number) * DAY)
        town.confirmed(ada, citizens[5], ago=30 * DAY)
    with clock.at(settled_monday(1) - 50 * DAY):
        ledger.record(ada, by=mo, kind=evidence.STRIKE, source="case:old")
    with clock.at(settled_monday(1)):
        town.night()
        town.work_standings()
    return citizens


def seen(ada: Member) -> tuple[object, ...]:
    """All that her own page shows and could show."""
    held = standing.of(ada)
    rows = [
        (row.what, row.points, row.member and row.member.pk, row.kinds, row.people) for row in why.explain(ada).rows
    ]
    shown = (held.points, held.conduct, held.x, held.residual, held.outflow, held.anchor, held.rests_until)
    return (*shown, held.computed_at, tuple(sorted(held.blame.items())), tuple(held.weeks), *rows)


def watched(ada: Member, story: dict[timedelta, Story]) -> Seen:
    """What she sees twice a day for two weeks from a Monday's first minute on, while that happens."""
    found: Seen = []
    with transaction.atomic():
        for hours in range(0, 14 * 24 + 1, 12):
            after = timedelta(hours=hours)
            with clock.at(settled_monday(1) + after):
                if hours % 24 == 0 and hours:
                    town.night()
                if after in story:
                    story[after]()
                    town.work_standings()
                found.append(seen(ada))
        transaction.set_rollback(True)
    return found


def said(ada: Member, by: Member, kind: str = evidence.NOT_TRUE) -> Story:
    return lambda: ledger.record(ada, by=by, kind=kind, source=f"request:{by.pk}")


FIRST_DAYS = (36 * HOUR, 60 * HOUR)


def two_have_spoken(ada: Member, members: list[Member]) -> dict[timedelta, Story]:
    return {after: said(ada, by) for after, by in zip(FIRST_DAYS, members, strict=False)}


def test_the_third_accuser_is_one_of_all_who_could_have_been(ada: Member, members: list[Member]) -> None:
    told = [
        watched(ada, two_have_spoken(ada, members) | {84 * HOUR: said(ada, third, kind)})
        for third, kind in (
            (members[2], evidence.NOT_TRUE),
            (members[3], evidence.NOT_TRUE),
            (members[4], evidence.PITCH),
        )
    ]

    assert told[0] == told[1] == told[2]
    assert told[0][-1] != watched(ada, {})[-1], "the row has to be there for this to mean anything"


def test_the_day_of_an_accusation_cannot_be_told(ada: Member, members: list[Member]) -> None:
    early, late = (
        watched(ada, two_have_spoken(ada, members) | {day * 24 * HOUR: said(ada, members[2])}) for day in (1, 6.5)
    )

    assert early == late


@pytest.mark.parametrize("kind", sorted(evidence.WHISPERED))
def test_nothing_moves_before_monday_however_many_speak(kind: str, ada: Member, members: list[Member]) -> None:
    many = {(36 + 12 * number) * HOUR: said(ada, member, kind) for number, member in enumerate(members)}
    until_sunday = 7 * 2

    assert watched(ada, many)[:until_sunday] == watched(ada, {})[:until_sunday]
    assert watched(ada, many)[until_sunday:] != watched(ada, {})[until_sunday:]


def test_two_accusers_are_as_good_as_none(ada: Member, members: list[Member]) -> None:
    assert watched(ada, two_have_spoken(ada, members)) == watched(ada, {})


def test_accounts_without_standing_do_not_open_the_row_for_a_third(ada: Member, members: list[Member]) -> None:
    puppets = [new_member("puppet_one"), new_member("puppet_two")]
    story = {36 * HOUR: said(ada, puppets[0]), 48 * HOUR: said(ada, puppets[1]), 60 * HOUR: said(ada, members[0])}

    assert watched(ada, story) == watched(ada, {})


def test_a_word_for_one_request_moves_nothing_at_all(ada: Member, members: list[Member]) -> None:
    story = {60 * HOUR: said(ada, members[0], evidence.REQUEST_VOUCH)}

    assert watched(ada, story) == watched(ada, {})


def test_a_whispering_word_is_kept_in_halves(ada: Member, members: list[Member], mo: Member) -> None:
    faint = new_member("faintly_known")
    with clock.at(settled_monday(1) + HOUR):
        town.vouched(mo, faint, ago=8 * DAY)
        town.night()
        assert 25 < standing.of(faint).points < 75
        words = [
            ledger.record(ada, by=by, kind=evidence.NOT_TRUE, source=f"request:{by.pk}") for by in (faint, members[0])
        ]

    assert [line and line.word for line in words] == [500_000, 1_000_000]


WORKED_W = float(reputation.weigh(np.array(1.0), np.array(730.0), np.array(60.0)))


def rows_of_the_asker(secret: int, age_d: float, *, lends: float) -> tuple[list[float], float]:
    """The asker's page under an edge of `lends` for a request vouch: three named rows and one sum, to one decimal.

    0 is an anchor who has vouched for the contacts 1, 2, 3 of the asker, 4, at various times. `secret` vouched
    for a request `age_d` days ago.
    """
    vouch = reputation.weigh(np.full(3, 1.0), np.full(3, 365.0), np.array([30.0, 120.0, 250.0]))
    request = reputation.weigh(np.array([lends]), np.array([180.0]), np.array([age_d]))
    weight = np.concatenate([vouch, np.full(3, WORKED_W), request])
    voucher, subject = np.array([0, 0, 0, 1, 2, 3, secret]), np.array([1, 2, 3, 4, 4, 4, 4])
    x = reputation.solve(5, voucher, subject, weight, anchors=np.array([1.0, 0, 0, 0, 0]))
    lent = [float(reputation.points(0.06 * x[one], 0.06)) for one in (1, 2, 3)]
    return [round(points * WORKED_W, 1) for points in lent], round(lent[secret - 1] * float(request[0]), 1)


def unmasked(named: list[float], total: float, age_d: float) -> list[int]:
    """Whose word fits the sum: what the asker can compute from their own page and the model in the documentation."""
    weight = float(reputation.weigh(np.array(0.5), np.array(180.0), np.array(age_d)))
    expected = [points / WORKED_W * weight for points in named]
    closest = min(abs(total - one) for one in expected)
    return [number + 1 for number, one in enumerate(expected) if abs(total - one) <= max(closest, 0.051)]


@pytest.mark.parametrize("secret", [1, 2, 3])
def test_with_the_edge_of_the_specification_the_asker_could_tell_who_vouched(secret: int) -> None:
    """docs/decisions/0032: divide the sum by each known factor, and one person is left. Hence it lends nothing."""
    assert unmasked(*rows_of_the_asker(secret, 30.0, lends=0.5), 30.0) == [secret]
    assert rows_of_the_asker(secret, 30.0, lends=0.0) == rows_of_the_asker(1, 30.0, lends=0.0)


def test_no_kind_of_evidence_says_that_a_word_for_a_request_lends() -> None:
    assert evidence.REQUEST_VOUCH not in evidence.LENDS
    assert evidence.REQUEST_VOUCH not in evidence.GOOD
    assert astuple(evidence.LENDS[evidence.VOUCH])[1:] == (1.0, 365.0, True)

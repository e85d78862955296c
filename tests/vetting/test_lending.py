"""Who lends whom follows from the ledger, whatever the order; what ends, ends once; and it can all be made anew."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Member
from foundation import clock, jobs
from network.contacts import answers, blocks, quiet
from tests.cast import DAY, asks, befriend, was_at
from tests.vetting import town
from vetting import contexts, evidence, ledger, lending, reputation, standing, why
from vetting.ledger import Line
from vetting.models import Conduct, Edge, Standing

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def live(voucher: Member, member: Member) -> list[str]:
    """The kinds of words by which the one lends to the other."""
    codes = Edge.objects.filter(voucher=voucher, member=member, ended_at=None).values_list("kind", flat=True)
    return sorted(evidence.CODES[code] for code in codes)


def says(voucher: Member, member: Member, kind: str, source: str = "one", *, at: datetime | None = None) -> None:
    ledger.record(member, by=voucher, kind=kind, source=source, at=at)


@pytest.mark.parametrize("kind", sorted(evidence.LENDS))
def test_each_word_lends_in_the_direction_in_which_it_was_said(kind: str, ada: Member, bo: Member) -> None:
    says(ada, bo, kind)

    assert live(ada, bo) == [kind]
    assert live(bo, ada) == []


@pytest.mark.parametrize("kind", sorted({*evidence.JUDGED, evidence.PROMOTION_HEARD, evidence.REQUEST_VOUCH, "else"}))
def test_no_other_word_lends(kind: str, ada: Member, bo: Member) -> None:
    says(ada, bo, kind)

    assert not Edge.objects.exists()


def test_a_context_both_confirm_lends_both_ways_and_counts_as_good(ada: Member, bo: Member, mo: Member) -> None:
    town.vouched(mo, ada)
    town.night()
    town.confirmed(ada, bo, ago=timedelta())

    assert live(ada, bo) == live(bo, ada) == [evidence.WORKED]
    assert Conduct.objects.get(member=bo).good == pytest.approx(0.25 * reputation.word(town.points(ada)), rel=1e-3)
    assert Conduct.objects.get(member=ada).good == 0, "the word of those without standing is no praise"


def test_withdrawing_ends_that_vouch_alone(ada: Member, bo: Member) -> None:
    for kind, source in ((evidence.VOUCH, "v:1"), (evidence.VOUCH, "v:2"), (evidence.WORKED, "c:1")):
        says(ada, bo, kind, source)
    says(bo, ada, evidence.VOUCH, "v:3")

    says(ada, bo, evidence.WITHDRAWN, "v:1")

    assert live(ada, bo) == [evidence.WORKED, evidence.VOUCH]
    assert live(bo, ada) == [evidence.VOUCH]


def test_nobody_else_withdraws_a_vouch(ada: Member, bo: Member, mallory: Member) -> None:
    says(ada, bo, evidence.VOUCH, "v:1")

    says(mallory, bo, evidence.WITHDRAWN, "v:1")

    assert live(ada, bo) == [evidence.VOUCH]


def test_parting_ends_what_was_lent_by_contact_and_leaves_the_vouch(ada: Member, bo: Member) -> None:
    befriend(ada, bo)
    says(ada, bo, evidence.VOUCH, "v:1")
    says(bo, ada, evidence.STUDIED, "c:2")
    contact = quiet.between(ada, bo)
    assert contact is not None

    quiet.end(contact, by=bo)
    assert live(bo, ada) == [evidence.STUDIED, evidence.WORKED], "the worker has yet to come"
    jobs.drain_everything(strict=True)

    assert live(ada, bo) == [evidence.VOUCH]
    assert live(bo, ada) == []


def test_words_given_after_the_parting_stay(ada: Member, bo: Member) -> None:
    befriend(ada, bo)
    contact = quiet.between(ada, bo)
    assert contact is not None
    quiet.end(contact, by=ada)
    with clock.at(clock.now() + DAY):
        contexts.accepted(ada, bo, source=contact.public_id)
    jobs.drain_everything(strict=True)

    assert live(ada, bo) == live(bo, ada) == [evidence.WORKED], "they had confirmed that before"


def test_blocking_ends_everything_both_ways(ada: Member, bo: Member) -> None:
    befriend(ada, bo)
    for one, other in ((ada, bo), (bo, ada)):
        says(one, other, evidence.VOUCH, f"v:{one.pk}")

    blocks.block(bo, ada)
    jobs.drain_everything(strict=True)

    assert live(ada, bo) == live(bo, ada) == []


@pytest.mark.parametrize("how", ["parted", "blocked"])
def test_who_is_left_loses_what_was_lent_once_the_worker_was_there(
    how: str, mo: Member, ada: Member, bo: Member
) -> None:
    town.vouched(mo, ada)
    befriend(ada, bo)
    town.night()
    had = town.points(bo)
    assert had > 4

    contact = quiet.between(ada, bo)
    assert contact is not None
    if how == "parted":
        quiet.end(contact, by=ada)
    else:
        blocks.block(ada, bo)
    assert town.points(bo) == had
    town.work_standings()
    assert town.points(bo) == pytest.approx(0, abs=standing.THETA_POINTS)
    town.night()
    assert town.points(bo) == 0


def test_the_blocked_have_the_standing_of_those_who_were_merely_left(ada: Member, bo: Member, cleo: Member) -> None:
    """Their own page cannot tell: points, rows, what they offered and what waits."""
    for other in (bo, cleo):
        befriend(ada, other)
        says(ada, other, evidence.VOUCH, f"v:{other.pk}")
    blocks.block(ada, bo)
    contact = quiet.between(ada, cleo)
    assert contact is not None
    quiet.end(contact, by=ada)
    says(ada, cleo, evidence.WITHDRAWN, f"v:{cleo.pk}")
    jobs.drain_everything(strict=True)

    def held(member: Member) -> tuple[object, ...]:
        row, explained = standing.of(member), why.explain(member)
        return row.points, round(row.conduct, 9), row.outflow, row.blame, row.weeks, explained

    assert live(ada, bo) == live(ada, cleo) == live(bo, ada) == live(cleo, ada) == []
    assert held(bo) == held(cleo)
    town.night()
    assert held(bo) == held(cleo)


def test_an_anchors_contacts_lend_nothing_and_their_vouch_does(mo: Member, ada: Member, bo: Member) -> None:
    town.confirmed(mo, ada)
    town.confirmed(mo, bo)
    town.vouched(mo, bo)

    town.night()

    assert town.points(ada) == 0
    assert town.points(bo) > 80


def test_accepting_without_having_been_there_lends_a_tenth(ada: Member, bo: Member) -> None:
    entry = was_at(ada, "Somewhere Else")
    answers.accept(asks(ada, bo, entry), by=bo)

    assert live(ada, bo) == live(bo, ada) == [evidence.ACCEPTED]
    assert evidence.LENDS[evidence.ACCEPTED].w0 == 0.1
    assert not Conduct.objects.exists(), "accepted is not praised"


def test_a_line_about_somebody_who_is_gone_changes_nothing(ada: Member, bo: Member) -> None:
    row = ledger.record(ada, by=bo, kind=evidence.VOUCH, source="v:1")
    assert row is not None
    Edge.objects.all().delete()

    assert lending.follow([row], {ada.ledger_id: ada.pk}) == set()
    assert not Edge.objects.exists()


@dataclass(frozen=True)
class Said:
    voucher: int
    member: int
    kind: str
    source: int
    hours: int
    word: float


KINDS = [*evidence.LENDS, *evidence.ENDS, evidence.PROMOTION_HEARD, evidence.STRIKE, evidence.NOT_TRUE]
stories = st.lists(
    st.builds(
        Said,
        voucher=st.integers(0, 2),
        member=st.integers(0, 2),
        kind=st.sampled_from(KINDS),
        source=st.integers(0, 3),
        hours=st.integers(0, 40_000),
        word=st.sampled_from([0, 0.25, 1]),
    ).filter(lambda said: said.voucher != said.member),
    max_size=25,
)


def tables() -> tuple[list[tuple[object, ...]], dict[int, tuple[float, datetime]]]:
    edges = Edge.objects.order_by("evidence").values_list("evidence", "voucher", "member", "kind", "at", "ended_at")
    conducts = {row.pk: (round(row.good, 9), row.good_at) for row in Conduct.objects.all()}
    return list(edges), conducts


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories, dice=st.randoms(use_true_random=False))
def test_however_the_lines_came_the_tables_can_be_made_anew(
    story: list[Said], dice: random.Random, ada: Member, bo: Member, cleo: Member
) -> None:
    """Told in batches of any size, in the order in which things happened."""
    cast = [ada, bo, cleo]
    lines = [
        Line(
            about=cast[said.member],
            by=cast[said.voucher],
            kind=said.kind,
            source=f"{said.voucher}:{said.source}",
            at=NOW + timedelta(hours=said.hours),
            word=said.word if said.kind in ledger.WEIGHED else None,
        )
        for said in sorted(story, key=lambda said: said.hours)
    ]
    with transaction.atomic():
        while lines:
            size = dice.randint(1, 8)
            ledger.record_many(lines[:size])
            lines = lines[size:]
        written = tables()

        lending.derive()

        assert tables() == written
        transaction.set_rollback(True)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories, dice=st.randoms(use_true_random=False))
def test_the_order_of_praise_does_not_matter(
    story: list[Said], dice: random.Random, ada: Member, bo: Member, cleo: Member
) -> None:
    cast = [ada, bo, cleo]
    found = []
    praise = [said for said in story if said.kind in evidence.GOOD]
    for _telling in range(2):
        with transaction.atomic():
            for said in praise:
                at = NOW + timedelta(hours=said.hours)
                source = f"{said.voucher}:{said.source}:{said.hours}"
                line = {"kind": said.kind, "source": source, "at": at, "word": said.word}
                ledger.record(cast[said.member], by=cast[said.voucher], **line)  # type: ignore[arg-type]
            kept = Conduct.objects.all()
            found.append({row.pk: lending.good_now(row.good, row.good_at, NOW + 3000 * DAY) for row in kept})
            transaction.set_rollback(True)
        dice.shuffle(praise)

    assert found[0] == pytest.approx(found[1], rel=1e-9)


def test_tables_made_anew_give_the_same_standings(mo: Member, ada: Member, bo: Member) -> None:
    town.vouched(mo, ada)
    town.confirmed(ada, bo)
    with clock.at(clock.now()):
        town.night()
    before = dict(Standing.objects.values_list("member", "points"))

    lending.derive()
    jobs.drain_everything(strict=True)
    town.night()

    assert dict(Standing.objects.values_list("member", "points")) == pytest.approx(before, rel=1e-3)

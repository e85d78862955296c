"""The ledger: one chain per subject, each line once, nothing forgotten, every change found."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError

from accounts.models import Member
from foundation import jobs
from tests.cast import new_member
from tests.foundation.conftest import AtOnce
from tests.vetting.town import people
from vetting import evidence, ledger, standing
from vetting.ledger import Line
from vetting.models import Claim, Edge, Evidence


def test_a_chain_proves_and_the_same_source_counts_once(ada: Member, bo: Member) -> None:
    for source in ("one", "two", "one", "three"):
        ledger.record(ada, by=bo, kind="confirmed", source=source, claim={"at": "Acme"})

    assert [row.number for row in ledger.about(ada)] == [1, 2, 3]
    assert list(ledger.breaks(ada.ledger_id)) == []


def test_erasing_a_claim_leaves_the_chain_whole(ada: Member, bo: Member) -> None:
    ledger.record(ada, by=bo, kind="confirmed", source="one", claim={"at": "Acme"})

    Claim.objects.all().delete()

    assert list(ledger.breaks(ada.ledger_id)) == []


def test_nobody_gives_evidence_about_themselves(ada: Member) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ledger.record(ada, by=ada, kind="confirmed", source="one")


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_chain_without_forks() -> None:
    subject, by = new_member("subject"), new_member("by_them")

    def record(number: int) -> None:
        ledger.record(subject, by=by, kind="confirmed", source=str(number))
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(record, range(16)))

    assert [row.number for row in ledger.about(subject)] == list(range(1, 17))
    assert list(ledger.breaks(subject.ledger_id)) == []


@pytest.mark.parametrize("statement", ["update vetting_evidence set kind = 'x'", "delete from vetting_evidence"])
def test_a_line_can_be_neither_changed_nor_removed(statement: str, ada: Member, bo: Member) -> None:
    ledger.record(ada, by=bo, kind="confirmed", source="one")

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Evidence.objects.count() == 1


def test_evidence_asks_for_a_new_standing(ada: Member, bo: Member) -> None:
    before = standing.of(ada).computed_at
    ledger.record(ada, by=bo, kind="strike", source="case:1")

    jobs.drain_everything()

    assert standing.of(ada).computed_at > before
    assert standing.of(ada).conduct == pytest.approx(4 / 14, rel=1e-3)


def line(about: Member, by: Member, source: str = "one", *, kind: str = evidence.VOUCH, **more: Any) -> Line:
    return Line(about=about, by=by, kind=kind, source=source, **more)


def test_in_one_batch_and_across_batches_each_line_is_written_once_in_its_order(ada: Member, bo: Member) -> None:
    first = ledger.record_many([line(ada, bo, source) for source in ("one", "two", "one", "three")])
    again = ledger.record_many([line(ada, bo, source) for source in ("three", "four", "one")])

    assert [row.source for row in first] == ["one", "two", "three"]
    assert [row.source for row in again] == ["four"]
    assert [row.source for row in ledger.about(ada)] == ["one", "two", "three", "four"]
    assert list(ledger.breaks()) == []


def test_the_same_source_is_another_line_for_another_kind_or_subject(ada: Member, bo: Member, cleo: Member) -> None:
    lines = [line(ada, bo), line(ada, bo, kind=evidence.STRIKE), line(cleo, bo)]

    assert len(ledger.record_many(lines)) == 3
    assert ledger.record_many(lines) == ledger.record_many([]) == []
    assert Edge.objects.count() == 2, "what follows is written once, too"


def test_a_batch_that_fails_leaves_nothing_behind(ada: Member, bo: Member) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ledger.record_many([line(ada, bo), line(bo, bo)])

    assert not Evidence.objects.exists()
    assert not Edge.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement_of", [500, 2], ids=["in one statement", "in several"])
def test_overlapping_batches_in_any_order_neither_block_nor_fork(
    statement_of: int, at_once: AtOnce, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "AT_ONCE", statement_of)
    by, subjects = new_member("by_them"), people(6)

    def record(thread: int) -> None:
        dice = random.Random(thread)
        for time in range(5):
            lines = [line(subject, by, f"{thread}:{time}") for subject in subjects]
            ledger.record_many(dice.sample(lines, len(lines)))

    at_once(4, record)

    assert [ledger.about(subject).count() for subject in subjects] == [20] * 6
    assert list(ledger.breaks()) == []


def test_a_moment_told_in_another_time_zone_proves_as_well(ada: Member, bo: Member) -> None:
    there = datetime(2026, 5, 5, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    ledger.record(ada, by=bo, kind=evidence.VOUCH, source="one", at=there)

    assert list(ledger.breaks()) == []


COLUMNS = ["about", "number", "by", "kind", "source", "at", "word", "commitment", "previous", "hash"]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_of_a_line_is_proved(column: str, ada: Member, bo: Member) -> None:
    """Whoever can write the tables changes one value of the middle of three lines: it shows."""
    assert {field.column for field in Evidence._meta.fields} == {"id", *COLUMNS}
    for source in ("one", "two", "three"):
        ledger.record(ada, by=bo, kind=evidence.NOT_TRUE, source=source)
    changed = {
        "about": "gen_random_uuid()",
        "by": "gen_random_uuid()",
        "number": "number + 10",
        "at": "at - interval '1 microsecond'",
        "word": "500000",
        "kind": "'pitch'",
        "source": "'2'",
    }
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE vetting_evidence DISABLE TRIGGER USER")
        value = changed.get(column, f"set_byte({column}, 5, get_byte({column}, 5) # 1)")
        cursor.execute(f"UPDATE vetting_evidence SET {column} = {value} WHERE number = 2")  # noqa: S608

    assert list(ledger.breaks())


@pytest.mark.parametrize("changed", [{"claim": {"at": "Bcme"}}, {"salt": bytes(32)}])
def test_a_claim_that_is_not_what_was_committed_to_shows(
    changed: dict[str, Any], ada: Member, bo: Member, cleo: Member
) -> None:
    ledger.record(ada, by=bo, kind=evidence.VOUCH, source="one", claim={"at": "Acme"})
    ledger.record(cleo, by=bo, kind=evidence.VOUCH, source="one", claim={"at": "Acme"})

    Claim.objects.filter(evidence__about=ada.ledger_id).update(**changed)

    assert [str(ada.ledger_id) in said for said in ledger.breaks()] == [True]


def test_equal_claims_cannot_be_found_by_hashing_guesses(ada: Member, bo: Member, cleo: Member) -> None:
    """security.md, threat 42: each line has a salt of its own, which is erased with its claim."""
    rows = ledger.record_many([line(about, bo, claim={"at": "Acme"}) for about in (ada, cleo)])

    assert len({bytes(row.commitment) for row in rows}) == len({bytes(c.salt) for c in Claim.objects.all()}) == 2
    assert {len(bytes(claim.salt)) for claim in Claim.objects.all()} == {32}


def test_the_command_walks_every_chain_and_fails_at_a_break(
    ada: Member, bo: Member, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ledger.record_many([line(ada, bo), line(bo, ada), line(ada, bo, "two", claim={"at": "Acme"})])
    call_command("prove_ledger")
    assert "3 lines" in capsys.readouterr().out

    Claim.objects.filter(evidence=rows[2]).update(salt=bytes(32))

    with pytest.raises(CommandError):
        call_command("prove_ledger")
    assert str(ada.ledger_id) in capsys.readouterr().err

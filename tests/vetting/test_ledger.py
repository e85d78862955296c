"""The ledger: one chain per subject, each line once, nothing forgotten, every change found."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from accounts.models import Member
from foundation import jobs
from tests.cast import new_member
from vetting import ledger, standing
from vetting.models import Claim, Evidence


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


@pytest.mark.parametrize("field", ["number", "kind", "source", "commitment", "previous", "hash", "at"])
def test_a_line_changed_behind_the_triggers_is_found(field: str, ada: Member, bo: Member) -> None:
    for source in ("one", "two"):
        ledger.record(ada, by=bo, kind="confirmed", source=source)
    values = {"number": "number + 5", "at": "at + interval '1 second'", "kind": "'x'", "source": "'x'"}
    with connection.cursor() as cursor:
        cursor.execute("alter table vetting_evidence disable trigger user")
        changed = values.get(field, "'\\x00'::bytea")
        cursor.execute(f"update vetting_evidence set {field} = {changed} where number = 1")  # noqa: S608

    assert list(ledger.breaks(ada.ledger_id))


def test_evidence_asks_for_a_new_standing(ada: Member, bo: Member) -> None:
    before = standing.of(ada).computed_at
    ledger.record(ada, by=bo, kind="strike", source="case:1")

    jobs.drain_everything()

    assert standing.of(ada).computed_at > before
    assert standing.of(ada).conduct == pytest.approx(4 / 14, rel=1e-3)

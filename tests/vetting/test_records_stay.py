"""The role that the house runs as can do its work, and can undo no line of the ledger or the audit log."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from accounts.models import Member, Visibility
from foundation import clock, jobs
from network.contacts import answers, blocks
from network.moderation import decisions, reports
from tests.cast import DAY, asks, befriend, key, new_member, was_at
from tests.frontend.vouched import vouched
from tests.vetting import town
from vetting import evidence, ledger, lending, vouches
from vetting.models import Claim, Evidence

RECORDS = ["vetting_evidence", "foundation_auditentry"]


@contextmanager
def as_the_house() -> Iterator[None]:
    """As the role that has what `manage.py grants` says and nothing else."""
    name = f'house "{os.getpid()}"'
    said = StringIO()
    call_command("grants", name, stdout=said)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {quoted(name)} NOSUPERUSER; SET LOCAL client_min_messages = error")
        cursor.execute(said.getvalue())
        cursor.execute(f"SET ROLE {quoted(name)}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def refused(statement: str) -> bool:
    """By permission, not by the triggers, which say something else."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return str(error).startswith(("permission denied", "must be owner"))
    return False


@pytest.mark.parametrize("table", RECORDS)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET id = id",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "ALTER TABLE {} DISABLE TRIGGER USER",
        "DROP TABLE {}",
        "CREATE TRIGGER mine AFTER INSERT ON {} FOR EACH ROW EXECUTE FUNCTION leumund_refuse_change()",
    ],
)
def test_the_house_can_undo_no_record(statement: str, table: str, ada: Member, bo: Member) -> None:
    ledger.record(ada, by=bo, kind=evidence.VOUCH, source="one")

    with as_the_house():
        assert refused(statement.format(table))


@pytest.mark.django_db
def test_neither_can_it_empty_anything_or_rewrite_what_was_migrated() -> None:
    with as_the_house():
        assert refused("TRUNCATE vetting_standing CASCADE")
        assert refused("DELETE FROM django_migrations")
        assert refused("CREATE TABLE mine (id int)")
        assert not refused("SELECT 1 FROM django_migrations")


def test_the_house_can_do_its_work(mo: Member) -> None:
    """Members join, vouch, report; a moderator decides; nights pass; claims are erased; the tables are made anew."""
    with as_the_house():
        tell_a_story(mo)
        town.night()
        lending.derive()
        town.night()
        Claim.objects.all().delete()

        assert list(ledger.breaks()) == []
        assert Evidence.objects.filter(kind=evidence.LIABLE).exists()


CANARIES = ["Quetzal", "quetz", "Kolibri", "kolib", "Canary", "zanzibar", "Feather", "example.org", "night shift"]


def tell_a_story(mo: Member) -> None:
    quetzal = new_member("quetzalina", name="Quetzal Feather")
    kolibri = new_member("kolibrina", name="Kolibri Feather")
    was_at(kolibri, "Canary Works", unit="Zanzibar")
    befriend(quetzal, kolibri)
    vouch = vouched(quetzal, kolibri, to=Visibility.EVERYONE, sentence="Canary, we ran the night shift together.")
    town.vouched(mo, quetzal)
    town.vouched(mo, kolibri)
    asker = new_member("feathered")
    answers.decline(asks(asker, quetzal, was_at(asker, "Canary Works")), by=quetzal, answer="not-true")
    case = reports.report(kolibri, quetzal, words="Quetzal sells canaries at the night shift.", key=key()).case
    reasons = {"to_reporter": "Canary seen, thank you.", "to_subject": "A Canary Works advertisement."}
    with clock.at(clock.now() + 30 * DAY):
        decisions.uphold(case, by=mo, **reasons)
        jobs.drain_everything(strict=True)
        vouches.withdraw(vouch, by=quetzal)
        blocks.block(kolibri, quetzal)
        jobs.drain_everything(strict=True)


def test_no_line_of_evidence_holds_a_word_of_anybodys(mo: Member) -> None:
    """Neither names nor handles, addresses, places, sentences, nor the numbers by which others know a member."""
    tell_a_story(mo)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), string_agg(line::text, ' ') FROM vetting_evidence AS line")
        count, lines = cursor.fetchone()

    assert count > 10
    for member in Member.objects.all():
        for trace in (member.handle, member.name, str(member.public_id), member.account and member.account.email):
            assert not trace or trace.lower() not in lines.lower()
    for word in CANARIES:
        assert word.lower() not in lines.lower()

"""`manage.py prove_ledger`: what was changed is named, and the heads kept elsewhere show what is missing."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Member
from vetting import chains, evidence, ledger
from vetting.models import Claim, Evidence


@pytest.fixture
def lines(ada: Member, bo: Member, cleo: Member) -> list[Evidence]:
    """Three about Ada, one about Cleo."""
    found = [
        ledger.record(about, by=bo, kind=evidence.NOT_TRUE, source=source, claim={"at": source})
        for about, source in [(ada, "one"), (ada, "two"), (ada, "three"), (cleo, "one")]
    ]
    return [line for line in found if line]


def behind_the_triggers(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE vetting_evidence DISABLE TRIGGER USER")
        cursor.execute(statement, list(values))
        cursor.execute("ALTER TABLE vetting_evidence ENABLE TRIGGER USER")


def drop(line: Evidence) -> None:
    Claim.objects.filter(evidence=line).delete()
    behind_the_triggers("DELETE FROM vetting_evidence WHERE id = %s", line.pk)


def test_a_whole_ledger_is_proved(lines: list[Evidence], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prove_ledger")

    said = capsys.readouterr()
    assert "4 lines" in said.out
    assert "2 chains" in said.out
    assert not said.err


def test_an_empty_ledger_is_whole(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prove_ledger")

    assert "0 lines" in capsys.readouterr().out


def test_an_erased_claim_is_no_break(lines: list[Evidence]) -> None:
    Claim.objects.filter(evidence=lines[1]).delete()

    call_command("prove_ledger")


def test_a_changed_line_is_named(lines: list[Evidence], capsys: pytest.CaptureFixture[str]) -> None:
    behind_the_triggers("UPDATE vetting_evidence SET source = 'else' WHERE id = %s", lines[1].pk)

    with pytest.raises(CommandError, match="4 lines in 2 chains"):
        call_command("prove_ledger")
    assert f"{lines[1].about}: line 2" in capsys.readouterr().err


def test_a_line_missing_in_the_middle_is_named(lines: list[Evidence], capsys: pytest.CaptureFixture[str]) -> None:
    drop(lines[1])

    with pytest.raises(CommandError) as refused:
        call_command("prove_ledger")
    assert refused.value.returncode == 1
    assert f"{lines[1].about}: line 3 does not follow from line 1" in capsys.readouterr().err


def test_a_changed_claim_is_named(lines: list[Evidence], capsys: pytest.CaptureFixture[str]) -> None:
    Claim.objects.filter(evidence=lines[3]).update(claim={"at": "elsewhere"})

    with pytest.raises(CommandError):
        call_command("prove_ledger")
    assert f"{lines[3].about}: the claim of line 1" in capsys.readouterr().err


def test_batches_join_without_a_seam(lines: list[Evidence], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(chains.walk())
    for at_once in (1, 2, 3, 4):
        monkeypatch.setattr(chains, "AT_ONCE", at_once)
        assert list(chains.walk()) == whole
    assert [link.number for link in chains.walk(lines[0].about)] == [1, 2, 3]


def test_a_missing_end_shows_only_against_heads_kept_before(
    lines: list[Evidence], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "heads"
    call_command("prove_ledger", heads=file)
    before = file.read_text()
    drop(lines[2])
    drop(lines[3])

    call_command("prove_ledger")
    with pytest.raises(CommandError, match="2 breaks"):
        call_command("prove_ledger", heads=file)

    said = capsys.readouterr().err
    assert f"{lines[2].about}: line 3" in said
    assert f"{lines[3].about}: line 1" in said
    assert file.read_text() == before, "what was known of a ledger that does not hold is kept"


def test_a_chain_made_anew_shows_against_heads_kept_before(
    lines: list[Evidence], ada: Member, bo: Member, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "heads"
    call_command("prove_ledger", heads=file)
    drop(lines[2])
    ledger.record(ada, by=bo, kind=evidence.NOT_TRUE, source="another")

    call_command("prove_ledger")
    with pytest.raises(CommandError):
        call_command("prove_ledger", heads=file)
    assert f"{ada.ledger_id}: line 3 is another than it was" in capsys.readouterr().err


def test_what_is_added_is_no_break_and_the_next_heads_know_it(
    lines: list[Evidence], ada: Member, bo: Member, tmp_path: Path
) -> None:
    file = tmp_path / "heads"
    call_command("prove_ledger", heads=file)
    ledger.record(ada, by=bo, kind=evidence.NOT_TRUE, source="four")
    ledger.record(bo, by=ada, kind=evidence.NOT_TRUE, source="one")

    call_command("prove_ledger", heads=file)

    heads = sorted(int(line.split()[1]) for line in file.read_text().splitlines())
    assert heads == [1, 1, 4]
    assert [path.name for path in tmp_path.iterdir()] == ["heads"]


@pytest.mark.parametrize("content", ["no heads at all\n", "x 1 00\n"])
def test_a_file_that_holds_something_else_is_refused_and_left(
    content: str, lines: list[Evidence], tmp_path: Path
) -> None:
    file = tmp_path / "heads"
    file.write_text(content)

    with pytest.raises(CommandError, match="line 1 is no head"):
        call_command("prove_ledger", heads=file)
    assert file.read_text() == content

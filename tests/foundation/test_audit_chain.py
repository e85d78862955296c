"""The audit log is one chain: whatever is changed, taken out or slipped in is named."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from django.utils.functional import Promise

from foundation import append_only, audit, audit_chain
from foundation.models import AuditEntry, AuditLink
from tests.foundation.conftest import AtOnce


def note(many: int = 3) -> None:
    """So many lines, committed as far as the chain is concerned."""
    for number in range(1, many + 1):
        audit.note("mo", "upheld-case", f"case:{number}", detail={"why": "ümlaut, and a line\nbreak", "n": number})
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def by_force(sql: str) -> None:
    """As somebody who owns the tables and has lifted the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.mark.django_db
def test_every_line_hangs_on_the_hash_of_the_one_before() -> None:
    note(4)

    links = list(AuditLink.objects.order_by("number"))
    assert [link.number for link in links] == [1, 2, 3, 4]
    assert bytes(links[0].previous) == audit_chain.GENESIS
    assert [bytes(link.previous) for link in links[1:]] == [bytes(link.hash) for link in links[:-1]]
    assert list(audit_chain.breaks()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE foundation_auditentry SET act = 'dismissed-case' WHERE about = 'case:2'",
        "UPDATE foundation_auditentry SET actor = 'ada' WHERE about = 'case:2'",
        "UPDATE foundation_auditentry SET about = 'case:9' WHERE about = 'case:2'",
        "UPDATE foundation_auditentry SET detail = '{}' WHERE about = 'case:2'",
        "UPDATE foundation_auditentry SET made_at = made_at + interval '1 us' WHERE about = 'case:2'",
        "DELETE FROM foundation_auditentry WHERE about = 'case:2'",
        "DELETE FROM foundation_auditlink WHERE number = 2",
        "DELETE FROM foundation_auditlink WHERE number = 1",
        "UPDATE foundation_auditlink SET hash = sha256('x') WHERE number = 3",
        "INSERT INTO foundation_auditentry (actor, act, about, detail, made_at) VALUES ('x', 'x', 'x', '{}', now())",
    ],
)
def test_what_was_changed_taken_out_or_slipped_in_is_named(sql: str) -> None:
    note()
    by_force(sql)

    assert list(audit_chain.breaks())
    with pytest.raises(CommandError, match="does not hold"):
        call_command("prove_audit")


@pytest.mark.django_db
def test_a_missing_end_shows_against_the_head_of_last_time(tmp_path: Path) -> None:
    head = tmp_path / "head"
    note()
    call_command("prove_audit", head=head)
    by_force(
        "DELETE FROM foundation_auditlink WHERE number = 3; DELETE FROM foundation_auditentry WHERE about = 'case:3'"
    )

    call_command("prove_audit")
    with pytest.raises(CommandError):
        call_command("prove_audit", head=head)
    note(2)  # as long as before, and not the same
    kept = head.read_text()
    with pytest.raises(CommandError):
        call_command("prove_audit", head=head)
    assert head.read_text() == kept


@pytest.mark.django_db
def test_a_whole_log_moves_the_head_on_and_nonsense_is_no_head(tmp_path: Path) -> None:
    head = tmp_path / "head"
    for last in (2, 4):
        note(2)
        call_command("prove_audit", head=head)
        assert head.read_text().startswith(f"{last} ")
    head.write_text("nonsense")
    with pytest.raises(CommandError, match="no head"):
        call_command("prove_audit", head=head)


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_chain(at_once: AtOnce) -> None:
    def notes(number: int) -> None:
        with transaction.atomic():
            audit.note("mo", "upheld-case", f"case:{number}")
            audit.note("mo", "dismissed-case", f"case:{number}")

    at_once(8, notes)

    assert AuditLink.objects.count() == 16
    assert list(audit_chain.breaks()) == []


@pytest.mark.django_db(transaction=True)
def test_an_undone_act_leaves_no_link() -> None:
    with transaction.atomic():
        audit.note("mo", "upheld-case", "case:1")
        transaction.set_rollback(True)

    assert not AuditLink.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    ["UPDATE foundation_auditlink SET hash = ''", "DELETE FROM foundation_auditlink", "TRUNCATE foundation_auditlink"],
)
def test_nobody_changes_a_link(sql: str) -> None:
    note(1)
    assert append_only.is_append_only(AuditLink, connection)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL leumund.may_truncate = 'off'")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(sql)


# ── acts in words ───────────────────────────────────────────────────────────
def acts_noted() -> Iterator[str]:
    """Every act that the house notes by a literal name."""
    for file in Path(settings.BASE_DIR).glob("**/*.py"):
        if {".venv", "tests", "benchmarks"} & set(file.relative_to(settings.BASE_DIR).parts):
            continue
        for call in (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func)
            if name in ("audit.note", "_note") and len(call.args) > 1:
                yield from (
                    one.value
                    for one in ast.walk(call.args[1])
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and not one.value.endswith("-")
                )


def test_every_act_that_is_noted_has_words() -> None:
    acts = set(acts_noted()) - {"-case"} | {"upheld-case", "dismissed-case", "merged-organisations", "undid-merge"}
    assert acts >= {"froze-member", "tried-server-now"}
    assert [act for act in sorted(acts) if audit.in_words(act) == act] == []


def test_acts_are_said_in_the_language_of_whoever_reads() -> None:
    """None in that of the process' start."""
    assert [act for act, words in audit.ACTS.items() if not isinstance(words, Promise)] == []
    with translation.override("de"):
        assert audit.in_words("made-token") == "hat ein Token für ein Programm gemacht"


def test_what_nobody_has_words_for_is_shown_as_it_is() -> None:
    assert audit.in_words("was-refused-flag") == "was refused: “flag”"
    assert audit.in_words("strange") == "strange"
    assert audit.acts_worded("froze an") == ["froze-member"]
    assert audit.acts_worded(" ") == []


@pytest.mark.django_db
def test_a_line_says_which_link_it_is() -> None:
    note(1)
    assert AuditLink.objects.get(entry=AuditEntry.objects.get()).number == 1

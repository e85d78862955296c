"""`manage.py verify_credential`: tells whoever has the file, and asks nobody for it."""

import json
import os
import socket
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.core.management import CommandError, call_command

from foundation import clock
from foundation.signing import Document
from tests.conftest import HOME
from tests.vetting.papers import ADA, AT_ACME, BO, INDEX, NOW, changed, listing, vouch

VOUCH = vouch()


@pytest.fixture(autouse=True)
def nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here marks a database, so pytest-django refuses one; and no connection leads anywhere."""

    def refuse(*_args: Any) -> NoReturn:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def saved(tmp_path: Path) -> Any:
    def save(document: Document | bytes, name: str = "vouch.json") -> str:
        path = tmp_path / name
        path.write_bytes(document if isinstance(document, bytes) else json.dumps(document, indent=2).encode())
        return str(path)

    return save


def told(*arguments: str) -> str:
    out = StringIO()
    with clock.at(NOW):
        call_command("verify_credential", *arguments, stdout=out)
    return out.getvalue()


def refused(*arguments: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as caught:
        told(*arguments)
    return caught.value.returncode, str(caught.value)


def test_a_genuine_vouch_is_told_in_full(saved: Any) -> None:
    said = told(saved(VOUCH))

    assert said.startswith("Genuine: Ada Test vouches for Bo Test, who has countersigned.\n")
    for words in (ADA.did, BO.did, AT_ACME.organisation, "from 2001-04 until 2004-06", "until 2028-11-22T09:30:00Z"):
        assert words in said
    assert "status   unknown" in said


def test_with_a_list_the_status_is_told(saved: Any) -> None:
    said = told(saved(VOUCH), "--status", saved(listing(INDEX + 1), "list.json"))

    assert "status   not withdrawn, by the list of 2026-11-22T09:30:00Z" in said


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (changed(VOUCH, ("credentialSubject", "statement"), "Bo owes me money."), "The signature does not fit."),
        (changed(VOUCH, ("type",), "DriversLicence"), "something other than a vouch"),
        (vouch(valid_from=NOW.replace(year=2024), valid_until=NOW.replace(year=2025)), "has run out"),
        ({}, "was not signed"),
    ],
)
def test_what_is_not_genuine_is_said_with_its_reason(document: Document, words: str, saved: Any) -> None:
    code, said = refused(saved(document))

    assert code == 1
    assert said.startswith("Not genuine: ")
    assert words in said


def test_a_withdrawn_vouch_is_not_genuine_any_more(saved: Any) -> None:
    assert refused(saved(VOUCH), "--status", saved(listing(INDEX), "list.json")) == (
        1,
        "Not genuine: This vouch was withdrawn.",
    )


def test_another_list_is_no_answer(saved: Any) -> None:
    code, said = refused(saved(VOUCH), "--status", saved(listing(by=BO), "list.json"))

    assert (code, "not the list" in said) == (1, True)


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b'{"a":1,"a":2}', b"[" * 300_000, b" " * 262_145])
def test_what_cannot_be_read_is_said_apart(raw: bytes, saved: Any) -> None:
    code, said = refused(saved(raw))

    assert (code, said.endswith("This is not a document that can be read.")) == (2, True)
    assert refused(saved(VOUCH, "good.json"), "--status", saved(raw))[0] == 2


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    assert refused(str(tmp_path / "nothing.json"))[0] == 2
    assert refused(str(tmp_path))[0] == 2


def test_the_shell_is_told_without_a_database(saved: Any, tmp_path: Path) -> None:
    nowhere = {"DATABASE_URL": "postgresql://nobody@localhost:9/none", "REDIS_URL": "redis://localhost:9"}
    ends = []
    for path in (saved(VOUCH), saved(changed(VOUCH, ("id",), "https://mallory.example/"), "forged.json"), "nothing"):
        command = [sys.executable, str(HOME / "manage.py"), "verify_credential", path]
        ends.append(subprocess.run(command, env={**os.environ, **nowhere}, capture_output=True, cwd=HOME, check=False))

    assert [end.returncode for end in ends] == [0, 1, 2]
    assert ends[0].stdout.startswith(b"Genuine: ")
    assert b"Not genuine: The signature does not fit." in ends[1].stderr

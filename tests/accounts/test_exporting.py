"""Everything of one's own: every table is in it or says why not, each field is documented, nothing is of others."""

import io
import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from accounts import exporting, leaving, ties
from accounts.models import Account, Export, Member
from foundation import clock, jobs, letters
from foundation.models import Letter
from network.contacts import answers, blocks
from network.contacts.models import Request, VouchQuestion
from tests.accounts import last_will
from tests.accounts.last_will import THEIRS, WORDS, word
from tests.cast import asks, was_at
from tests.frontend.pages import signed_in
from vetting import credentials

DAY = timedelta(days=1)
PASSWORD = "a long way round the lake"
HANDBOOK = Path(__file__).resolve().parents[2] / "docs" / "export.md"


def opened(data: bytes) -> dict[str, Any]:
    """The files of the ZIP, read."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


def taken(member: Member) -> bytes:
    exporting.ask(member)
    jobs.drain_everything(strict=True)
    return exporting.fetch(member, Export.objects.get(member=member).public_id)


def names_members(model: Any) -> bool:
    related = {
        field.related_model for field in model._meta.get_fields() if field.is_relation and not field.auto_created
    }
    return bool({Member, Account} & related)


def test_every_table_with_members_in_it_is_exported_or_says_why_not() -> None:
    tables = {model._meta.label for model in apps.get_models() if names_members(model)}
    told = set(exporting.TABLES) | set(exporting.LEFT_OUT)
    assert tables - told == set(), "say it with exporting.part or exporting.leaves_out"
    assert not set(exporting.TABLES) & set(exporting.LEFT_OUT)
    known = {model._meta.label for model in apps.get_models()}
    assert told <= known


def test_every_word_of_ones_own_is_in_it(cleo: Member, bo: Member, mo: Member) -> None:
    """And each field stands in the handbook; the vouches verify; what others keep to themselves is not there."""
    stage = last_will.lived(cleo, bo, mo)
    data = taken(stage.leaver)
    files = opened(data)
    text = json.dumps(files, ensure_ascii=False).lower()
    assert [one for one in WORDS if one not in text] == []
    assert THEIRS in text  # written to them
    assert undocumented(files) == set()
    document = files[f"vouches/{stage.about.public_id}.json"]
    assert credentials.verify(document, now=clock.now()).countersigned
    theirs = json.dumps(opened(exporting.packed(cleo)), ensure_ascii=False)
    for own in ("label", "asked", "report", "text", "note", "reply", "call", "mandate", "appeal"):
        assert word(own) not in theirs, own


def undocumented(files: dict[str, Any]) -> set[str]:
    """Fields of the files that docs/export.md does not name, as `file: field`."""
    said = {name: set(re.findall(r"`(\w+)`", body)) for name, body in sections().items()}
    found = set()
    for name, content in files.items():
        if not name.startswith("vouches/"):  # a W3C credential, described there as such
            found |= {f"{name}: {key}" for key in keys_of(content) - said.get(name, set())}
    return found


def sections() -> dict[str, str]:
    parts = re.split(r"^## `(.+)`$", HANDBOOK.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


FREE = {"profile", "form", "snapshot", "consent", "context"}
"""Objects whose inner names the handbook describes in words."""


def keys_of(content: Any) -> set[str]:
    if isinstance(content, list):
        return set().union(*map(keys_of, content))
    if not isinstance(content, dict):
        return set()
    inner = (keys_of(value) for name, value in content.items() if name not in FREE)
    return set(content).union(*inner)


def test_the_handbook_has_a_section_for_each_file_and_no_other() -> None:
    assert set(sections()) == {f"{name}.json" for name in exporting.PARTS} | {"about.json", "vouches/ID.json"}


# ── of others ───────────────────────────────────────────────────────────────
def told(member: Member) -> str:
    return json.dumps({name: work(member) for name, work in exporting.PARTS.items()}, sort_keys=True)


def test_who_was_declined_blocked_or_trayed_reads_the_same(ada: Member, bo: Member) -> None:
    """Neither a decline, nor a block, nor the door is told to whoever asked."""
    asks(ada, bo, was_at(ada, "Acme Werke"))
    before = told(ada)
    request = Request.objects.get(asker=ada)
    answers.decline(request, by=bo, answer="pitch")
    assert told(ada) == before
    blocks.block(bo, ada)
    assert told(ada) == before
    ties.unblock(bo, ada)
    Request.objects.update(whereabouts="tray")
    assert told(ada) == before


def test_what_was_swallowed_is_not_told_to_whom_it_was_for(ada: Member, bo: Member) -> None:
    blocks.block(bo, ada)
    asks(ada, bo, was_at(ada, "Acme Werke"), note="kanarinotex")
    assert "kanarinotex" in told(ada)
    assert "kanarinotex" not in told(bo)


def test_a_question_that_was_not_passed_on_is_not_told(ada: Member, bo: Member, cleo: Member) -> None:
    request = asks(ada, bo, was_at(ada, "Acme Werke"))
    VouchQuestion.objects.create(request=request, voucher=cleo)
    assert opened(exporting.packed(cleo))["vouch_questions.json"] == []


# ── once ────────────────────────────────────────────────────────────────────
def test_it_is_asked_for_once_a_day(ada: Member) -> None:
    exporting.ask(ada)
    with pytest.raises(exporting.ExportedToday):
        exporting.ask(ada)
    with clock.at(clock.now() + DAY):
        exporting.ask(ada)


def test_it_is_fetched_once_and_sealed_until_then(ada: Member) -> None:
    exporting.ask(ada)
    jobs.drain_everything(strict=True)
    row = Export.objects.get()
    assert row.sealed.startswith("v1..")  # under the member's own key, none of the ring
    assert exporting.fetch(ada, row.public_id)
    row.refresh_from_db()
    assert row.sealed == ""
    with pytest.raises(exporting.NoSuchExport):
        exporting.fetch(ada, row.public_id)


@pytest.mark.parametrize("why", ["another's", "run out", "not made", "left"])
def test_there_is_nothing_to_fetch(ada: Member, bo: Member, why: str) -> None:
    exporting.ask(ada)
    if why == "left":
        leaving.leave(ada)
    if why != "not made":
        jobs.drain_everything(strict=True)
    public_id = Export.objects.values_list("public_id", flat=True).first() or ada.public_id
    moment = clock.now() + (DAY if why == "run out" else 0 * DAY)
    with clock.at(moment), pytest.raises(exporting.NoSuchExport):
        exporting.fetch(bo if why == "another's" else ada, public_id)


def test_made_twice_is_once(ada: Member) -> None:
    row = exporting.ask(ada)
    for _ in range(2):
        exporting.make(Export.objects.get(pk=row.pk))
    assert Letter.objects.filter(kind=exporting.KIND).count() == 1
    assert "ada" not in letters.text_of(Letter.objects.get(kind=exporting.KIND)).text


# ── the pages ───────────────────────────────────────────────────────────────
def proved(member: Member) -> Client:
    assert member.account is not None
    member.account.set_password(PASSWORD)
    member.account.save(update_fields=["password"])
    client = signed_in(member)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def test_the_pages_ask_for_the_password_first(ada: Member) -> None:
    client = signed_in(ada)
    assert ada.account is not None
    ada.account.set_password(PASSWORD)
    ada.account.save(update_fields=["password"])
    client = signed_in(ada)
    exporting.ask(ada)
    jobs.drain_everything(strict=True)
    row = Export.objects.get()
    for answer in (client.post("/settings/export/"), client.post(f"/settings/export/{row.public_id}/")):
        assert answer.headers["Location"].startswith("/account/reauthenticate/")
    row.refresh_from_db()
    assert row.sealed


def test_from_the_button_to_the_file(ada: Member, bo: Member) -> None:
    client, other = proved(ada), proved(bo)
    client.post("/settings/export/")
    assert client.post("/settings/export/").status_code == 429
    assert "We are making it" in client.get("/settings/export/").content.decode()
    jobs.drain_everything(strict=True)
    path = f"/settings/export/{Export.objects.get().public_id}/"
    assert "Fetch it" in client.get("/settings/export/").content.decode()
    assert client.get(path).status_code == 405
    assert other.post(path).status_code == 404
    answer = client.post(path)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="ada-')
    assert opened(answer.content)["me.json"]["mail"] == "ada@example.org"
    assert client.post(path).status_code == 404
    assert "You have fetched it" in client.get("/settings/export/").content.decode()

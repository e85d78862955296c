"""Leaving: nothing that a member wrote is left in any table, what others wrote and signed stays."""

import io
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts import leaving, people, resting, signup, ties
from accounts.models import Account, Member, RestingHandle
from foundation import clock, jobs, letters, registry, retention
from foundation.models import Job, Letter
from foundation.signing import Document
from network.messages import threads
from network.messages.models import Message
from network.moderation import decisions, freezing
from network.moderation import leaving as leaving_moderation
from network.moderation.models import Case
from tests.accounts import last_will
from tests.accounts.last_will import THEIRS, WORDS, Stage, word
from tests.cast import befriend, key, new_member, was_at
from tests.foundation.conftest import be_due
from tests.frontend.pages import signed_in
from tests.messages import markets
from tests.vetting.test_killed_nights import waiting_worker
from vetting import credentials, documents, ledger
from vetting.models import Vouch

PASSWORD = "a long way round the lake"
DAY = timedelta(days=1)


@pytest.fixture
def stage(cleo: Member, bo: Member, mo: Member) -> Stage:
    return last_will.lived(cleo, bo, mo)


def goes(stage: Stage) -> None:
    leaving.leave(stage.leaver)
    jobs.drain_everything(strict=True)
    stage.leaver.refresh_from_db()


def test_no_table_holds_a_word_of_somebody_who_has_left(stage: Stage, mo: Member) -> None:
    before = last_will.found()
    assert {one for words in before.values() for one in words} == set(WORDS)
    goes(stage)
    kept = last_will.found()
    assert kept.pop("moderation_report") == [word("report")]  # a case that nobody has decided yet
    assert set(kept) <= {"accounts_member", "federation_outbound"}
    assert all(words == [word("handle")] for words in kept.values())
    case = Case.objects.get(state="open", kind="report")
    decisions.dismiss(case, by=mo, to_reporter="They have left.", to_subject="Nothing happens.")
    leaving_moderation.erase()
    with clock.at(clock.now() + 31 * DAY):
        retention.apply("handles")
        jobs.drain_everything(strict=True)
        assert last_will.found() == {}


def test_what_others_wrote_and_signed_stays_and_verifies(stage: Stage) -> None:
    """Chains are whole; what Cleo signed about them verifies from a copy; what they signed about Cleo is withdrawn."""
    lines = list(ledger.about(stage.cleo).values_list("hash", flat=True))
    about, given = stage.about.credential, stage.given.credential
    assert about is not None
    assert given is not None
    goes(stage)
    assert Message.objects.get(pk=stage.kept.pk).text == THEIRS
    assert list(ledger.about(stage.cleo).values_list("hash", flat=True))[: len(lines)] == lines
    with clock.at(clock.now() + 31 * DAY):
        retention.apply("handles")
    assert list(ledger.breaks()) == []
    assert credentials.verify(about, now=clock.now(), status=listed(stage.about)).countersigned
    assert Client().get(f"/credentials/{stage.about.token}/").status_code == 410
    with pytest.raises(credentials.Withdrawn):
        credentials.verify(given, now=clock.now(), status=listed(stage.given))


def listed(vouch: Vouch) -> Document:
    """The status list that the house signs now."""
    assert vouch.status_key is not None
    assert vouch.status_index is not None
    found = documents.status(vouch.status_key.pk, vouch.status_index // documents.PLACES)
    assert found is not None
    return found


def test_nobody_finds_or_reaches_them(stage: Stage) -> None:
    name = word("name").title()
    assert list(people.search(stage.cleo, name)) == [stage.leaver]
    goes(stage)
    assert list(people.search(stage.cleo, name)) == []
    assert stage.browser.get("/settings/").status_code == 302
    client = signed_in(stage.cleo)
    assert client.get(f"/@{word('handle')}/").status_code == 404
    page = client.get(f"/messages/{stage.kept.thread.public_id}/").content.decode()
    assert "somebody who has left" in page
    assert "(erased when its writer left)" in page
    assert THEIRS in page
    assert word("handle") not in page
    assert not ties.contacts_of(stage.leaver).exists()


def test_the_handle_rests_and_is_free_again_a_year_later(db: None) -> None:
    leaving.leave(new_member(word("handle")))
    for days, free in ((1, False), (31, False), (300, False), (366, True)):
        with clock.at(clock.now() + days * DAY):
            retention.apply("handles")
            assert is_free(word("handle")) == free, days
    assert not RestingHandle.objects.filter(mark__contains="kanari").exists()


def is_free(handle: str) -> bool:
    try:
        return bool(signup.check_handle(handle))
    except signup.HandleTaken:
        return False


def test_a_handle_rests_also_after_a_new_secret_key(ada: Member, settings: Settings) -> None:
    resting.rest("ada", until=clock.now() + DAY)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert resting.rests("ada")


def test_leaving_twice_is_once(ada: Member) -> None:
    for _ in range(2):
        leaving.leave(ada)
    assert Job.objects.filter(kind="accounts-erase").count() == 1
    assert Letter.objects.filter(kind=leaving.KIND).count() == 1


def test_a_last_letter_says_so(ada: Member) -> None:
    leaving.leave(ada)
    (letter,) = [text for row, text in letters.all_letters() if row.kind == leaving.KIND]
    assert letter.to == "ada@example.org"
    assert "left" in letter.subject


def test_letters_of_before_are_blank_and_unsent_ones_stay_unsent(ada: Member) -> None:
    letter = letters.write("ada@example.org", "Hello", "words", kind="x", reader=str(ada.public_id))
    leaving.leave(ada)
    assert letters.text_of(Letter.objects.get(pk=letter.pk)).text == ""


def test_what_erases_leaves_a_member_alone_who_has_not_left(cleo: Member) -> None:
    stays = new_member(word("handle"), name=word("name").title())
    was_at(stays, word("org"))
    befriend(stays, cleo)
    threads.write(stays, cleo, text=word("message"), key=key())
    before = last_will.found()
    for kind in registry.LISTENERS["member-left"]:
        if kind != "member-leaves":  # federation's farewell
            registry.HANDLERS[kind].work(member=stays.pk)
    assert last_will.found() == before


def test_a_member_who_is_frozen_may_leave(ada: Member, mo: Member) -> None:
    freezing.freeze(ada, by=mo, reason="For now.")
    ada.refresh_from_db()
    leaving.leave(ada)
    ada.refresh_from_db()
    assert ada.left_at is not None


# ── after a restore ─────────────────────────────────────────────────────────
def test_who_left_since_a_backup_is_erased_again_after_its_restore(ada: Member, bo: Member, tmp_path: Path) -> None:
    """By the list, which names nobody; a second time nothing happens, and others stay."""
    leaving.leave(ada)
    listed = run("erasures")
    assert listed == f"{ada.public_id}\n"
    ada.refresh_from_db()
    assert ada.left_at is not None
    back = new_member("ada_of_before")  # as yesterday's backup has her
    Member.objects.filter(pk=ada.pk).update(public_id=uuid4())
    Member.objects.filter(pk=back.pk).update(public_id=ada.public_id)
    file = tmp_path / "erasures"
    file.write_text(listed + f"{uuid4()}\n")
    assert run("erasures", "--apply", str(file)).startswith("1 of 2 were here again")
    assert run("erasures", "--apply", str(file)).startswith("0 of 2")
    assert set(Member.objects.filter(left_at=None).values_list("handle", flat=True)) == {"bob"}


def test_a_list_that_is_none_changes_nothing(ada: Member, tmp_path: Path) -> None:
    file = tmp_path / "erasures"
    file.write_text(f"{ada.public_id}\nada\n")
    with pytest.raises(CommandError):
        run("erasures", "--apply", str(file))
    assert Member.objects.filter(pk=ada.pk, left_at=None).exists()


def run(*words: str) -> str:
    said = io.StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


# ── the page ────────────────────────────────────────────────────────────────
def test_the_page_asks_for_the_password_first(ada: Member) -> None:
    answer = signed_in(with_password(ada)).get("/settings/leave/")
    assert answer.headers["Location"].startswith("/account/reauthenticate/")
    assert signed_in(ada).post("/settings/leave/", {"understood": "on"}).status_code == 302
    ada.refresh_from_db()
    assert ada.left_at is None


def test_without_the_tick_nothing_happens(ada: Member) -> None:
    client = signed_in(with_password(ada))
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert "cannot be undone" in client.get("/settings/leave/").content.decode()
    answer = client.post("/settings/leave/", {})
    assert "Nothing has happened yet" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.left_at is None


def test_with_it_the_account_is_gone_at_once(ada: Member) -> None:
    client = signed_in(with_password(ada))
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.post("/settings/leave/", {"understood": "on"}).headers["Location"] == "/left/"
    assert client.get("/left/").status_code == 200
    assert not Account.objects.filter(email="ada@example.org").exists()
    assert client.get("/settings/").status_code == 302
    assert Client().get("/settings/leave/").headers["Location"].startswith("/account/login/")


def with_password(member: Member) -> Member:
    assert member.account is not None
    member.account.set_password(PASSWORD)
    member.account.save(update_fields=["password"])
    return member


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_behind(cleo: Member, bo: Member) -> None:
    """Also what it had erased is there again, and another worker erases all of it."""
    leaver = new_member(word("handle"))
    befriend(leaver, cleo)
    threads.write(leaver, cleo, text=word("message"), key=key())
    markets.opens(leaver, words=word("call"))
    leaving.leave(leaver)
    with waiting_worker('UPDATE "threads_message"'):
        pass
    assert Message.objects.filter(text=word("message")).exists()
    be_due()
    jobs.drain_everything(strict=True)
    assert {one for words in last_will.found().values() for one in words} == {word("handle")}

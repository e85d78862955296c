"""A fact is told once, in the way its member chose; what was seen, is over or is muted is not told at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections

from accounts.models import Member
from foundation import clock, jobs
from foundation.models import Job, Letter
from network.contacts import answers, blocks, requests
from network.contacts.tasks import write_tray_letters
from network.messages import keeping, threads
from network.notices import telling, wishes
from network.notices.models import Notice, Outcome
from tests.cast import DAY, asks, befriend, key, new_member, was_at
from tests.notices.post import a_day_later, box, digests_now, wants

SOON = timedelta(minutes=11)


@pytest.fixture
def friends(ada: Member, bo: Member) -> None:
    """In contact, and what was told of it is long past."""
    befriend(ada, bo)
    Notice.objects.all().delete()
    Letter.objects.all().delete()


def writes(one: Member, other: Member, text: str = "The canary sings at noon.") -> None:
    threads.write(one, other, text=text, key=key())
    jobs.drain_everything()


def test_a_request_at_the_door_is_told_at_once_by_default(ada: Member, bo: Member, at_acme: object) -> None:
    asks(ada, bo, note="Do you remember the canary?")

    [letter] = box(bo)
    assert "/requests/" in letter.text
    assert "Ada" not in letter.text + letter.subject
    assert "canary" not in letter.text + letter.subject


@pytest.mark.parametrize("way", ["at-once", "digest"])
def test_nothing_in_the_tray_is_ever_told(way: str, ada: Member, bo: Member) -> None:
    wants(bo, way, "request")
    asks(ada, bo, was_at(ada, "Acme Werke"))
    a_day_later()

    assert requests.in_the_tray(bo).exists()
    assert not Notice.objects.exists()
    assert box(bo) == []


@pytest.mark.parametrize("how", ["blocked", "again"])
def test_what_is_delivered_nowhere_is_told_nowhere(how: str, ada: Member, bo: Member, at_acme: object) -> None:
    if how == "blocked":
        blocks.block(bo, ada)
    else:
        with clock.at(clock.now() - 70 * DAY):
            asks(ada, bo)
        Letter.objects.all().delete()
    asks(ada, bo)
    assert box(bo) == []


def test_who_wants_no_letters_has_none(ada: Member, bo: Member, at_acme: object) -> None:
    wants(bo, "never", "request")
    asks(ada, bo)
    a_day_later()
    assert box(bo) == []


def test_a_digest_gathers_and_names_nobody(ada: Member, bo: Member, friends: None, cleo: Member) -> None:
    befriend(cleo, bo)
    Notice.objects.all().delete()
    writes(ada, bo)
    writes(cleo, bo)
    assert box(bo) == []

    a_day_later()
    [letter] = box(bo)
    assert "2 threads have messages" in letter.text
    assert not {"Ada", "Cleo", "canary", "/@"} & set(letter.text.replace(",", " ").split())
    assert letter.unsubscribe in letter.text
    a_day_later()
    assert len(box(bo)) == 1


def test_what_was_read_in_between_is_not_in_the_digest(ada: Member, bo: Member, friends: None) -> None:
    writes(ada, bo)
    threads.read(threads.of(bo).get(), by=bo)
    a_day_later()
    assert box(bo) == []
    assert Notice.objects.get().outcome == Outcome.GONE


def test_a_message_is_told_at_once_only_while_it_is_unread(ada: Member, bo: Member, friends: None) -> None:
    wants(bo, "at-once", "message")
    writes(ada, bo)
    assert box(bo) == []  # it may be read within minutes
    notice = Notice.objects.get()
    telling.write_one(notice.pk)
    telling.write_one(notice.pk)  # a second worker
    writes(ada, bo) if threads.position(ada, bo).may_write else None
    writes(bo, ada)
    writes(ada, bo)
    assert len(box(bo, "message")) == 1  # one a thread until it is read
    assert Notice.objects.filter(member=bo).count() == 1


@pytest.mark.parametrize("what", ["muted", "put away", "blocked", "muted later"])
def test_a_thread_that_wants_no_attention_is_not_told_of(what: str, ada: Member, bo: Member, friends: None) -> None:
    wants(bo, "digest", "message")
    if what == "muted":
        writes(bo, ada)
        keeping.mute(threads.of(bo).get(), by=bo, muted=True)
    writes(ada, bo)
    thread = threads.of(bo).get()
    if what == "muted later":
        keeping.mute(thread, by=bo, muted=True)
    if what == "put away":
        keeping.put_away(thread.messages.get(writer=ada), by=bo)
    if what == "blocked":
        blocks.block(bo, ada)
    a_day_later()
    assert box(bo, "digest") == []


@pytest.mark.parametrize("what", ["withdrawn", "answered", "blocked", "seen"])
def test_a_request_that_is_over_is_not_in_the_digest(what: str, ada: Member, bo: Member, at_acme: object) -> None:
    wants(bo, "digest", "request")
    request = asks(ada, bo)
    if what == "withdrawn":
        requests.withdraw(request, by=ada)
    if what == "answered":
        answers.decline(request, by=bo, answer="not-now")
    if what == "blocked":
        blocks.block(bo, ada)
    if what == "seen":
        telling.seen(bo, "request", ref=request.pk)
    a_day_later()
    assert box(bo) == []


def test_the_asker_is_told_of_an_acceptance_and_of_nothing_else(
    ada: Member, bo: Member, cleo: Member, at_acme: object
) -> None:
    wants(ada, "at-once", "answer")
    was_at(cleo, "Acme Werke", "2002-01", "2005-12")
    yes, no = asks(ada, bo), asks(ada, cleo)
    answers.decline(no, by=cleo, answer="unknown")
    assert box(ada) == []
    answers.accept(yes, by=bo)
    assert [letter.subject for letter in box(ada)] == ["Your request was accepted"]


def test_turning_a_switch_off_drops_what_waits(ada: Member, bo: Member, friends: None) -> None:
    writes(ada, bo)
    wishes.stop(bo, ["message"])
    assert Notice.objects.get().outcome == Outcome.UNWANTED
    a_day_later()
    assert box(bo) == []


def test_another_hour_moves_what_waits(ada: Member, bo: Member, friends: None) -> None:
    writes(ada, bo)
    wishes.choose(bo, ways={}, hour=21, days=[6])
    due = Notice.objects.get().due_at
    assert due == wishes.digest_after(bo)
    assert (due.weekday(), due.minute) == (6, 0)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_digest() -> None:
    ada, bo = new_member("ada"), new_member("bob")
    befriend(ada, bo)
    Notice.objects.all().delete()
    writes(ada, bo)

    def write(_: int) -> None:
        digests_now(bo)
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert Letter.objects.filter(kind="digest").count() == 1


def test_a_worker_that_dies_before_the_commit_leaves_everything_to_the_next(
    ada: Member, bo: Member, friends: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes(ada, bo)
    with monkeypatch.context() as dying:
        dying.setattr(telling, "_settle", lambda *_: (_ for _ in ()).throw(SystemError))
        with pytest.raises(SystemError):
            digests_now(bo)
    assert not Letter.objects.filter(kind="digest").exists()
    digests_now(bo)
    assert Letter.objects.filter(kind="digest").count() == 1


@pytest.mark.parametrize("way", ["at-once", "never"])
def test_the_weekly_letter_of_the_tray_has_a_switch_and_comes_once_a_week(way: str, ada: Member, bo: Member) -> None:
    wants(bo, way, "tray")
    asks(ada, bo, was_at(ada, "Acme Werke"))
    for _twice in range(2):
        write_tray_letters()
        jobs.drain_everything()
    letters = box(bo, "tray")
    assert len(letters) == (way == "at-once")
    assert all(letter.unsubscribe for letter in letters)


def test_those_who_live_elsewhere_are_told_by_their_own_server(ada: Member) -> None:
    zoe = Member.objects.create(handle="zoe", host="two.example")
    telling.tell(zoe, "request", 1)
    assert not Notice.objects.exists()


def test_a_notice_holds_no_word_of_anybody(ada: Member, bo: Member, friends: None) -> None:
    writes(ada, bo)
    with connection.cursor() as cursor:
        cursor.execute("SELECT n::text FROM notices_notice n UNION ALL SELECT j::text FROM foundation_job j")
        rows = " ".join(text for (text,) in cursor.fetchall())
    assert "canary" not in rows
    assert Job.objects.filter(kind="message-notice").exists()


def test_settled_notices_are_forgotten_and_waiting_ones_are_not(ada: Member, bo: Member, friends: None) -> None:
    writes(ada, bo)
    writes(bo, ada)
    Notice.objects.filter(member=bo).update(outcome="seen", settled_at=clock.now())
    with clock.at(clock.now() + 91 * DAY):
        telling.forget()
    assert [notice.member for notice in Notice.objects.all()] == [ada]

"""Posts that come in the same moment: one commit for all of them, and each is answered as if it had come alone."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier, Event
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.test import Client

from accounts.models import Member
from foundation import handfuls, redis_door
from foundation.refusals import NotNow
from foundation.signing import Document
from network.federation import actors, inbox, known_keys, letterbox, taking
from network.federation.inbox import Letter
from network.federation.models import Actor, Inbound, Peer, Policy
from network.federation.taking import Post
from network.federation.wire import Knock
from tests.federation import hostile
from tests.federation.conftest import RSA_KEYS, Abroad, said
from tests.federation.signed import ACTIVITY_JSON, HOST, cavage, plain, posted, with_headers

COMMITTED = pytest.mark.django_db(transaction=True)
"""For what other threads have to see, and for what the database says at the commit. Costs a second each."""


@pytest.fixture(autouse=True)
def fresh(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.FEDERATION = True
    settings.SITE_URL, settings.SITE_HOST = f"https://{HOST}", HOST
    redis_door.client().flushdb()
    handfuls.forget()
    known_keys.forget()
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as asker:
        monkeypatch.setattr(letterbox, "_one", one)
        monkeypatch.setattr(letterbox, "_askers", asker)
        yield
        for pool in (one, asker):
            pool.submit(close_own).result()
    known_keys.forget()


def close_own() -> None:
    connection.close()


def note(by: Abroad, number: int = 1, **more: Any) -> Document:
    return said(by, "Create", {"id": f"{by.uri}notes/{number}", "type": "Note", "content": "hello", **more})


def statuses(posts: Sequence[Post]) -> list[int | None]:
    return [answer and answer.status for answer in taking.take(posts, known_keys.Remembered())]


def scope(knock: Knock) -> letterbox.Scope:
    path, _, query = knock.target.partition("?")
    lines = [(name.lower().encode(), value.encode("latin-1")) for name, value in knock.headers]
    return {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": lines, "client": ("198.51.100.7", 5), "scheme": "https",
    }  # fmt: skip


async def deliver(knock: Knock) -> tuple[int, dict[str, str], bytes]:
    heard: list[Any] = []

    async def receive() -> letterbox.Scope:
        return {"type": "http.request", "body": knock.body}

    async def send(message: Any) -> None:
        heard.append(message)

    await letterbox.take(scope(knock), receive, send)
    headers = {name.decode().title(): value.decode() for name, value in heard[0]["headers"]}
    return heard[0]["status"], headers, heard[1]["body"]


def all_at_once(*knocks: Knock) -> list[tuple[int, dict[str, str], bytes]]:
    async def together() -> list[tuple[int, dict[str, str], bytes]]:
        return list(await asyncio.gather(*(deliver(knock) for knock in knocks)))

    return asyncio.run(together())


@COMMITTED
def test_what_comes_at_once_is_kept_in_one_commit(zoe: Abroad, mia: Abroad, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    really = inbox.keep_all

    def keep_all(letters: Sequence[Letter]) -> int:
        kept.append(len(letters))
        return really(letters)

    monkeypatch.setattr(inbox, "keep_all", keep_all)
    answers = all_at_once(*(posted(by, note(by, number)) for number in range(8) for by in (zoe, mia)))

    assert [status for status, _headers, _body in answers] == [202] * 16
    assert kept == [16]
    assert Inbound.objects.count() == 16


@COMMITTED
def test_nobody_is_told_202_when_the_commit_fails(zoe: Abroad, mia: Abroad, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_letters: Sequence[Letter]) -> int:
        raise OperationalError

    monkeypatch.setattr(inbox, "keep_all", away)
    answers = all_at_once(posted(zoe, note(zoe)), posted(mia, note(mia)))

    assert [(status, headers["Retry-After"]) for status, headers, _body in answers] == [(503, "30")] * 2


def test_what_one_gets_wrong_the_others_do_not_pay_for(zoe: Abroad, mia: Abroad, ada: Member) -> None:
    good, forged = posted(zoe, note(zoe)), posted(mia, note(mia), key=RSA_KEYS[1])
    nobody = posted(zoe, note(zoe), target="/@nobody/inbox")
    unreadable = posted(zoe, b"{")
    posts = [Post(good, "1"), Post(forged, "2"), Post(nobody, "3", "nobody"), Post(unreadable, "4")]

    assert statuses(posts) == [202, None, 404, 400]  # the forged one: perhaps she has a new key, her server is asked
    assert [kept.actor for kept in Inbound.objects.all()] == [zoe.actor]


@COMMITTED
def test_a_row_that_cannot_be_written_is_answered_503_and_the_others_are_kept(zoe: Abroad, mia: Abroad) -> None:
    """Mia's row went away after her key had been looked up."""
    assert statuses([Post(posted(mia, note(mia)), "1")]) == [202]
    Actor.objects.filter(pk=mia.actor.pk).delete()

    assert statuses([Post(posted(mia, note(mia, 2)), "1"), Post(posted(zoe, note(zoe)), "2")]) == [503, 202]
    assert [kept.actor for kept in Inbound.objects.all()] == [zoe.actor]


def test_twice_in_one_moment_is_kept_once(zoe: Abroad) -> None:
    knock = posted(zoe, note(zoe))

    assert statuses([Post(knock, "1"), Post(knock, "1")]) == [202, 202]
    assert Inbound.objects.count() == 1


@COMMITTED
def test_batches_that_cross_do_not_wait_for_each_other_in_a_ring(zoe: Abroad) -> None:
    letters = [Letter(note(zoe, number) | {"id": f"{zoe.uri}{number}"}, zoe.actor) for number in range(300)]
    start = Barrier(2)

    def keep(some: list[Letter]) -> int:
        try:
            start.wait(timeout=10)
            return inbox.keep_all(some)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(keep, (letters, letters[::-1]))) == 300


@COMMITTED
def test_who_waits_for_anothers_server_keeps_nobody_waiting(
    zoe: Abroad, mia: Abroad, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mia's key is not known; her server answers only after Zoe has been answered."""
    mia.actor.keys.all().delete()
    answered = Event()

    def refetch(*_args: object) -> None:
        assert answered.wait(timeout=10)

    monkeypatch.setattr(actors.Keys, "refetch", refetch)

    async def both() -> tuple[int, int]:
        hers = asyncio.create_task(deliver(posted(mia, note(mia))))
        await asyncio.sleep(0)
        first = await deliver(posted(zoe, note(zoe)))
        answered.set()
        return first[0], (await hers)[0]

    assert asyncio.run(both()) == (202, 401)


@COMMITTED
def test_more_than_may_wait_for_other_servers_are_told_to_come_again(
    mia: Abroad, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia.actor.keys.all().delete()
    monkeypatch.setattr(letterbox, "ALONE_MAX", 0)
    monkeypatch.setattr(actors.Keys, "refetch", lambda *_args: pytest.fail("asked"))

    assert all_at_once(posted(mia, note(mia)))[0][0] == 503


def test_that_a_server_is_closed_is_remembered_as_well(
    zoe: Abroad, django_assert_num_queries: Callable[[int], Any]
) -> None:
    Peer.objects.update(policy=Policy.CLOSED)
    post = Post(posted(zoe, note(zoe)), "1")
    with django_assert_num_queries(2):
        assert statuses([post, post]) == [403, 403]
    with django_assert_num_queries(0):
        assert statuses([post]) == [403]


def test_a_batch_asks_no_more_for_thirty_authors_than_for_three(
    zoe: Abroad, mia: Abroad, mallory_abroad: Abroad, django_assert_num_queries: Callable[[int], Any]
) -> None:
    everybody = (zoe, mia, mallory_abroad)
    for rounds in (1, 10):
        known_keys.forget()
        posts = [Post(posted(by, note(by, rounds * 100 + n)), "1") for n in range(rounds) for by in everybody]
        with django_assert_num_queries(2):  # keys, policies; the INSERT goes past Django's cursor
            assert set(statuses(posts)) == {202}


def test_without_redis_a_batch_waits_for_it_once(zoe: Abroad, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def away(names: Sequence[Any], *_args: int) -> list[tuple[int, float]]:
        asked.append(len(names))
        raise NotNow

    monkeypatch.setattr("foundation.ratelimit.count_each", away)
    posts = [Post(posted(zoe, note(zoe, number)), "1") for number in range(3)]
    posts.append(Post(plain(json.dumps(note(zoe)).encode()), "9"))

    assert statuses(posts) == [503] * 4
    assert asked == [3]  # her server, herself, and the address of the one that was not signed
    assert not Inbound.objects.exists()


def test_hostile_posts_beside_good_ones_change_nothing_for_them(zoe: Abroad, settings: LazySettings) -> None:
    settings.INBOX_A_MINUTE_AND_SERVER = settings.INBOX_A_MINUTE_AND_ACTOR = 10**6
    by = Random(58)
    for turn in range(15):
        good = posted(
            zoe, note(zoe, turn) | {"id": f"{hostile.ZOE}good/{turn}"}, key=hostile.KEY, key_id=hostile.KEY_ID
        )
        bad = [cavage(plain(hostile.body(by)), hostile.KEY, hostile.KEY_ID) for _ in range(12)]
        bad += [with_headers(plain(hostile.body(by)), *hostile.headers(by)) for _ in range(12)]
        found = statuses([Post(knock, "1") for knock in [*bad[:12], good, *bad[12:]]])
        assert found[12] == 202
        assert all(status is None or status < 500 for status in found)
    assert Inbound.objects.filter(activity_id__startswith=f"{hostile.ZOE}good/").count() == 15
    assert {kept.actor for kept in Inbound.objects.all()} == {zoe.actor}


ALIKE: dict[str, Callable[[Abroad, Abroad], Knock]] = {
    "taken": lambda zoe, _mia: posted(zoe, note(zoe)),
    "to ada": lambda zoe, _mia: posted(zoe, note(zoe), target="/@ada/inbox"),
    "with a query": lambda zoe, _mia: posted(zoe, note(zoe), target="/inbox?a=b"),
    "ignored": lambda zoe, _mia: posted(zoe, said(zoe, "Dance", "https://two.example/x")),
    "unsigned": lambda zoe, _mia: plain(json.dumps(note(zoe)).encode()),
    "forged": lambda zoe, _mia: posted(zoe, note(zoe), key=RSA_KEYS[1]),
    "somebody else's": lambda zoe, mia: posted(mia, note(zoe)),
    "another kind": lambda zoe, _mia: with_headers(posted(zoe, note(zoe)), ("Content-Type", "text/html")),
    "unreadable": lambda zoe, _mia: posted(zoe, b'{"a":1,"a":2}'),
    "too large": lambda zoe, _mia: posted(zoe, b"x" * 300_000),
}


@pytest.mark.parametrize("what", list(ALIKE))
def test_both_ways_to_the_letter_box_answer_alike(
    what: str, zoe: Abroad, mia: Abroad, ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through Django's handlers (WSGI servers, the test client) and through the web server of production."""
    monkeypatch.setattr(actors.Keys, "refetch", lambda *_args: None)
    knock = ALIKE[what](zoe, mia)
    lines = {name: value for name, value in knock.headers if name not in ("Content-Type", "Host")}
    kind = dict(knock.headers).get("Content-Type", ACTIVITY_JSON)
    host = dict(knock.headers)["Host"]
    slow = Client(raise_request_exception=False).post(
        knock.target, knock.body, content_type=kind, headers={**lines, "Host": host}, secure=True
    )
    kept = list(Inbound.objects.values("inbox", "activity_id", "body"))
    Inbound.objects.all().delete()
    (answer,) = taking.take([Post(knock, "127.0.0.1", "ada" if "ada" in what else "")], known_keys.Keys())

    assert answer is not None
    assert (answer.status, answer.body) == (slow.status_code, slow.content)
    assert {name: slow.get(name) for name, _value in answer.headers} == dict(answer.headers)
    assert list(Inbound.objects.values("inbox", "activity_id", "body")) == kept

"""The way of a post through the web server: read no further than allowed, taken with all that wait."""

import asyncio
import json
from collections.abc import Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from foundation import clock, handfuls, redis_door
from foundation.signing import Document
from network.federation import http_signatures, inbox, known_keys, letterbox
from network.federation.http_signatures import Signer
from network.federation.models import Inbound, SignsWith
from tests.federation.conftest import Abroad, said

pytestmark = pytest.mark.django_db(transaction=True)
HOST = "testserver"
Message = MutableMapping[str, Any]


@pytest.fixture(autouse=True)
def threads(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadPoolExecutor]:
    settings.FEDERATION = True
    settings.SITE_URL, settings.SITE_HOST = f"https://{HOST}", HOST
    redis_door.client().flushdb()
    handfuls.forget()
    known_keys.forget()
    with ThreadPoolExecutor(1) as pool, ThreadPoolExecutor(1) as askers:
        monkeypatch.setattr(letterbox, "_one", pool)
        monkeypatch.setattr(letterbox, "_askers", askers)
        yield pool
        pool.submit(close_own).result()
        askers.submit(close_own).result()
    known_keys.forget()


def close_own() -> None:
    """In the thread that runs it; `connection.close` itself would be the main thread's."""
    connection.close()


def scope(by: Abroad, body: bytes, path: str = "/inbox", **change: str) -> letterbox.Scope:
    signer = Signer(key_id=f"{by.uri}#main-key", private=by.rsa)
    how = SignsWith.CAVAGE
    headers = http_signatures.sign("POST", f"https://{HOST}{path}", body, signer=signer, how=how, now=clock.now())
    headers |= {"Host": HOST, "Content-Type": "application/activity+json", **change}
    lines = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": lines, "client": ("198.51.100.7", 5), "server": (HOST, 443), "scheme": "https",
    }  # fmt: skip


def carry(asked: letterbox.Scope, messages: list[Message]) -> list[Message]:
    """What is said to the other side after it has sent these messages; it sends no more than it is asked for."""
    said_: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        said_.append(message)

    asyncio.run(letterbox.take(asked, receive, send))
    return said_


def parts(body: bytes, size: int = 1000) -> list[Message]:
    pieces = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
    last = len(pieces) - 1
    return [{"type": "http.request", "body": one, "more_body": n < last} for n, one in enumerate(pieces)]


def letter(by: Abroad, **more: Any) -> Document:
    return said(by, "Create", {"id": f"{by.uri}notes/1", "type": "Note", "content": "hello", **more})


def test_a_post_in_many_pieces_and_of_no_said_length_is_taken(zoe: Abroad) -> None:
    body = json.dumps(letter(zoe)).encode()
    answer = carry(scope(zoe, body), parts(body, 100))

    assert [one.get("status") for one in answer] == [202, None]
    assert Inbound.objects.get().handled_at is None


def test_an_endless_post_is_read_no_further_than_allowed(zoe: Abroad) -> None:
    piece: Message = {"type": "http.request", "body": b"x" * 65_536, "more_body": True}
    messages = [piece] * 100
    answer = carry(scope(zoe, b"x"), messages)

    assert answer[0]["status"] == 413
    assert len(messages) >= 94
    assert not Inbound.objects.exists()


def test_who_hangs_up_is_told_nothing(zoe: Abroad) -> None:
    assert carry(scope(zoe, b""), [{"type": "http.disconnect"}]) == []


def test_who_drips_is_not_waited_for(zoe: Abroad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letterbox, "READ_S", 0.05)
    said_: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        said_.append(message)

    asyncio.run(letterbox.take(scope(zoe, b""), receive, send))
    assert said_ == []


def test_more_than_can_wait_are_told_to_come_again(zoe: Abroad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letterbox, "WAITING_MAX", 0)
    body = json.dumps(letter(zoe)).encode()
    answer = carry(scope(zoe, body), parts(body))

    assert answer[0]["status"] == 503
    assert (b"retry-after", b"30") in answer[0]["headers"]


def test_the_thread_keeps_its_connection_and_takes_a_new_one_when_it_broke(
    zoe: Abroad, threads: ThreadPoolExecutor
) -> None:
    def post() -> int:
        body = json.dumps(letter(zoe)).encode()
        return int(carry(scope(zoe, body), parts(body))[0]["status"])

    def backend() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    assert post() == 202
    first = threads.submit(backend).result()
    assert post() == 202
    assert threads.submit(backend).result() == first

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [first])
    assert post() == 503
    assert post() == 202
    assert threads.submit(backend).result() != first


def test_what_breaks_inside_is_503_and_no_page(zoe: Abroad, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_more: Any) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(inbox, "keep_all", broken)
    body = json.dumps(letter(zoe)).encode()

    assert carry(scope(zoe, body), parts(body))[0]["status"] == 503


def test_a_host_that_is_none_of_ours_is_400(zoe: Abroad) -> None:
    body = json.dumps(letter(zoe)).encode()

    assert carry(scope(zoe, body, Host="evil.example"), parts(body))[0]["status"] == 400


@pytest.mark.parametrize(
    ("method", "path", "ours"),
    [
        ("POST", "/inbox", True),
        ("POST", "/@ada/inbox", True),
        ("GET", "/inbox", False),
        ("POST", "/@ada/ask/", False),
        ("POST", "/@ada/x/inbox", False),
        ("POST", "/inbox/", False),
        ("POST", "/@/inbox", False),
        ("POST", "/@ada/inbox\n", False),
        ("POST", "/messages/inbox", False),
    ],
)
def test_only_posts_to_inboxes_go_this_way(method: str, path: str, ours: bool) -> None:
    assert letterbox.is_for({"type": "http", "method": method, "path": path}) is ours


def test_twelve_at_once_with_one_id_are_kept_once(zoe: Abroad) -> None:
    activity, start = letter(zoe), Barrier(12)

    def keep(_number: int) -> bool:
        start.wait(timeout=10)
        try:
            return inbox.keep(activity, actor=zoe.actor)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(keep, range(12))) == 1
    assert Inbound.objects.count() == 1

"""Log lines: JSON, one id a request, and nothing in them that is anybody's own."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client

from accounts.models import Account, Member
from config import logs
from foundation import redis_door
from frontend.views import about

SECRETS = [
    *("kanaripassword", "kanarinote", "kanariquery", "ada@example.org", "eve@evil.example"),
    *("203.0.113.77", "2001:db8:1:2:3:4:5:6", "Xk3f9-Q7sP_kanariTokenA1b2C3d4E5f6"),
]
TOKEN = SECRETS[-1]
PATHS = [
    "/invited/{}/",
    "/undo-address/{}/",
    "/credentials/{}/",
    "/proofs/{}/",
    "/nothing/{}",
    "/account/confirm-email/{}/",
]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the house logs, as production writes it."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logs.json())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield text
    root.removeHandler(handler)
    root.setLevel(before)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_no_secret_stands_in_any_line(written: io.StringIO, ada: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign-ins, forms, tokens in addresses, queries, answers 404, 403 and 500, and errors of the database."""
    redis_door.client().flushdb()
    client = Client(raise_request_exception=False, REMOTE_ADDR="203.0.113.77")
    for sign_in in ("ada@example.org", "eve@evil.example"):
        client.post("/account/login/", {"login": sign_in, "password": "kanaripassword"})
    for path in PATHS:
        client.get(path.format(TOKEN), {"q": "kanariquery"})
        client.post(path.format(TOKEN), {"note": "kanarinote"}, REMOTE_ADDR="2001:db8:1:2:3:4:5:6")
    monkeypatch.setattr(about, "render", broken)
    client.get("/about/?q=kanariquery")
    assert {line["level"] for line in lines(written)} >= {"info", "warning", "error"}
    for secret in SECRETS:
        assert secret not in written.getvalue(), secret


def broken(request: HttpRequest, *_: object) -> None:
    """As the database refuses: with the row in its words."""
    with connection.cursor() as cursor:
        sql = "INSERT INTO accounts_account (email, password, is_superuser, is_staff, is_active, date_joined)"
        cursor.execute(f"{sql} SELECT 'ada@example.org', 'x', false, false, true, now()")


def test_a_planted_secret_would_be_seen(written: io.StringIO) -> None:
    logging.getLogger("house").warning("kanarinote")
    assert "kanarinote" in written.getvalue()


def test_all_lines_about_a_request_share_its_id(written: io.StringIO, db: None) -> None:
    for _ in range(2):
        Client().get("/nothing/", headers={"X-Request-ID": "mine"})
    told = [(line["logger"], line["request"]) for line in lines(written)]
    first, second = {name for _logger, name in told}
    assert first != second
    assert "mine" not in (first, second)
    assert {*told} == {(log, name) for log in ("house.requests", "django.request") for name in (first, second)}


def test_the_route_is_told_and_the_address_is_not(written: io.StringIO, db: None) -> None:
    Client(REMOTE_ADDR="203.0.113.77").get(f"/undo-address/{TOKEN}/?x=1")
    (line,) = [line for line in lines(written) if line["logger"] == "house.requests"]
    assert line["route"] == "undo-address/<str:token>/"
    assert (line["method"], line["status"], line["network"]) == ("GET", 404, "203.0.113.0")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("from ada@example.org to bo", "from …@example.org to bo"),
        ("10.1.2.3:443", "10.1.2.0:443"),
        ("127.0.0.1", "127.0.0.1"),
        ("at 2001:db8:aaaa:bbbb::1 now", "at 2001:db8:aaaa:: now"),
        ("GET /a/?token=x&y=1 done", "GET /a/?… done"),
        ("12:30:45 is a time", "12:30:45 is a time"),
        ("thread 6461e1d5-dfb9-4d38-8816-58514d01ca5b", "thread 6461e1d5-dfb9-4d38-8816-58514d01ca5b"),
        ("test_killed_nights_and_days.py", "test_killed_nights_and_days.py"),
        ("ImproperlyConfiguredByWhomever", "ImproperlyConfiguredByWhomever"),
        ("leumund_Zm9vYmFyYmF6cXV4MTIzNDU2", "…"),
        ("Key\nDETAIL:  Failing row contains (1, x).\nafter", "Key\nDETAIL: …\nafter"),
        ("line\r\nbreak", "line\r\nbreak"),
    ],
)
def test_what_is_masked_and_what_is_not(said: str, kept: str) -> None:
    assert logs.scrubbed(said) == kept


def test_a_line_break_in_a_value_makes_no_second_line(written: io.StringIO) -> None:
    logging.getLogger("house").warning('one\r\n{"event": "forged"}')
    assert len(lines(written)) == 1


def test_an_account_is_never_named(written: io.StringIO, ada: Member) -> None:
    account = Account.objects.get(member=ada)
    logging.getLogger("house").info("%s %r", account, account)
    assert "example.org" not in written.getvalue()

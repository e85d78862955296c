"""Every door of the API: a token or nothing, its scope, its limits, problems in the language asked for, no cookie."""

import logging
import re
from typing import Any

import pytest
import redis
import yaml
from django.conf import settings as house
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from accounts import people, tokens
from accounts.models import Member, Scope, Token
from foundation import clock, redis_door
from frontend.api.door import MOST_BYTES
from tests.frontend.api.programs import Program, program_of, token_of

DESCRIBED = yaml.safe_load((house.BASE_DIR / "docs" / "openapi.yaml").read_text())
DOORS = [
    (method, path, re.findall(r"Scope: `([a-z:]+)`", one["description"])[0])
    for path, methods in DESCRIBED["paths"].items()
    for method, one in methods.items()
]
ANYWHERE = "00000000-0000-4000-8000-000000000000"
door = pytest.mark.parametrize(("method", "path", "scope"), DOORS, ids=[f"{m} {p}" for m, p, _scope in DOORS])


def somewhere(path: str) -> str:
    return re.sub(r"{[a-z_]+}", ANYWHERE, path).lstrip("/")


@door
def test_a_door_opens_to_its_scope_alone(ada: Member, method: str, path: str, scope: str) -> None:
    others = program_of(ada, *(one for one in Scope if one != scope))
    assert others.ask(method, somewhere(path), {}).code == "scope-missing"
    assert program_of(ada, scope).ask(method, somewhere(path), {}).status not in (401, 403)


@door
def test_no_door_opens_to_a_browser_that_is_signed_in(ada: Member, method: str, path: str, scope: str) -> None:
    client = Client()
    assert ada.account is not None
    client.force_login(ada.account)
    answer = getattr(client, method)(f"/api/v1/{somewhere(path)}")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert not answer.cookies


@pytest.mark.parametrize("how", ["unknown", "revoked", "expired", "account closed", "nothing", "basic"])
def test_a_token_that_does_not_work_is_refused_at_once(ada: Member, how: str) -> None:
    text = token_of(ada)
    program, row = Program(text), Token.objects.get()
    assert program.get("me").status == 200
    if how == "revoked":
        tokens.revoke(ada, row.public_id)
    elif how == "expired":
        Token.objects.update(expires_at=clock.now())
    elif how == "account closed":
        assert ada.account is not None
        ada.account.is_active = False
        ada.account.save()
    elif how == "unknown":
        program = Program(text[:-1])
    else:
        program = Program() if how == "nothing" else Program(Authorization=f"Basic {text}")
    answer = program.get("me")
    assert answer.status == 401
    assert answer.code == ("token-needed" if how in ("nothing", "basic") else "token-refused")


def test_a_frozen_members_token_is_refused_at_once(ada: Member) -> None:
    program = program_of(ada)
    Member.objects.filter(pk=ada.pk).update(frozen_at=clock.now())
    answer = program.get("me")
    assert (answer.status, answer.code) == (403, "token-of-frozen")


@pytest.mark.parametrize("query", ["access_token={}", "token={}", "q={}", "page=1&{}"])
def test_a_token_in_an_address_is_refused(ada: Member, query: str) -> None:
    text = token_of(ada)
    for program in (Program(), Program(text)):
        answer = program.get("me?" + query.format(text))
        assert answer.code == "token-in-address"
        assert text not in answer.raw.content.decode()


def test_a_token_is_in_no_log_and_in_no_answer(ada: Member, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    text = token_of(ada)
    said = [
        Program(text).get("me").raw.content,
        Program(text + "x").get("me").raw.content,
        Program(text).get("nowhere").raw.content,
        Program(text).ask("patch", "me", {"name": text}).raw.content,
    ]
    assert text not in caplog.text
    assert not [one for one in said[:3] if text.encode() in one]


def test_a_program_that_asks_too_often_waits(ada: Member, settings: Settings) -> None:
    settings.API_REQUESTS_A_MINUTE = 2
    program, other = program_of(ada), program_of(ada)
    assert [program.get("me").status for _ in range(3)] == [200, 200, 429]
    late = program.get("me")
    assert late.code == "too-many-tries"
    assert 1 <= int(late.raw["Retry-After"]) <= 60
    assert other.get("me").status == 200


def test_guessing_tokens_is_limited_by_address_and_those_with_a_token_go_on(ada: Member, settings: Settings) -> None:
    settings.API_REFUSALS_A_MINUTE = 2
    guesses = [Program(f"leumund_{number}", address="192.0.2.7").get("me").status for number in range(3)]
    assert guesses == [401, 401, 429]
    assert program_of(ada).get("me").status == 200


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Hier ist nichts, oder nichts für dich."), ("en", "There is nothing here, or nothing for you.")],
)
def test_a_refusal_speaks_the_language_asked_for(ada: Member, language: str, words: str) -> None:
    answer = program_of(ada).ask("get", "nowhere", **{"Accept-Language": language})
    assert (answer.said["detail"], answer.raw["Content-Language"]) == (words, language)


def test_without_a_language_asked_for_a_refusal_speaks_the_members(ada: Member) -> None:
    people.change_profile(ada, {"language": "de"})
    answer = program_of(ada).ask("patch", "me", {"name": "https://example.org"})
    assert answer.code == "name-wrong"
    assert answer.said["detail"].startswith("Schreib deinen Namen")
    assert answer.raw["Content-Language"] == "de"


def test_a_malformed_request_names_its_fields(ada: Member) -> None:
    answer = program_of(ada).ask("patch", "me", {"name": 7, "circles": {"about": "all"}, "is_staff": True})
    assert (answer.status, answer.code) == (400, "malformed")
    assert [one["field"] for one in answer.said["errors"]] == ["is_staff"]
    answer = program_of(ada).ask("patch", "me", {"name": 7, "circles": {"about": "all"}})
    assert sorted(one["field"] for one in answer.said["errors"]) == ["circles.about", "name"]


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"name": "a", "name": "b"}', "application/json", 400),
        (b'{"name": NaN}', "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b'{"name": "\xff"}', "application/json", 400),
        (b'{"name": "' + b"x" * MOST_BYTES + b'"}', "application/json", 413),
        (b"name=Eve", "application/x-www-form-urlencoded", 415),
        (b"name=Eve", "text/plain", 415),
    ],
    ids=["cut", "list", "twice", "NaN", "deep", "not UTF-8", "large", "form", "text"],
)
def test_a_body_that_cannot_be_read_changes_nothing(ada: Member, raw: bytes, kind: str, status: int) -> None:
    answer = program_of(ada).client.patch("/api/v1/me", data=raw, content_type=kind)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    ada.refresh_from_db()
    assert ada.name == "Ada Adler"


@pytest.mark.parametrize("path", ["", "nowhere", "me/", "entries/1"])
def test_what_is_not_there_is_a_problem_and_no_page(ada: Member, path: str) -> None:
    for program in (Program(), program_of(ada)):
        assert program.get(path).code == "not-there"


@pytest.mark.parametrize("method", ["post", "put", "delete", "options", "head", "trace"])
def test_a_method_that_a_door_does_not_have_is_named_and_refused(ada: Member, method: str) -> None:
    answer = program_of(ada).ask(method, "me")
    assert answer.status == 405
    assert answer.raw["Allow"] == "GET, PATCH"
    assert "Access-Control-Allow-Origin" not in answer.raw


@pytest.mark.parametrize(
    "cause", [OperationalError("gone"), redis.ConnectionError("gone")], ids=["PostgreSQL", "Redis"]
)
def test_while_a_service_is_away_a_program_is_told_when_to_come_again(
    ada: Member, cause: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = program_of(ada)

    def away(*_args: Any, **_more: Any) -> None:
        raise cause

    monkeypatch.setattr(
        *((redis_door, "client") if isinstance(cause, redis.RedisError) else (tokens, "recognise")), away
    )
    answer = program.get("me")
    assert (answer.status, answer.code) == (503, "not-now")
    assert answer.raw["Retry-After"] == "5"


def test_an_answer_is_kept_by_nobody(ada: Member) -> None:
    answer = program_of(ada).get("me").raw
    assert answer["Cache-Control"] == "no-store"
    assert "Authorization" in answer["Vary"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies


def test_a_profile_is_read_and_changed_by_the_rules_of_the_page(ada: Member) -> None:
    program = program_of(ada, "me:read", "me:write")
    answer = program.ask("patch", "me", {"headline": "Drives", "circles": {"headline": "members"}})
    assert answer.status == 200
    assert (answer.said["headline"], answer.said["circles"]["headline"]) == ("Drives", "members")
    assert program.get("me").said == answer.said


@pytest.mark.parametrize(
    "field",
    ["is_staff", "standing", "handle", "id", "frozen_at", "confirmed_at", "door", "lowest", "terms", "name_to", "pk"],
)
def test_nothing_can_be_set_that_the_page_does_not_offer(ada: Member, field: str) -> None:
    before = Member.objects.values().get(pk=ada.pk)
    assert program_of(ada).ask("patch", "me", {field: "A"}).code == "malformed"
    assert Member.objects.values().get(pk=ada.pk) == before

"""docs/security.md says who holds each requirement of OWASP ASVS 5.0, level 2; and small gaps of it, closed."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import Account, Member
from tests.house.asvs_levels import LEVELS
from tests.house.test_production import COMPLETE, manage
from tests.moderation.desk import browser

HOME = Path(settings.BASE_DIR)
TABLE = (HOME / "docs" / "security.md").read_text()
ROW = re.compile(r"^\| (\d+\.\d+\.\d+)(?:–(\d+\.\d+\.\d+))? \| (.+) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([a-z_/0-9]+\.py)::(test_\w+)`")


# ── the table ───────────────────────────────────────────────────────────────
def numbers(first: str, last: str) -> list[str]:
    section, begin = first.rsplit(".", 1)
    assert not last or last.rsplit(".", 1)[0] == section
    return [f"{section}.{n}" for n in range(int(begin), int((last or first).rsplit(".", 1)[1]) + 1)]


def test_every_requirement_of_levels_1_and_2_stands_in_it_once() -> None:
    asked = {
        f"{section}.{n}" for section, levels in LEVELS.items() for n, level in enumerate(levels, start=1) if level < "3"
    }
    told = Counter(number for first, last, _words, _held in ROW.findall(TABLE) for number in numbers(first, last))
    assert len(asked) == 253
    assert set(told) == asked
    assert [number for number, times in told.items() if times > 1] == []


def test_every_test_it_names_is_there() -> None:
    named = NAMED.findall(TABLE)
    missing = [
        (path, name)
        for path, name in named
        if not re.search(rf"^def {name}\(", _text(HOME / "tests" / path), re.MULTILINE)
    ]
    assert missing == []
    assert len(named) > 150


def test_every_file_it_names_is_there_and_every_line_says_how() -> None:
    assert [name for name in re.findall(r"written in `([^`]+)`", TABLE) if not (HOME / name).exists()] == []
    silent = [
        row[0] for row in ROW.findall(TABLE) if not re.search(r"::test_|\*\*Gap:\*\*|\*Not here:\*|written in", row[3])
    ]
    assert silent == []


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


# ── small gaps, closed ──────────────────────────────────────────────────────
@pytest.mark.parametrize("password", ["elevenchars", "password1234", "a" * 11])
def test_a_password_is_long_uncommon_and_of_any_composition(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)
    long_ones = [one for one in CommonPasswordValidator().passwords if len(one) >= 12]
    assert long_ones
    for common in long_ones[:20]:
        with pytest.raises(ValidationError):
            validate_password(common)
    for fine in ("lake around the long way", "ÄÖÜ äöü ßß 山川 ——", "8472930174629", "x y" * 64):
        validate_password(fine)


@pytest.mark.parametrize("password", ["leumund-2026", "MyLeumund!!!x", "Leumund Leumund 1", "moderation1234"])
def test_a_password_does_not_lean_on_the_name_of_the_house(password: str) -> None:
    with pytest.raises(ValidationError, match="this server"):
        validate_password(password)
    validate_password("leumund behind the blue mountains")
    validate_password("twelve chars")


def test_a_password_is_compared_as_it_was_typed(ada: Member) -> None:
    account = ada.account
    assert account
    account.set_password("The Long way round ")
    assert account.check_password("The Long way round ")
    for other in ("The Long way round", "the long way round ", "The Long way round  ", "The Long way"):
        assert not account.check_password(other)


def test_a_password_is_changed_with_the_present_one_alone(ada: Member) -> None:
    assert ada.account
    ada.account.set_password("the long way round")
    ada.account.save()
    new = {"password1": "behind the mountains", "password2": "behind the mountains"}
    me = browser(Member.objects.get(pk=ada.pk))
    for present in ("", "wrong password"):
        me.post("/account/password/change/", {**new, "oldpassword": present})
        assert Account.objects.get(pk=ada.account.pk).check_password("the long way round")
    me.post("/account/password/change/", {**new, "oldpassword": "the long way round"})
    assert Account.objects.get(pk=ada.account.pk).check_password("behind the mountains")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/account/login/", "/account/signup/"])
def test_password_fields_are_masked_and_let_managers_in(path: str) -> None:
    fields = re.findall(r'<input[^>]*name="password1?"[^>]*>', Client().get(path).content.decode())
    assert fields
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field)
        assert "onpaste" not in field


@pytest.mark.parametrize("path", ["/me/", "/notices/", "/messages/", "/settings/"])
def test_the_way_out_is_on_every_page(path: str, ada: Member) -> None:
    assert "/account/logout/" in browser(ada).get(path).content.decode()


def test_signing_out_clears_what_the_browser_kept(ada: Member) -> None:
    me = browser(ada)
    assert "Clear-Site-Data" not in me.get("/me/").headers
    answer = me.post("/account/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in me.get("/about/").headers


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/static/", "/static/css/", "/.git/config", "/manage.py", "/static/../manage.py"])
def test_folders_are_not_listed(path: str) -> None:
    assert Client().get(path).status_code == 404


ASK = """
import json
from django.conf import settings as s
print(json.dumps({name: getattr(s, name) for name in (
    "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_SAMESITE", "CSRF_COOKIE_DOMAIN",
    "CSRF_COOKIE_HTTPONLY", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS")}))
"""


def test_cookies_of_production_belong_to_one_host() -> None:
    """The settings as production reads them, in a process of its own."""
    done = manage(COMPLETE, "shell", "--verbosity", "0", "-c", ASK)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    assert said == {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_DOMAIN": None,
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_DOMAIN": None,
        "CSRF_COOKIE_HTTPONLY": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    }

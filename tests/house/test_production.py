"""Production refuses to start half set, and its settings leave nothing to warn about."""

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
COMPLETE = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "SEALING_KEYS": "test:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    "ALLOWED_HOSTS": "leumund.example",
    "DATABASE_URL": "postgresql://nobody@localhost/none",
    "REDIS_URL": "redis://localhost",
    "SITE_URL": "https://leumund.example",
    "BEHIND_PROXY": "1",
}


def manage(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    plain = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
    command = [sys.executable, "manage.py", *words]
    environment = {**plain, **environment}
    return subprocess.run(command, cwd=HOME, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "SEALING_KEYS", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"])
@pytest.mark.parametrize("how", ["absent", "empty"])
def test_production_refuses_to_start_without(missing: str, how: str) -> None:
    environment = {**COMPLETE, missing: ""}
    if how == "absent":
        del environment[missing]
    refused = manage(environment, "check")
    assert refused.returncode != 0
    assert f"{missing} is not set" in refused.stderr


def test_the_deploy_check_is_silent() -> None:
    checked = manage(COMPLETE, "check", "--deploy", "--fail-level", "DEBUG")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout == "System check identified no issues (0 silenced).\n"


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(COMPLETE["SECRET_KEY"] + "\n")
    environment = {**COMPLETE, "SECRET_KEY": "", "SECRET_KEY_FILE": str(tmp_path / "key")}
    assert manage(environment, "check").returncode == 0


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    refused = manage({**COMPLETE, "SEALING_KEYS_FILE": str(tmp_path / "none")}, "check")
    assert refused.returncode != 0
    assert "SEALING_KEYS_FILE cannot be read" in refused.stderr


@pytest.mark.parametrize("hosts", ["leumund.example", "*", "127.0.0.1,leumund.example", "town.localhost.example"])
def test_the_laptop_mode_refuses_to_face_the_world(hosts: str) -> None:
    refused = manage({**COMPLETE, "DEMO": "1", "ALLOWED_HOSTS": hosts}, "check")
    assert refused.returncode != 0
    assert "DEMO=1 is for loopback only" in refused.stderr


@pytest.mark.parametrize("town", ["town-one", "town-two"])
def test_towns_on_one_laptop_share_no_cookies(town: str) -> None:
    """Browsers send a cookie to every port of a host."""
    ask = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    given = {"DEMO": "1", "ALLOWED_HOSTS": f"127.0.0.1,{town}.localhost", "SITE_URL": f"https://{town}.localhost"}
    done = manage({**COMPLETE, **given}, "shell", "--verbosity", "0", "-c", ask)
    assert done.stdout == f"sessionid-{town} csrftoken-{town}\n", done.stderr


def test_production_shows_no_letters_and_uses_no_laptop_keys() -> None:
    ask = "from django.conf import settings as s; print(s.DEMO, s.DEBUG, 'laptop' in s.SECRET_KEY + s.SEALING_KEYS)"
    assert manage(COMPLETE, "shell", "--verbosity", "0", "-c", ask).stdout == "False False False\n"


def test_every_static_file_a_page_names_is_there(tmp_path: Path) -> None:
    """Collecting fails if a style sheet or script names a file that is not there."""
    done = manage({**COMPLETE, "STATIC_ROOT": str(tmp_path)}, "collectstatic", "--noinput", "--verbosity", "0")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "staticfiles.json").exists()

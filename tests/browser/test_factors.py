"""A second factor, as people set it up: an app with codes and recovery codes, then a passkey that signs in alone."""

import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.browser.conftest import Opener
from tests.browser.test_story import PASSWORD, Story, with_password
from tests.browser.window import Window
from tests.flows.running import House

pytestmark = [
    pytest.mark.browser,
    pytest.mark.flow,
    pytest.mark.timeout(180),
    pytest.mark.usefixtures("at_home"),
]


def code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@pytest.mark.parametrize("language", ["en", "de"])
def test_an_app_is_set_up_and_asked_for(window: Opener, language: str, pictures: Path | None) -> None:
    story = Story(uuid.uuid4().hex[:6], language, True, pictures)
    with_password(story, "ada", "Ada Adler")
    ada = window(script=False)
    ada.sign_in(story.email("ada"), PASSWORD)
    ada.speak(language)
    ada.go("/account/factors/")
    story.picture(ada, "60-factors")
    ada.press("main a[href='/account/factors/totp/activate/']")
    story.picture(ada, "61-is-it-you")
    ada.fill(password=PASSWORD)
    ada.press()
    assert ada.has("main .qr svg")
    secret = ada.words("main .secret")
    story.picture(ada, "62-app")
    ada.fill(code="000000")
    ada.press()
    assert ada.has("main [aria-invalid=true], main .errorlist, main .error"), ada.words()
    ada.fill(code=code(ada.words("main .secret")))
    ada.press()
    codes = ada.words("main .codes").split()
    assert len(codes) == 10
    story.picture(ada, "63-recovery-codes")
    again = window(script=False)
    again.go("/account/login/")
    again.speak(language)
    again.fill(login=story.email("ada"), password=PASSWORD)
    again.press("form[action='/account/login/'] .button-main")
    assert again.has("body.is-visitor")
    story.picture(again, "64-code-at-sign-in")
    again.fill(code=codes[0])
    again.press()
    assert again.has("body.is-member"), again.words()
    again.go("/account/sessions/")
    story.picture(again, "65-sessions")
    again.press("main form .button-warn")
    ada.go("/settings/")
    assert ada.has("body.is-visitor")
    assert secret


def with_authenticator(window: Window) -> Any:
    """The browser has a device that unlocks itself: what a phone with a fingerprint is to people."""
    door = window.context.new_cdp_session(window.page)
    door.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device = {**options, "isUserVerified": True, "automaticPresenceSimulation": True}
    return door.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def test_a_passkey_signs_in_alone(window: Opener, house: House, pictures: Path | None) -> None:
    story = Story(uuid.uuid4().hex[:6], "en", True, pictures)
    with_password(story, "ada", "Ada Adler")
    ada = window()
    ada.base = house.base.replace("127.0.0.1", "localhost")  # a key belongs to a name, never to a number
    with_authenticator(ada)
    ada.page.goto(f"{ada.base}/account/login/")
    ada.fill(login=story.email("ada"), password=PASSWORD)
    ada.press("form[action='/account/login/'] .button-main")
    ada.page.goto(f"{ada.base}/account/factors/webauthn/add/")
    ada.fill(password=PASSWORD)
    ada.press()
    ada.page.check("main [name=passwordless]")
    story.picture(ada, "66-add-key")
    ada.press("#mfa_webauthn_add")
    ada.page.goto(f"{ada.base}/account/factors/webauthn/")
    assert ada.words().count("Master key") == 1
    story.picture(ada, "67-keys")
    ada.context.clear_cookies()
    ada.page.goto(f"{ada.base}/account/login/")
    story.picture(ada, "68-sign-in")
    ada.press("#passkey_login")
    assert ada.has("body.is-member"), ada.words()

"""The page of tokens: made by whoever has just proved who they are, shown once, listed, revoked."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts import tokens
from accounts.models import Member, Token
from foundation import clock

PASSWORD = "correct horse battery"
TYPED = {"name": "My script", "scopes": ["me:read", "entries:read"], "days": "30", "key": "one"}


@pytest.fixture
def hers(ada: Member) -> Client:
    assert ada.account is not None
    ada.account.set_password(PASSWORD)
    ada.account.save()
    client = Client()
    client.force_login(ada.account)
    return client


@pytest.fixture
def proved(hers: Client) -> Client:
    hers.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return hers


def test_nobody_makes_a_token_without_showing_again_who_they_are(hers: Client) -> None:
    asked = hers.get("/tokens/make/")
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    posted = hers.post("/tokens/make/", TYPED)
    assert posted.status_code == 302
    assert not Token.objects.exists()


def test_what_was_typed_comes_back_after_the_password(hers: Client) -> None:
    back = hers.post("/tokens/make/", TYPED)["Location"]
    asked = hers.get(back)["Location"]
    shown = hers.post(asked, {"password": PASSWORD}, follow=True).content.decode()
    assert 'value="My script"' in shown
    assert len(re.findall(r"<input[^>]* checked", shown)) == 3
    assert not Token.objects.exists()


def test_a_new_token_is_shown_once(proved: Client, ada: Member) -> None:
    page = proved.post("/tokens/make/", TYPED)
    found = re.findall(r"leumund_[\w-]{43}", page.content.decode())
    assert len(found) == 1
    assert page["Cache-Control"] == "no-store"
    assert tokens.recognise(found[0]).scopes == ["me:read", "entries:read"]
    later = proved.get("/tokens/").content.decode()
    assert found[0] not in later
    assert found[0][: tokens.PREFIX_CHARACTERS] in later
    assert "My script" in later


def test_a_form_sent_twice_makes_one_token(proved: Client) -> None:
    proved.post("/tokens/make/", TYPED)
    assert proved.post("/tokens/make/", TYPED)["Location"] == "/tokens/"
    assert Token.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["all"]}, {"days": "9999"}])
def test_a_form_that_cannot_be_right_keeps_what_was_typed(proved: Client, wrong: dict[str, object]) -> None:
    page = proved.post("/tokens/make/", {**TYPED, **wrong})
    assert page.status_code == 400
    assert not Token.objects.exists()
    assert 'name="name"' in page.content.decode()


def test_a_frozen_member_is_told_why_there_is_no_token(proved: Client, ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(frozen_at=clock.now())
    page = proved.post("/tokens/make/", TYPED)
    assert page.status_code == 403
    assert "frozen" in page.content.decode()


def test_the_page_shows_when_a_token_was_last_used_and_revokes_it(proved: Client, ada: Member) -> None:
    row, text = tokens.make(ada, name="Two", scopes=["me:read"], days=30)
    assert "never used" in proved.get("/tokens/").content.decode()
    tokens.recognise(text)
    assert "last used on" in proved.get("/tokens/").content.decode()
    assert proved.post(f"/tokens/{row.public_id}/revoke/").status_code == 302
    assert "Two" not in proved.get("/tokens/").content.decode()


def test_another_members_tokens_are_neither_seen_nor_revoked(proved: Client, bo: Member) -> None:
    row, text = tokens.make(bo, name="Bo's own", scopes=["me:read"], days=30)
    assert "Bo&#x27;s own" not in proved.get("/tokens/").content.decode()
    assert proved.post(f"/tokens/{row.public_id}/revoke/").status_code == 404
    assert tokens.recognise(text).member == bo


def test_visitors_are_led_to_the_sign_in(client: Client, db: None) -> None:
    for path in ("/tokens/", "/tokens/make/"):
        assert client.get(path)["Location"].startswith("/account/login/")

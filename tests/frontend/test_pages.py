"""Every page of this half: its status for visitors and members, its headers, its way home."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Member
from tests.frontend.conftest import SignedIn

FOR_EVERYONE = ["home", "about", "absent", "rules", "privacy", "impressum", "robots", "letters", "look"]
FOR_EVERYONE += ["verify", "namespace_v1"]
FOR_MEMBERS = [
    "welcome",
    "me",
    "door",
    "settings",
    "entries",
    "entry_add",
    "organisations",
    "people",
    "crossings",
    "invitations",
    "vouches",
    "standing",
]


@pytest.mark.parametrize("name", FOR_EVERYONE)
def test_a_visitor_reads_the_open_pages(name: str, client: Client, db: None) -> None:
    assert client.get(reverse(name)).status_code == 200
    assert client.head(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", FOR_MEMBERS)
def test_a_visitor_is_led_to_the_sign_in_and_back(name: str, client: Client, db: None) -> None:
    answer = client.get(reverse(name))

    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse(name)}"


@pytest.mark.parametrize("name", FOR_EVERYONE + FOR_MEMBERS)
def test_a_member_reads_every_page_and_nobody_keeps_it(name: str, ada: Member, signed_in: SignedIn) -> None:
    browser = signed_in(ada)
    browser.get(reverse("welcome"))  # else the first visit of home leads there

    answer = browser.get(reverse(name))

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert browser.head(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", FOR_EVERYONE + FOR_MEMBERS)
def test_trace_is_refused(name: str, client: Client, db: None) -> None:
    assert client.generic("TRACE", reverse(name)).status_code == 405


def test_an_account_without_a_confirmed_member_is_told_to_confirm_first(ada: Member, signed_in: SignedIn) -> None:
    Member.objects.update(confirmed_at=None)
    browser = signed_in(ada)

    for name in ("home", *FOR_MEMBERS):
        assert browser.get(reverse(name)).status_code == 403
    assert browser.post(reverse("me"), {"name": "Somebody"}).status_code == 403


def test_a_fragment_of_a_signed_out_page_leads_to_the_sign_in_as_a_whole(client: Client, db: None) -> None:
    assert client.get(reverse("home"), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert client.get(reverse("entries"), headers={"HX-Request": "true"})["HX-Redirect"] == reverse("account_login")


def test_an_unknown_address_is_a_page_of_its_own(client: Client, db: None) -> None:
    answer = client.get("/nonsense/")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


@pytest.mark.parametrize("filled", ["", "Ada Adler\nMusterweg 1"])
def test_the_impressum_says_who_answers_or_that_it_is_missing(
    filled: str, client: Client, db: None, settings: Any
) -> None:
    settings.IMPRESSUM = filled

    text = client.get(reverse("impressum")).content.decode()

    assert ("Musterweg 1" in text) is bool(filled)
    assert ("has not filled this in" in text) is not bool(filled)


class TestLanguage:
    def switch(self, browser: Client, language: str, back: str) -> str:
        answer = browser.post(reverse("set_language"), {"language": language, "next": back})
        assert answer.status_code == 302
        return answer["Location"]

    def test_a_visitor_keeps_the_language_in_the_session(self, client: Client, db: None) -> None:
        assert self.switch(client, "de", "/about/") == "/about/"
        assert client.get("/about/")["Content-Language"] == "de"

    def test_a_member_keeps_it_with_the_profile(self, ada: Member, signed_in: SignedIn) -> None:
        self.switch(signed_in(ada), "de", "/me/")
        ada.refresh_from_db()
        assert ada.language == "de"

    @pytest.mark.parametrize(
        "next_",
        [
            "//evil.example",
            "/\\evil.example",
            "https:evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "\t//evil.example",
            "",
        ],
    )
    def test_it_leads_nowhere_else(self, next_: str, client: Client, db: None) -> None:
        assert self.switch(client, "de", next_) == "/"

    def test_an_unknown_language_is_refused(self, client: Client, db: None) -> None:
        assert client.post(reverse("set_language"), {"language": "xx"}).status_code == 400

    def test_looking_changes_nothing(self, client: Client, db: None) -> None:
        assert client.get(reverse("set_language")).status_code == 405


class TestLetters:
    def test_there_is_no_such_page_outside_the_demo(self, client: Client, db: None, settings: Any) -> None:
        settings.DEMO = False
        assert client.get(reverse("letters")).status_code == 404

    def test_nobody_from_elsewhere_reads_them(self, client: Client, db: None) -> None:
        for address in ("203.0.113.7", "", "not an address"):
            assert client.get(reverse("letters"), REMOTE_ADDR=address).status_code == 404

    def test_links_to_this_server_can_be_followed_and_no_others(self, client: Client, db: None) -> None:
        from django.conf import settings

        from foundation import letters

        text = f"Confirm: {settings.SITE_URL}/account/x/ and never https://evil.example/<script>alert(1)</script>"
        row = letters.write("ada@example.org", "Hello", text, kind="test")

        page = client.get(reverse("letter", args=[row.pk])).content.decode()

        assert '<a href="/account/x/">' in page
        assert 'href="https://evil.example' not in page
        assert "<script>alert" not in page
        assert "ada@example.org" in client.get(reverse("letters")).content.decode()


def test_another_sites_form_does_not_change_the_language(db: None, client: Client) -> None:
    answer = client.post(reverse("set_language"), {"language": "de"}, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize("name", ["home", "about", "absent", "rules", "privacy", "impressum"])
def test_a_page_without_a_form_sets_no_cookie(name: str, db: None, client: Client) -> None:
    assert not client.get(reverse(name)).cookies


def test_one_readers_language_is_not_the_next_ones(db: None, client: Client) -> None:
    client.get(reverse("about"), headers={"accept-language": "de"})

    assert translation.get_language() == "en"

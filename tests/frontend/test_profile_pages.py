"""What others see of a member, field by field and circle by circle; and the forms that decide it."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts import people
from accounts.models import Member, Visibility
from frontend import time_zones
from network.contacts import blocks
from tests.cast import befriend, was_at
from tests.frontend.conftest import SignedIn

FIELDS = ("headline", "place", "languages", "about")


def plant(ada: Member) -> dict[str, int]:
    """A word in every field and an entry of every circle; the words with the circle they belong to."""
    words = {}
    for circle in Visibility:
        was_at(ada, f"Canaryplace{circle.value}", "1990-01", "1991-01", visible_to=circle, matchable=False)
        words[f"Canaryplace{circle.value}"] = circle.value
    for field, circle in zip(FIELDS, Visibility, strict=True):
        people.change_profile(ada, {field: f"canary-{field}", f"{field}_to": circle})
        words[f"canary-{field}"] = circle.value
    return words


def seen(browser: Client, words: dict[str, int], *, address: str = "/@ada/") -> set[str]:
    text = browser.get(address).content.decode()
    return {word for word in words if word in text}


def reaching(words: dict[str, int], near: int) -> set[str]:
    return {word for word, circle in words.items() if circle >= near}


def test_each_circle_sees_what_reaches_it_and_nothing_else(
    ada: Member, bo: Member, cleo: Member, mallory: Member, client: Client, signed_in: SignedIn
) -> None:
    befriend(ada, bo)
    blocks.block(ada, mallory)
    words = plant(ada)

    assert seen(signed_in(ada), words) == set(words)
    assert seen(signed_in(bo), words) == reaching(words, Visibility.CONTACTS)
    assert seen(signed_in(cleo), words) == reaching(words, Visibility.MEMBERS)
    assert seen(signed_in(mallory), words) == reaching(words, Visibility.EVERYONE)
    assert seen(client, words) == reaching(words, Visibility.EVERYONE)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("circle", Visibility)
def test_no_field_leaves_its_circle(
    field: str, circle: Visibility, ada: Member, cleo: Member, client: Client, signed_in: SignedIn
) -> None:
    people.change_profile(ada, {field: "canary-word", f"{field}_to": circle})

    assert ("canary-word" in signed_in(cleo).get("/@ada/").content.decode()) is (circle >= Visibility.MEMBERS)
    assert ("canary-word" in client.get("/@ada/").content.decode()) is (circle == Visibility.EVERYONE)


def test_the_preview_shows_what_others_see_and_only_to_oneself(ada: Member, bo: Member, signed_in: SignedIn) -> None:
    words = plant(ada)

    for circle, near in (("contacts", 1), ("members", 2), ("everyone", 3)):
        assert seen(signed_in(ada), words, address=f"/@ada/?as={circle}") == reaching(words, near)
    assert seen(signed_in(bo), words, address="/@ada/?as=contacts") == reaching(words, Visibility.MEMBERS)


def test_the_blocked_may_ask_as_if_nothing_were(ada: Member, bo: Member, mallory: Member, signed_in: SignedIn) -> None:
    before = signed_in(mallory).get("/@ada/").content.decode()
    blocks.block(ada, mallory)
    page = signed_in(mallory).get("/@ada/").content.decode()

    assert f'href="{reverse("ask", args=["ada"])}"' in page
    assert "blocked" not in page
    assert before.count(reverse("ask", args=["ada"])) == page.count(reverse("ask", args=["ada"]))


def test_a_frozen_member_looks_like_any(ada: Member, bo: Member, signed_in: SignedIn) -> None:
    browser = signed_in(bo)
    before = browser.get("/@ada/")
    Member.objects.filter(pk=ada.pk).update(frozen_at=ada.joined_at)
    after = browser.get("/@ada/")

    assert (after.status_code, len(after.content)) == (before.status_code, len(before.content))


@pytest.mark.parametrize("address", ["/@nobody/", "/@%20/", "/@%00/"])
def test_the_unknown_are_not_there(address: str, ada: Member, client: Client) -> None:
    assert client.get(address).status_code == 404


def test_an_unconfirmed_member_is_not_there(ada: Member, bo: Member, signed_in: SignedIn) -> None:
    Member.objects.filter(pk=ada.pk).update(confirmed_at=None)
    assert signed_in(bo).get("/@ada/").status_code == 404


def test_search_engines_stay_out_until_they_are_let_in(ada: Member, client: Client) -> None:
    closed = client.get("/@ada/")
    people.change_profile(ada, {"may_be_indexed": True})
    opened = client.get("/@ada/")

    assert closed["X-Robots-Tag"] == "noindex"
    assert b'name="robots"' in closed.content
    assert "X-Robots-Tag" not in opened.headers
    assert b'name="robots"' not in opened.content


def profile(**changed: object) -> dict[str, object]:
    circles = {f"{field}_to": 0 for field in ("name", *FIELDS)}
    return {"name": "Ada Adler", **dict.fromkeys(FIELDS, ""), **circles, **changed}


def test_the_form_keeps_each_field_with_its_circle(ada: Member, signed_in: SignedIn) -> None:
    answer = signed_in(ada).post(reverse("me"), profile(name_to=3, headline="Paper", headline_to=2))
    ada.refresh_from_db()

    assert answer.status_code == 302
    assert (ada.name_to, ada.headline, ada.headline_to, ada.may_be_indexed) == (3, "Paper", 2, False)


def test_nothing_beyond_the_form_is_written(ada: Member, signed_in: SignedIn) -> None:
    signed_in(ada).post(reverse("me"), profile(handle="root", frozen_at="2020-01-01", confirmed_at=""))
    ada.refresh_from_db()
    assert (ada.handle, ada.frozen_at) == ("ada", None)


@pytest.mark.parametrize("wrong", [{"name": "http://evil.example"}, {"name": ""}, {"place_to": 9}, {"name_to": ""}])
def test_what_is_refused_keeps_every_word(wrong: dict[str, object], ada: Member, signed_in: SignedIn) -> None:
    answer = signed_in(ada).post(reverse("me"), profile(headline="Words to keep", **wrong))
    ada.refresh_from_db()

    assert "Words to keep" in answer.content.decode()
    assert (ada.name, ada.headline) == ("Ada Adler", "")


def test_the_door_is_set_and_nobody_else_can_tell(ada: Member, bo: Member, signed_in: SignedIn) -> None:
    before = signed_in(bo).get("/@ada/").content
    signed_in(ada).post(reverse("door"), {"lowest": "K"})
    ada.door.refresh_from_db()

    assert ada.door.lowest == "K"
    assert len(signed_in(bo).get("/@ada/").content) == len(before)
    assert signed_in(ada).post(reverse("door"), {"lowest": "Z"}).status_code == 200


def test_settings_take_a_real_time_zone_only(ada: Member, signed_in: SignedIn) -> None:
    browser = signed_in(ada)
    browser.post(reverse("settings"), {"language": "en", "time_zone": "../../etc/passwd"})
    ada.refresh_from_db()
    assert ada.time_zone == "Europe/Berlin"

    browser.post(reverse("settings"), {"language": "de", "time_zone": "Asia/Tokyo"})
    ada.refresh_from_db()
    assert (ada.language, ada.time_zone) == ("de", "Asia/Tokyo")


def test_search_never_matches_a_name_kept_from_the_searcher(ada: Member, bo: Member, signed_in: SignedIn) -> None:
    browser = signed_in(bo)
    page = reverse("people")

    assert b"@ada" not in browser.get(page, {"q": "Ada Ad"}).content
    assert b"@ada" in browser.get(page, {"q": "@ada"}).content
    assert b"Adler" not in browser.get(page, {"q": "ada"}).content.replace(b'value="ada"', b"")
    people.change_profile(ada, {"name_to": Visibility.MEMBERS})
    assert b"Ada Adler" in browser.get(page, {"q": "Ada Ad"}).content


def test_time_zones_read_like_places_in_the_readers_language(ada: Member, signed_in: SignedIn) -> None:
    Member.objects.filter(pk=ada.pk).update(language="de", time_zone="Asia/Kolkata")
    page = signed_in(Member.objects.get(pk=ada.pk)).get(reverse("settings")).content.decode()

    assert '<option value="Europe/Vienna">Österreich' in page
    assert '<option value="Asia/Kolkata" selected>Indien' in page
    assert page.count(">Indien") == 1  # its older name is the same place
    assert '<option value="UTC">UTC</option>' in page
    german, english = (time_zones.choices(language, also="Europe/Berlin") for language in ("de", "en"))
    assert dict(german)["America/New_York"] == "Vereinigte Staaten: New York"
    assert dict(english)["Europe/Berlin"] == "Germany: Berlin"
    words = [words for _zone, words in german]
    assert len(set(words)) == len(words)
    assert words.index("Österreich: Wien") < words.index("Portugal: Lissabon")


def test_every_zone_that_a_member_may_have_can_be_kept() -> None:
    for zone in ("Europe/Berlin", "Asia/Calcutta", "Etc/GMT+3", "US/Pacific", "Antarctica/Troll"):
        assert zone in dict(time_zones.choices("de", also=zone))

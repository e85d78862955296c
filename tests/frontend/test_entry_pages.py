"""Entries on the page: typed, kept, refused with every word, and found by nobody they are not for."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Entry, Member, Visibility
from tests.cast import was_at
from tests.frontend.conftest import SignedIn


def typed(**changed: object) -> dict[str, object]:
    return {
        "kind": "employment",
        "organisation": "Acme Werke",
        "unit": "",
        "starts": "04/2001",
        "ends": "2004-06",
        "title": "",
        "text": "",
        "visible_to": 2,
        "key": "one-form",
        **changed,
    }


def test_an_entry_is_added_and_shown(ada: Member, signed_in: SignedIn) -> None:
    browser = signed_in(ada)

    assert browser.post(reverse("entry_add"), typed(matchable="on")).status_code == 302
    page = browser.get(reverse("entries")).content.decode()

    assert "Acme Werke" in page
    assert "April 2001 – June 2004" in page
    assert "Counts for grade B from" in page
    assert "Change log" in page


def test_a_form_sent_twice_makes_one_entry(ada: Member, signed_in: SignedIn) -> None:
    browser = signed_in(ada)

    assert [browser.post(reverse("entry_add"), typed()).status_code for _time in range(2)] == [302, 302]
    assert ada.entries.count() == 1
    assert ada.entry_changes.count() == 1


def test_the_same_key_in_two_hands_is_two_entries(ada: Member, bo: Member, signed_in: SignedIn) -> None:
    for member in (ada, bo):
        signed_in(member).post(reverse("entry_add"), typed())

    assert (ada.entries.count(), bo.entries.count()) == (1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": "soon"},
        {"starts": "13/2001"},
        {"ends": "1999-01"},
        {"starts": "2999-01", "ends": ""},
        {"organisation": "  "},
        {"kind": "crime"},
        {"visible_to": 7},
        {"text": "x" * 1001},
    ],
)
def test_what_is_refused_keeps_every_word(wrong: dict[str, object], ada: Member, signed_in: SignedIn) -> None:
    answer = signed_in(ada).post(reverse("entry_add"), typed(title="A title to keep", **wrong))

    assert answer.status_code in (200, 400)
    assert "A title to keep" in answer.content.decode()
    assert not ada.entries.exists()


def test_a_change_that_widens_is_logged_as_a_new_beginning(ada: Member, signed_in: SignedIn) -> None:
    entry = was_at(ada, "Acme Werke")
    browser = signed_in(ada)

    browser.post(reverse("entry_change", args=[entry.public_id]), typed(starts="2000-01", matchable="on"))

    assert "the 30 days began anew" in browser.get(reverse("entries")).content.decode()


def test_the_form_shows_what_the_entry_says(ada: Member, signed_in: SignedIn) -> None:
    entry = was_at(ada, "Acme Werke", "2001", None, unit="Plant 7")
    page = signed_in(ada).get(reverse("entry_change", args=[entry.public_id])).content.decode()

    for value in ("Acme Werke", "Plant 7", 'value="2001"'):
        assert value in page


@pytest.mark.parametrize("name", ["entry_change", "entry_remove"])
def test_nobody_touches_anothers_entry(name: str, ada: Member, mallory: Member, signed_in: SignedIn) -> None:
    entry = was_at(ada, "Acme Werke")
    address = reverse(name, args=[entry.public_id])

    assert signed_in(mallory).post(address, typed()).status_code == 404
    assert "Acme" not in signed_in(mallory).get(address).content.decode()
    assert Entry.objects.get().organisation.name == "Acme Werke"


def test_removing_needs_a_post(ada: Member, signed_in: SignedIn) -> None:
    entry = was_at(ada, "Acme Werke")
    address = reverse("entry_remove", args=[entry.public_id])
    browser = signed_in(ada)

    assert browser.get(address).status_code == 405
    assert ada.entries.exists()
    assert browser.post(address).status_code == 302
    assert not ada.entries.exists()


def test_names_come_while_typing(ada: Member, bo: Member, signed_in: SignedIn) -> None:
    was_at(ada, "Acme Werke GmbH", unit="Plant 7")
    browser, address = signed_in(bo), reverse("organisations")

    assert "Acme Werke GmbH" in browser.get(address, {"organisation": "acme"}).content.decode()
    assert "Plant 7" in browser.get(address, {"organisation": "ACME werke", "unit": ""}).content.decode()
    assert "Acme" not in browser.get(address, {"organisation": "a"}).content.decode()


def test_a_name_in_private_entries_alone_is_suggested_to_nobody(ada: Member, bo: Member, signed_in: SignedIn) -> None:
    was_at(ada, "Canary Clinic", unit="Canary Ward", visible_to=Visibility.CONTACTS)
    browser, address = signed_in(bo), reverse("organisations")

    assert "Canary" not in browser.get(address, {"organisation": "canary"}).content.decode()
    assert "Ward" not in browser.get(address, {"organisation": "canary clinic", "unit": ""}).content.decode()


def test_markup_in_an_entry_stays_text(ada: Member, client: Client) -> None:
    was_at(ada, "<script>alert(1)</script> Werke", visible_to=Visibility.EVERYONE)
    assert "<script>alert" not in client.get("/@ada/").content.decode()

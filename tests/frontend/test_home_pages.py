"""The desk, the first steps, crossed paths: what waits is shown, and the number of queries does not grow with it."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import people
from accounts.models import Member, Visibility
from network.messages import threads
from tests.cast import asks, befriend, key, new_member, was_at
from tests.frontend.conftest import SignedIn


def count(browser: Client, address: str) -> int:
    browser.get(address)  # sessions and caches are warm
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_a_newcomer_is_led_through_three_steps(signed_in: SignedIn, db: None) -> None:
    eve = new_member("eve", joined=timedelta(0))
    browser = signed_in(eve)

    assert browser.get("/")["Location"] == reverse("welcome")
    page = browser.get(reverse("welcome")).content.decode()
    assert page.count(" checked") == 1  # "only me" and nothing wider
    assert browser.get("/").status_code == 200  # "later" is an answer

    data = {"name": "Eve Ende", "name_to": 2, "headline": "", "headline_to": 0, "place": "", "place_to": 0}
    assert browser.post(reverse("welcome"), data)["Location"] == reverse("entries")
    was_at(eve, "Acme Werke", age=timedelta(0))
    assert "Set what may knock" in browser.get("/").content.decode()
    browser.post(reverse("door"), {"lowest": "B"})
    assert "Your first steps" not in browser.get("/").content.decode()


def test_the_desk_shows_what_waits(ada: Member, bo: Member, cleo: Member, at_acme: object, signed_in: SignedIn) -> None:
    asks(bo, ada, note="We shared the lab.")
    befriend(ada, cleo)
    threads.write(cleo, ada, text="Do you still have the drawings?", key=key())
    browser = signed_in(ada)
    browser.get(reverse("welcome"))

    page = browser.get("/").content.decode()
    fragment = browser.get("/", headers={"HX-Request": "true"})

    for words in ("Bo Berg", "We shared the lab.", "Do you still have the drawings?"):
        assert words in page
        assert words in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in fragment["Vary"]


def test_the_desk_asks_as_often_for_one_as_for_many(ada: Member, at_acme: object, signed_in: SignedIn) -> None:
    browser = signed_in(ada)
    browser.get(reverse("welcome"))

    def more(*handles: str) -> None:
        for handle in handles:
            asker = new_member(handle)
            was_at(asker, "Acme Werke", "2001-04", "2004-06")
            asks(asker, ada)
            friend = new_member(f"{handle}_friend")
            befriend(friend, ada)
            threads.write(friend, ada, text="Hello", key=key())

    more("one")
    before = count(browser, "/")
    more("two", "three")
    assert count(browser, "/") == before


def passes_by(handle: str) -> None:
    """One more who was at Acme and shows a name that begins with "Person"."""
    one = new_member(handle, name="Person Somebody")
    people.change_profile(one, {"name_to": Visibility.MEMBERS})
    was_at(one, "Acme Werke")


def test_lists_ask_as_often_for_one_as_for_many(ada: Member, at_acme: object, signed_in: SignedIn) -> None:
    browser = signed_in(ada)
    addresses = [reverse("crossings"), reverse("entries"), reverse("people") + "?q=person", "/@ada/"]
    passes_by("person0")
    before = [count(browser, address) for address in addresses]

    for number in range(1, 5):
        passes_by(f"person{number}")
        was_at(ada, f"Place {number}", f"198{number}-01", f"198{number}-05", unit="A unit")

    assert [count(browser, address) for address in addresses] == before


def test_a_crossed_path_names_the_place_and_the_months(
    ada: Member, bo: Member, at_acme: object, signed_in: SignedIn
) -> None:
    page = signed_in(ada).get(reverse("crossings")).content.decode()

    assert "@bob" in page
    assert "January 2002 – June 2004" in page
    assert reverse("ask", args=["bob"]) in page


def test_ten_pages_a_day_and_then_enough(ada: Member, at_acme: object, signed_in: SignedIn) -> None:
    browser = signed_in(ada)

    statuses = [browser.get(reverse("crossings"), {"page": "1"}).status_code for _time in range(11)]

    assert statuses == [200] * 10 + [429]


def test_odd_page_numbers_do_no_harm(ada: Member, at_acme: object, signed_in: SignedIn) -> None:
    for page in ("-1", "0", "x", "999999999999", "١", "1e3"):
        assert signed_in(ada).get(reverse("crossings"), {"page": page}).status_code == 200

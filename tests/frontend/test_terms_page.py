"""The page of one's own terms: empty at first, kept with every word, refused with every word."""

import pytest

from accounts.models import Member
from network.offers import terms
from network.offers.matching import Floors, Pay
from tests.frontend.pages import read, signed_in

pytestmark = pytest.mark.django_db

TERMS = {
    "wanted": "on",
    "pay": "91000",
    "currency": "CHF",
    "period": "year",
    "level": "lead",
    "staff": "7",
    "budget": "400000",
    "places": "de-nw, ch",
    "remote": "60",
    "kinds": ["permanent"],
    "excluded": "Acme Werke\nBig Blue",
    "confidential": "on",
    "months": "18",
    "question": "Which entry did you read?",
}


def test_by_default_no_offers_and_everything_may_stay_empty(ada: Member) -> None:
    page = read(ada, "/terms/")
    assert 'name="wanted"' in page
    assert "checked" not in page
    empty = {"currency": "EUR", "period": "year"}

    assert signed_in(ada).post("/terms/", empty)["Location"] == "/terms/"
    assert terms.of(ada, by=ada) == Floors()


def test_terms_are_kept_and_shown_to_their_member(ada: Member) -> None:
    assert signed_in(ada).post("/terms/", TERMS).status_code == 302
    kept, page = terms.of(ada, by=ada), read(ada, "/terms/")

    assert kept.pay == Pay(amount=91_000, currency="CHF", period="year")
    assert kept.places == ("DE-NW", "CH")
    assert kept.excluded == ("Acme Werke", "Big Blue")
    assert (kept.remote_min_percent, kept.not_within_months, kept.confidential) == (60, 18, True)
    for shown in ('value="91000"', "DE-NW, CH", "Acme Werke\nBig Blue", "Which entry did you read?"):
        assert shown in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"places": "Hamburg"}, "“Hamburg” is no region code"),
        ({"pay": "much"}, "whole number"),
        ({"level": "king"}, "valid choice"),
        ({"question": "Mail me: a@example.org"}, "Please leave out"),
        ({"currency": "XXX"}, "valid choice"),
    ],
)
def test_what_cannot_be_meant_is_said_and_kept_in_the_form(ada: Member, wrong: dict[str, str], words: str) -> None:
    answer = signed_in(ada).post("/terms/", {**TERMS, **wrong})
    page = answer.content.decode()

    assert answer.status_code == 400
    assert words in page
    assert "Big Blue" in page
    assert terms.of(ada, by=ada) == Floors()


def test_the_radius_is_asked_for_only_where_a_table_knows_places(ada: Member, settings: object) -> None:
    assert 'name="radius"' not in read(ada, "/terms/")
    settings.OFFER_PLACES = {"DE-HH": (53.5, 10.0)}  # type: ignore[attr-defined]
    assert 'name="radius"' in read(ada, "/terms/")

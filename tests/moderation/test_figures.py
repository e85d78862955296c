"""The public page of a year of moderation: what was done, and nobody in it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Member
from foundation import clock
from network.moderation import decisions, figures, freezing, reports
from network.moderation.models import Ground
from tests.cast import key, new_member
from tests.moderation.desk import REASONS, given

THEN = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh(settings: Any) -> Iterator[None]:
    settings.SECRET_KEY = f"{settings.SECRET_KEY}-{key()}"
    with clock.at(datetime(2026, 6, 15, tzinfo=UTC)):
        yield


def numbers(rows: list[figures.Row]) -> dict[str, int | None]:
    return {str(words): count for words, count in rows}


def test_a_year_says_what_was_reported_and_decided(ada: Member, mo: Member) -> None:
    with clock.at(THEN):
        for letter in "abcdefg":
            case = reports.report(ada, new_member(f"page_{letter}"), words="x", key=key()).case
            with clock.at(THEN + timedelta(days=3)):
                decisions.uphold(case, by=mo, **REASONS, ground=Ground.PITCHED)
        decisions.dismiss(given(ada).case, by=mo, **REASONS)
        freezing.freeze(ada, by=mo, reason="x", ground=Ground.HURTING)

    year = figures.of_year(2026)
    assert numbers(year.reports) == {
        "by members": 5,
        "messages marked by their readers": None,
        "by people without an account": None,
        "by other servers": None,
    }
    assert numbers(year.decisions)["reports upheld: a strike"] == 5
    assert numbers(year.grounds)["selling or pushing where nobody asked"] == 5
    assert numbers(year.grounds)["insults, threats or pressure"] is None
    assert year.median_days == 3
    page = Client().get(reverse("moderation")).content.decode()
    assert "about 5" in page
    assert "within 3 days" in page
    assert "None. No machine" in page
    assert "@" not in page.split("<main")[1].split("</main")[0]


@pytest.mark.parametrize("count", [0, 1, 4])
def test_fewer_than_five_look_like_none(count: int, ada: Member, bo: Member, mo: Member) -> None:
    with clock.at(THEN):
        reports.report(bo, ada, words="x", key=key())  # the year is there
    before = figures.of_year(2026)
    with clock.at(THEN):
        for number in range(count):
            decisions.dismiss(given(ada, email=f"n{number}@post.example").case, by=mo, **REASONS)

    assert figures.of_year(2026) == before


def test_what_happens_this_month_moves_no_number(ada: Member, mo: Member) -> None:
    with clock.at(THEN):
        given(ada)
    before = figures.of_year(2026)
    for number in range(9):
        given(ada, email=f"n{number}@post.example", network=f"192.0.2.{number}")

    assert figures.of_year(2026) == before
    assert before.until == datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(("count", "told"), [(4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)])
def test_numbers_are_rounded_to_fives(count: int, told: int | None) -> None:
    assert figures.about(count) == told


@pytest.mark.parametrize("year", [1999, 2027, 0, 10**9])
def test_other_years_are_not_there(year: int, ada: Member) -> None:
    assert Client().get(reverse("moderation_year", args=[year])).status_code == 404


@pytest.mark.django_db
def test_a_new_server_has_a_page_too() -> None:
    assert Client().get(reverse("moderation")).status_code == 200
    with clock.at(datetime(2026, 1, 3, tzinfo=UTC)):
        assert Client().get(reverse("moderation")).status_code == 200

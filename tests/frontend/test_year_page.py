"""The locust report as a page, as CSV and as JSON."""

import csv
import io
import json

import pytest

from accounts.models import Entry, Member
from foundation import clock
from frontend import years_shown
from frontend.views import year as pages
from network.offers import yearly
from tests.cast import asks
from tests.frontend.pages import read, signed_in

THIS = clock.today().year


def test_the_address_without_a_year_leads_to_this_one(ada: Member) -> None:
    assert signed_in(ada).get("/year/")["Location"] == f"/year/{THIS}/"


def test_the_page_says_every_number_in_words(ada: Member, bo: Member, at_acme: Entry) -> None:
    asks(ada, bo, at_acme)
    page = read(bo, f"/year/{THIS}/")

    assert "requests in all" in page
    assert f"Your locust report {THIS}" in page
    assert "Acme" not in page  # numbers only
    assert "ada" not in page.split("<main")[1]


def test_every_count_has_its_words_once() -> None:
    named = [name for _title, rows in years_shown.SECTIONS for name, _words in rows]

    assert sorted(named) == sorted(field for field in yearly.Year.__dataclass_fields__ if field != "year")


def test_the_export_holds_the_same_numbers(ada: Member, bo: Member, at_acme: Entry) -> None:
    asks(ada, bo, at_acme)
    client, report = signed_in(bo), yearly.report(bo, THIS)
    as_csv, as_json = client.get(f"/year/{THIS}/csv/"), client.get(f"/year/{THIS}/json/")

    rows = list(csv.reader(io.StringIO(as_csv.content.decode())))
    assert rows[0] == ["name", "count", "words"]
    assert [(name, int(count)) for name, count, _words in rows[1:]] == yearly.as_rows(report)
    assert json.loads(as_json.content) == dict(yearly.as_rows(report))
    for answer, ending in ((as_csv, "csv"), (as_json, "json")):
        assert answer["Content-Disposition"] == f'attachment; filename="year-{THIS}.{ending}"'
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@sum", "\tx", "\rx", "\nx"])
def test_no_cell_begins_a_formula(text: str) -> None:
    assert pages._cell(text) == f"'{text}"
    assert pages._cell(f"a{text}") == f"a{text}"
    assert pages._cell("") == ""


@pytest.mark.parametrize("number", ["0", "1", "1999", "9999", str(THIS + 1), "1" * 400, "1" * 5000])
@pytest.mark.parametrize("what", ["", "csv/", "json/"])
def test_other_years_are_not_there(ada: Member, number: str, what: str) -> None:
    assert signed_in(ada).get(f"/year/{number}/{what}").status_code == 404


@pytest.mark.parametrize("path", ["/year/", f"/year/{THIS}/", f"/year/{THIS}/csv/", f"/year/{THIS}/json/"])
def test_visitors_are_led_to_the_sign_in(client: object, path: str, db: None) -> None:
    assert client.get(path)["Location"].startswith("/account/login/")  # type: ignore[attr-defined]

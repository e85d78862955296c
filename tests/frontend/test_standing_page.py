""" "Why is it so?": the rows shown add up to the number shown, and the page never tells who spoke."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts import people
from accounts.models import Member, Visibility
from foundation import clock
from frontend import standing_shown
from tests.abuse.pages import normal
from tests.cast import DAY, new_member, settled_monday
from tests.frontend.pages import read, signed_in
from tests.vetting import town
from vetting import evidence, ledger
from vetting.models import Standing

pytestmark = pytest.mark.django_db
POINTS = re.compile(r"<td>([+\u2212]?[\d.,]+)</td>")


def number(text: str, *, point: str = ".") -> Decimal:
    return Decimal(text.replace("\u2212", "-").replace(point, "."))


def rows(page: str) -> tuple[list[str], str, str]:
    """The amounts of the lines, that of the sum line, and the number on top."""
    table = page.split('<table class="sums">')[1].split("</table>")[0]
    body, foot = table.split("<tfoot>")
    top = re.search(r'standing-number">([^<]+)<', page)
    assert top
    return POINTS.findall(body), POINTS.findall(foot)[0], top[1]


@pytest.fixture
def neighbours(mo: Member, ada: Member) -> list[Member]:
    """Mo is an anchor and vouches for Ada and six others; three of them worked with Ada."""
    others = [new_member(name, name=f"{name.capitalize()} Quell") for name in ("uma", "vera", "wim", "xaver", "yara")]
    with clock.at(settled_monday(1) - DAY):
        for number_, member in enumerate([ada, *others]):
            town.vouched(mo, member, ago=(30 + 7 * number_) * DAY)
        for member in others[:3]:
            town.confirmed(member, ada, ago=50 * DAY)
    with clock.at(settled_monday(1)):
        town.night()
    return others


def test_the_lines_shown_add_up_to_the_number_shown(ada: Member, mo: Member, neighbours: list[Member]) -> None:
    with clock.at(settled_monday(1) - 40 * DAY + timedelta(hours=1)):
        ledger.record(ada, by=mo, kind=evidence.STRIKE, source="case:1")
    with clock.at(settled_monday(1) + DAY):
        town.night()
        page = read(ada, "/standing/")
    lines, total, top = rows(page)

    assert total == top
    assert sum(map(number, lines)) == number(total) == round(Decimal(Standing.objects.get(member=ada).points), 1)
    assert len(lines) == 5
    assert any(line.startswith("\u2212") for line in lines)
    assert "vouches" in page
    assert "worked together" in page
    assert "A moderator upheld a report about you" in page
    assert 'href="/notices/"' in page


def test_it_adds_up_in_german(ada: Member, neighbours: list[Member]) -> None:
    people.change_profile(ada, {"language": "de"})
    with clock.at(settled_monday(1) + DAY):
        lines, total, top = rows(read(ada, "/standing/"))
    assert total == top
    assert "," in total
    assert sum(number(line, point=",") for line in lines) == number(total, point=",")


@given(st.lists(st.floats(-300, 300, allow_nan=False), max_size=30))
def test_tenths_add_up_and_are_next_to_what_they_stand_for(values: list[float]) -> None:
    tenths = standing_shown.in_tenths(values)

    assert abs(sum(tenths) - sum(values) * 10) <= 0.51
    assert all(abs(shown - value * 10) <= 1.01 for shown, value in zip(tenths, values, strict=True))


def test_a_newcomer_reads_how_it_grows(ada: Member) -> None:
    page = read(ada, "/standing/")

    assert "That is how everybody starts" in page
    assert "One more confirmed colleague" in page
    assert "2 new a day" in page
    assert page.count("None yet.") == 2
    assert '<table class="sums">' not in page
    assert "<svg" not in page.split("<main")[1].split("</main>")[0]


def test_an_anchor_reads_so(mo: Member) -> None:
    town.night()
    page = read(mo, "/standing/")
    assert "You are an anchor" in page
    assert len(rows(page)[0]) == 1


def test_names_are_shown_as_far_as_they_may_be(ada: Member, neighbours: list[Member]) -> None:
    people.change_profile(neighbours[0], {"name_to": Visibility.ME})
    with clock.at(settled_monday(1) + DAY):
        page = read(ada, "/standing/")
    assert "Uma Quell" not in page
    assert "@uma" in page
    assert "Vera Quell" in page or "@vera" in page


def test_weeks_become_a_line_and_a_table(ada: Member, neighbours: list[Member]) -> None:
    for week in range(1, 4):
        with clock.at(settled_monday(1) + week * 7 * DAY):
            town.night()
    with clock.at(settled_monday(4) + DAY):
        page = read(ada, "/standing/")

    assert len(page.split('points="')[1].split('"')[0].split()) == 4
    assert page.count('scope="row"') >= 4
    assert 'role="img" aria-labelledby="chart-words"' in page
    assert " style=" not in page


def test_what_rests_is_said(ada: Member, mo: Member, neighbours: list[Member]) -> None:
    with clock.at(settled_monday(1)):
        for count, words in ((1, "rest until"), (2, "rest until"), (3, "until a moderator decides otherwise")):
            ledger.record(ada, by=mo, kind=evidence.STRIKE, source=f"case:{count}")
            town.work_standings()
            assert words in read(ada, "/standing/")


def test_only_the_member_reads_it_and_reading_writes_nothing(client: Client, ada: Member) -> None:
    assert client.get("/standing/").status_code == 302
    assert signed_in(ada).post("/standing/").status_code == 405
    before = list(Standing.objects.values())
    read(ada, "/standing/")
    assert list(Standing.objects.values()) == before


class TestWhoSpokeCannotBeTold:
    """Four people could each be the third who said *not true*; Ada compares her page on consecutive days."""

    def days(self, ada: Member, *, third: Member | None, two: list[Member], on: timedelta) -> list[object]:
        seen: list[object] = []
        with transaction.atomic():
            for member in two:
                self.accuse(ada, member, timedelta(days=1))
            for day in range(9):
                moment = settled_monday(1) + day * DAY + timedelta(hours=3)
                if third and on == day * DAY:
                    self.accuse(ada, third, on + timedelta(hours=2))
                with clock.at(moment):
                    town.night()
                    seen.append(normal(signed_in(ada).get("/standing/")))
            transaction.set_rollback(True)
        return seen

    def accuse(self, ada: Member, by: Member, after: timedelta) -> None:
        with clock.at(settled_monday(1) + after):
            ledger.record(ada, by=by, kind=evidence.NOT_TRUE, source=f"request:{by.pk}")

    def test_neither_who_nor_on_which_day(self, ada: Member, neighbours: list[Member]) -> None:
        two, others = neighbours[:2], neighbours[2:]
        worlds = [self.days(ada, third=one, two=two, on=2 * DAY) for one in others]
        later = self.days(ada, third=others[0], two=two, on=5 * DAY)
        nobody = self.days(ada, third=None, two=two, on=2 * DAY)

        assert all(world == worlds[0] for world in [*worlds, later])
        assert worlds[0][:7] == nobody[:7]
        assert worlds[0][7] != nobody[7], "on Monday the row is there, or there is nothing to hide"
        assert "Several people independently said" in str(worlds[0][8])
        assert not any(str(one.handle) in str(worlds[0][8]).split("Several people")[1][:300] for one in neighbours)

    def test_liability_names_nobody(self, ada: Member, neighbours: list[Member]) -> None:
        with clock.at(settled_monday(1)):
            ledger.record(ada, by=neighbours[4], kind=evidence.LIABLE, source="case:9", word=0.5)
            town.work_standings()
            page = read(ada, "/standing/")
        assert "Somebody you lent to broke the rules" in page
        assert "yara" not in page.lower()


def test_more_lenders_need_no_more_queries(ada: Member, mo: Member, neighbours: list[Member]) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            read(ada, "/standing/")
        return len(caught)

    few = queries()
    with clock.at(settled_monday(1)):
        for member in neighbours[3:]:
            town.confirmed(member, ada, ago=50 * DAY)
    with clock.at(settled_monday(1) + DAY):
        town.night()
    assert queries() == few

"""Which vouches a person's page shows to whom: as far as its subject chose, and as far as the two share contacts."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import people, ties
from accounts.models import Entry, Member, Visibility
from foundation import jobs
from network.contacts import blocks
from tests.cast import befriend, new_member, was_at
from tests.frontend.pages import read, steady
from tests.frontend.vouched import SENTENCE, vouched
from vetting import vouches
from vetting.models import Vouch

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleagues(ada: Member, bo: Member, at_acme: Entry) -> None:
    """Ada and Bo both said that they were there."""
    befriend(ada, bo)


@pytest.mark.usefixtures("colleagues")
class TestWhoSees:
    def test_each_circle_sees_what_it_may(self, ada: Member, bo: Member, cleo: Member, mallory: Member) -> None:
        """Cleo is a contact of both; Mallory knows nobody; Dora is Bo's contact and does not know Ada."""
        dora = new_member("dora", name="Dora Daum")
        ties.begin(dora, bo)
        ties.begin(cleo, bo)
        ties.begin(cleo, ada)
        vouch = vouched(ada, bo, to=Visibility.ME)
        seers = {
            Visibility.ME: {"bo"},
            Visibility.CONTACTS: {"bo", "cleo", "ada"},
            Visibility.MEMBERS: {"bo", "cleo", "ada"},
            Visibility.EVERYONE: {"bo", "cleo", "ada", "dora", "mallory", "visitor"},
        }
        for circle, wanted in seers.items():
            vouches.show_to(vouch, by=bo, visible_to=circle)
            cast = {"ada": ada, "bo": bo, "cleo": cleo, "dora": dora, "mallory": mallory}
            pages = {name: read(member, "/@bob/") for name, member in cast.items()}
            pages["visitor"] = Client().get("/@bob/").content.decode()
            assert {name for name, page in pages.items() if SENTENCE in page} == wanted, circle

    def test_a_private_vouch_appears_nowhere_for_others(self, ada: Member, bo: Member, cleo: Member) -> None:
        """The canary: words, voucher, address and document of a vouch that only Bo sees."""
        ties.begin(cleo, bo)
        ties.begin(cleo, ada)
        before = {path: steady(read(cleo, path)) for path in ("/@bob/", "/@ada/", "/people/?q=bob")}
        vouch = vouched(ada, bo, to=Visibility.ME, sentence="A kanariword that nobody else reads")
        jobs.drain_everything()

        assert {path: steady(read(cleo, path)) for path in before} == before
        for path in ("/@bob/", "/@bob/?as=contacts", "/@ada/", "/vouches/", "/standing/"):
            for reader in (cleo, ada):
                page = read(reader, path)
                assert str(vouch.token) not in page
                assert "kanari" not in page or (reader == ada and path == "/vouches/")
        assert "kanari" not in Client().get("/@bob/").content.decode()

    def test_the_blocked_see_what_visitors_see(self, ada: Member, bo: Member, cleo: Member) -> None:
        people.change_profile(ada, {"name_to": Visibility.MEMBERS})
        ties.begin(cleo, ada)
        vouched(ada, bo, to=Visibility.MEMBERS)
        blocks.block(bo, cleo)
        assert SENTENCE not in read(cleo, "/@bob/")

        vouches.show_to(Vouch.objects.get(), by=bo, visible_to=Visibility.EVERYONE)
        shown = [_vouched_part(read(cleo, "/@bob/")), _vouched_part(Client().get("/@bob/").content.decode())]
        assert shown[0] == shown[1]
        assert "@ada" in shown[0]
        assert "Ada Adler" not in shown[0]

    def test_numbers_stand_only_beside_contacts_who_vouch(
        self, ada: Member, bo: Member, cleo: Member, mallory: Member
    ) -> None:
        ties.begin(cleo, bo)
        vouched(ada, bo)
        for reader in (cleo, mallory):
            page = _vouched_part(read(reader, "/@bob/"))
            assert "of your contacts" not in page
            assert "points" not in page
        ties.begin(cleo, ada)
        assert "1 of your contacts vouches for" in read(cleo, "/@bob/")

    @pytest.mark.parametrize(("preview", "least"), [("contacts", 1), ("members", 2), ("everyone", 3)])
    def test_a_preview_shows_what_that_circle_may_see(self, ada: Member, bo: Member, preview: str, least: int) -> None:
        vouch = vouched(ada, bo)
        for circle in Visibility:
            vouches.show_to(vouch, by=bo, visible_to=circle)
            page = read(bo, f"/@bob/?as={preview}")
            assert (SENTENCE in page) is (circle >= least)
            assert "of your contacts" not in page
            assert "/vouches/" not in _vouched_part(page)


def _vouched_part(page: str) -> str:
    found = re.search(r'<section class="section" aria-labelledby="vouched">.*?</section>', page, re.DOTALL)
    return found[0] if found else ""


@pytest.mark.parametrize(("path", "reader"), [("/@bob/", "cleo"), ("/@bob/", "bob"), ("/vouches/", "bob")])
def test_more_vouches_need_no_more_queries(path: str, reader: str, bo: Member, cleo: Member) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            read(Member.objects.get(handle=reader), path)
        return len(caught)

    befriend(cleo, bo)
    was_at(cleo, "Acme Werke")
    vouched(cleo, bo)
    few = queries()
    for number in range(3):
        more = new_member(f"more{number}")
        was_at(more, "Acme Werke")
        befriend(more, bo)
        ties.begin(cleo, more)
        vouched(more, bo)
    assert queries() == few

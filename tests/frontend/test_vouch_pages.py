"""Public vouches on pages: offering, countersigning, who sees which, and that nothing else can be done or seen."""

import re

import pytest
from django.test import Client

from accounts import people
from accounts.models import Entry, Member, Visibility
from foundation import clock, jobs, letters
from network.contacts import blocks
from tests.cast import befriend
from tests.frontend.pages import read, said, signed_in, steady
from tests.frontend.vouched import SENTENCE, offered, vouched
from vetting import vouches
from vetting.models import Vouch

pytestmark = pytest.mark.django_db
ACTS = ("countersign", "refuse", "show", "withdraw")


@pytest.fixture
def colleagues(ada: Member, bo: Member, at_acme: Entry) -> None:
    """Ada and Bo both said that they were there."""
    befriend(ada, bo)


def form(voucher: Member, **values: object) -> dict[str, object]:
    entry = voucher.entries.get(organisation__name__startswith="Acme")
    return said(**{"entry": str(entry.public_id), "sentence": SENTENCE, **values})


def at(vouch: Vouch, act: str) -> str:
    return f"/vouches/{vouch.public_id}/{act}/"


def fresh(vouch: Vouch) -> Vouch:
    return Vouch.objects.get(pk=vouch.pk)


@pytest.mark.usefixtures("colleagues")
class TestOffering:
    def test_the_page_offers_it_where_it_is_allowed(self, ada: Member) -> None:
        page = read(ada, "/@bob/")
        assert "Vouch for Bo Berg" in page or "Vouch for @bob" in page
        assert "/@bob/vouch/" in page

    def test_a_vouch_is_offered_and_shows_nowhere_yet(self, ada: Member, bo: Member, cleo: Member) -> None:
        answer = signed_in(ada).post("/@bob/vouch/", form(ada))

        assert answer["Location"] == "/vouches/"
        assert SENTENCE in read(ada, "/vouches/")
        assert "not answered" in read(ada, "/vouches/")
        for reader in (ada, cleo):
            assert SENTENCE not in read(reader, "/@bob/")
        assert SENTENCE not in Client().get("/@bob/").content.decode()

    def test_the_confirmed_entry_is_chosen_beforehand(self, ada: Member) -> None:
        chosen = re.search(r'value="([0-9a-f-]{36})"[^>]*checked', read(ada, "/@bob/vouch/"))
        assert chosen
        assert ada.entries.get(public_id=chosen[1]).organisation.name.startswith("Meeting of")

    def test_the_same_form_twice_is_one_vouch(self, ada: Member) -> None:
        sent = form(ada)
        for _time in range(2):
            assert signed_in(ada).post("/@bob/vouch/", sent)["Location"] == "/vouches/"
        assert Vouch.objects.count() == 1

    @pytest.mark.parametrize("sentence", ["", "see https://ada.example", "call 0176 1234567", "x" * 301])
    def test_a_sentence_that_cannot_stand_stays_in_the_form(self, ada: Member, sentence: str) -> None:
        answer = signed_in(ada).post("/@bob/vouch/", form(ada, sentence=sentence))

        assert answer.status_code == 400
        assert sentence in answer.content.decode()
        assert not Vouch.objects.exists()

    def test_it_names_an_entry_of_ones_own(self, ada: Member, bo: Member) -> None:
        theirs = str(bo.entries.get(organisation__name__startswith="Acme").public_id)
        for entry in ("", "nonsense", theirs):
            answer = signed_in(ada).post("/@bob/vouch/", form(ada, entry=entry))
            assert answer.status_code == 400
            assert SENTENCE in answer.content.decode()
        assert not Vouch.objects.exists()

    def test_a_second_one_is_refused_in_words(self, ada: Member, bo: Member) -> None:
        offered(ada, bo)

        assert "/@bob/vouch/" not in read(ada, "/@bob/")
        assert signed_in(ada).get("/@bob/vouch/").status_code == 409
        answer = signed_in(ada).post("/@bob/vouch/", form(ada))
        assert answer.status_code == 409
        assert "You vouch for this person already" in answer.content.decode()
        assert Vouch.objects.count() == 1

    def test_the_frozen_do_not_vouch(self, ada: Member) -> None:
        Member.objects.filter(pk=ada.pk).update(frozen_at=clock.now())

        answer = signed_in(ada).post("/@bob/vouch/", form(ada))
        assert answer.status_code == 403
        assert SENTENCE in answer.content.decode()
        assert not Vouch.objects.exists()

    def test_a_refusal_tells_the_voucher_nothing(self, ada: Member, bo: Member) -> None:
        vouch = offered(ada, bo)
        pages = ("/vouches/", "/@bob/", at(vouch, "withdraw"))
        before = [steady(read(ada, path)) for path in pages]

        assert signed_in(bo).post(at(vouch, "refuse")).status_code == 302
        jobs.drain_everything()

        assert [steady(read(ada, path)) for path in pages] == before
        assert signed_in(ada).get("/@bob/vouch/").status_code == 409
        assert signed_in(ada).post(at(vouch, "withdraw")).status_code == 302
        assert SENTENCE not in read(ada, "/vouches/")


@pytest.mark.parametrize("who", ["stranger", "unconfirmed contact", "blocked", "too new", "oneself"])
def test_who_may_not_vouch_reads_why(who: str, ada: Member, bo: Member, at_acme: Entry) -> None:
    voucher, status = ada, 403
    if who == "unconfirmed contact":
        befriend(ada, bo, confirmed=False)
    if who == "blocked":
        befriend(ada, bo)
        blocks.block(bo, ada)
    if who == "too new":
        befriend(ada, bo)
        Member.objects.filter(pk=ada.pk).update(joined_at=clock.now())
    path = "/@ada/vouch/" if who == "oneself" else "/@bob/vouch/"

    page = signed_in(voucher).get(path)

    assert page.status_code == status
    assert "You can vouch" in page.content.decode()
    assert signed_in(voucher).post(path, form(ada)).status_code == status
    assert not Vouch.objects.exists()
    assert path not in read(voucher, path.removesuffix("vouch/"))


def test_visitors_are_led_to_the_sign_in(client: Client, ada: Member, bo: Member) -> None:
    assert client.get("/@bob/vouch/").status_code == 302
    assert client.get("/vouches/").status_code == 302
    assert signed_in(ada).get("/@nobody/vouch/").status_code == 404


@pytest.mark.usefixtures("colleagues")
class TestAnswering:
    def test_nobody_sees_a_countersigned_vouch_unless_it_was_chosen(self, ada: Member, bo: Member) -> None:
        """Without a word the circle is "only me"."""
        vouch = offered(ada, bo)
        page = read(bo, "/vouches/")
        assert SENTENCE in page
        assert re.search(r'name="visible_to" value="0"[^>]*checked', page)

        answer = signed_in(bo).post(at(vouch, "countersign"), {"visible_to": "0"})

        assert answer["Location"] == "/vouches/"
        assert fresh(vouch).issued_at
        assert SENTENCE in read(bo, "/@bob/")
        assert SENTENCE not in read(ada, "/@bob/")

    @pytest.mark.parametrize("circle", ["", "4", "-1", "everyone", "1e0", "\u0661x"])
    def test_an_unknown_circle_is_refused(self, ada: Member, bo: Member, circle: str) -> None:
        vouch, shown = offered(ada, bo), vouched(bo, ada, to=Visibility.ME)

        assert signed_in(bo).post(at(vouch, "countersign"), {"visible_to": circle}).status_code == 400
        assert signed_in(ada).post(at(shown, "show"), {"visible_to": circle}).status_code == 400
        assert fresh(vouch).issued_at is None
        assert fresh(shown).visible_to == Visibility.ME

    def test_answering_twice_is_too_late(self, ada: Member, bo: Member) -> None:
        vouch = offered(ada, bo)
        browser = signed_in(bo)
        assert browser.post(at(vouch, "refuse")).status_code == 302
        assert browser.post(at(vouch, "countersign"), {"visible_to": "3"}).status_code == 409
        assert browser.post(at(vouch, "show"), {"visible_to": "3"}).status_code == 409
        assert fresh(vouch).issued_at is None
        assert SENTENCE not in read(bo, "/vouches/")

    @pytest.mark.parametrize("act", ACTS)
    def test_what_is_not_there_yet_has_no_address(self, act: str, ada: Member, bo: Member) -> None:
        vouch = offered(ada, bo)
        assert vouch.token is None
        assert "/credentials/" not in read(ada, "/vouches/")
        assert "/credentials/" not in read(bo, "/vouches/")
        assert Client().get(f"/credentials/{vouch.public_id}/").status_code == 404

    @pytest.mark.parametrize("act", ACTS)
    def test_each_side_does_only_what_is_theirs_and_strangers_nothing(
        self, act: str, ada: Member, bo: Member, mallory: Member
    ) -> None:
        vouch = offered(ada, bo) if act in ("countersign", "refuse") else vouched(ada, bo)
        before = Vouch.objects.filter(pk=vouch.pk).values().get()
        other_side = bo if act == "withdraw" else ada
        for nobody in (mallory, other_side):
            answer = signed_in(nobody).post(at(vouch, act), {"visible_to": "3"})
            assert answer.status_code == 404
        assert Vouch.objects.filter(pk=vouch.pk).values().get() == before

    @pytest.mark.parametrize("act", ACTS)
    def test_looking_changes_nothing(self, act: str, ada: Member, bo: Member) -> None:
        vouch = offered(ada, bo)
        before = Vouch.objects.values().get()
        statuses = {signed_in(one).get(at(vouch, act)).status_code for one in (ada, bo)}
        assert statuses <= {405} | ({200, 404} if act == "withdraw" else set())
        assert Vouch.objects.values().get() == before

    def test_the_frozen_do_not_countersign_but_may_take_back(self, ada: Member, bo: Member) -> None:
        vouch, mine = offered(ada, bo), vouched(bo, ada)
        Member.objects.filter(pk=bo.pk).update(frozen_at=clock.now())

        assert signed_in(bo).post(at(vouch, "countersign"), {"visible_to": "3"}).status_code == 403
        assert signed_in(bo).post(at(mine, "withdraw")).status_code == 302
        assert fresh(mine).withdrawn_at

    def test_a_withdrawn_vouch_shows_nowhere_and_twice_is_once(self, ada: Member, bo: Member) -> None:
        vouch = vouched(ada, bo)
        browser = signed_in(ada)
        assert "Nobody is told" in browser.get(at(vouch, "withdraw")).content.decode()
        for _time in range(2):
            assert browser.post(at(vouch, "withdraw"))["Location"] == "/vouches/"
        for reader in (ada, bo):
            assert SENTENCE not in read(reader, "/@bob/")
            assert SENTENCE not in read(reader, "/vouches/")

    def test_the_menu_counts_what_is_offered(self, ada: Member, bo: Member) -> None:
        offered(ada, bo)
        assert "question for you" in read(bo, "/me/")
        browser = signed_in(bo)
        browser.get("/welcome/")
        assert "would vouch for you in public" in browser.get("/").content.decode()
        assert "question for you" not in read(ada, "/me/")

    def test_offers_of_the_blocked_are_not_there(self, ada: Member, bo: Member) -> None:
        offered(ada, bo)
        blocks.block(bo, ada)
        assert SENTENCE not in read(bo, "/vouches/")
        assert "question for you" not in read(bo, "/me/")


@pytest.mark.usefixtures("colleagues")
class TestLetters:
    def kinds(self) -> list[str]:
        return [row.kind for row, _text in letters.all_letters() if row.kind.startswith("vouch")]

    def test_whoever_is_to_countersign_has_one_letter_without_a_strangers_words(self, ada: Member, bo: Member) -> None:
        people.change_profile(ada, {"name": "Buy at shop example"})
        offered(Member.objects.get(pk=ada.pk), bo)
        jobs.drain_everything()

        [text] = [text for row, text in letters.all_letters() if row.kind == "vouch-offered"]
        assert text.to == "bob@example.org"
        assert "/vouches/" in text.text
        assert SENTENCE not in text.text + text.subject
        assert "shop" not in text.text + text.subject

    def test_what_no_longer_waits_needs_no_letter(self, ada: Member, bo: Member) -> None:
        vouches.withdraw(offered(ada, bo), by=ada)
        jobs.drain_everything()
        assert self.kinds() == []

    def test_refusing_and_withdrawing_write_to_nobody(self, ada: Member, bo: Member) -> None:
        vouches.refuse(offered(ada, bo), by=bo)
        vouches.withdraw(vouched(bo, ada), by=bo)
        jobs.drain_everything()
        assert self.kinds() == []

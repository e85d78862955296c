"""Calls and promotions through the pages; the hint before sending; marking what was advertising."""

import re
import uuid

import pytest

from accounts import people
from accounts.models import Member
from foundation import clock
from network.messages import calls, promotions
from network.messages.models import Call, OptOut, Promotion, Topic
from network.moderation.models import Report
from tests.cast import DAY, new_member, was_at
from tests.frontend.pages import read, said, signed_in
from tests.messages.markets import WORDS, can_answer, in_days, opens, promotes, stands
from vetting import allowance


def form(**other: object) -> dict[str, object]:
    values = {"kind": "service", "topic": "tax", "region": "de-nw", "words": WORDS, "ends_on": in_days(20).isoformat()}
    return said(**{**values, **other})


@pytest.fixture
def call(bo: Member) -> Call:
    return opens(bo)


@pytest.fixture
def seller(ada: Member) -> Member:
    return can_answer(ada)


# ── calls ────────────────────────────────────────────────────────────────────


def test_a_call_is_opened_shown_and_closed(bo: Member) -> None:
    assert "nobody can send you a promotion" in read(bo, "/calls/")
    assert signed_in(bo).post("/calls/open/", form())["Location"] == "/calls/"
    page, found = read(bo, "/calls/"), Call.objects.get()

    assert WORDS in page
    assert "DE-NW" in page
    assert signed_in(bo).post(f"/calls/{found.public_id}/close/").status_code == 302
    assert "nobody can send you a promotion" in read(bo, "/calls/")
    assert "closed on" in read(bo, "/calls/")


@pytest.mark.parametrize(
    "wrong",
    [
        {"region": "Cologne"},
        {"topic": ""},
        {"kind": "x"},
        {"ends_on": "yesterday"},
        {"ends_on": "2001-01-01"},
        {"words": "Write to me: ada@example.org, a tax question"},
    ],
)
def test_a_refused_call_keeps_its_words(bo: Member, wrong: dict[str, str]) -> None:
    answer = signed_in(bo).post("/calls/open/", form(**wrong))

    assert answer.status_code == 400
    assert wrong.get("words", WORDS) in answer.content.decode()
    assert not Call.objects.exists()


def test_topics_are_kept_and_taken_away(ada: Member) -> None:
    rows = {"topic_0": "tax", "region_0": "de", "topic_1": "law", "region_1": "AT"}
    assert signed_in(ada).post("/calls/topics/", rows).status_code == 302
    assert {(trade.topic, trade.region) for trade in ada.trades.all()} == {("tax", "DE"), ("law", "AT")}
    page = read(ada, "/calls/")
    assert 'value="AT"' in page

    signed_in(ada).post("/calls/topics/", {**rows, "topic_0": "", "topic_1": "law"})
    assert [trade.topic for trade in ada.trades.all()] == ["law"]


@pytest.mark.parametrize("rows", [{"topic_0": "tax", "region_0": ""}, {"topic_0": "tax", "region_0": "Köln"}])
def test_a_topic_needs_its_region(ada: Member, rows: dict[str, str]) -> None:
    assert signed_in(ada).post("/calls/topics/", rows).status_code == 400
    assert not ada.trades.exists()


def test_walking_through_the_topics_is_refused_on_the_page(ada: Member) -> None:
    for start in (0, 5):
        calls.speak_to(ada, [(topic, "DE") for topic in list(Topic.values)[start : start + 4]])
    rows = {"topic_0": "other", "region_0": "DE"}
    answer = signed_in(ada).post("/calls/topics/", rows)

    assert answer.status_code == 429
    assert "new topics in 30 days" in answer.content.decode()


def test_only_those_concerned_read_a_call(seller: Member, call: Call, cleo: Member) -> None:
    path = f"/calls/{call.public_id}/"

    assert WORDS in read(seller, "/calls/")
    assert WORDS in read(seller, path)
    assert WORDS not in read(cleo, "/calls/")
    for method in ("get", "post"):
        answer = getattr(signed_in(cleo), method)(path, said(text="Hello"))
        assert answer.status_code == 404
        assert WORDS not in answer.content.decode()
    assert signed_in(cleo).post(f"{path}close/").status_code == 404
    assert calls.for_sender(seller, call.public_id) == call


@pytest.mark.parametrize("query", ["?page=2", "?page=-1", "?offset=20", "?topic=law", "?member=bob"])
def test_no_query_shows_more_calls(seller: Member, query: str) -> None:
    """There is no second page and no filter: the same page, whatever is asked."""
    for number in range(calls.SHOWN_MAX + 3):
        opens(new_member(f"reader{number}"))

    def seen(path: str) -> list[str]:
        return re.findall(r'href="/calls/([0-9a-f-]{36})/"', read(seller, path))

    assert len(seen("/calls/")) == calls.SHOWN_MAX
    assert seen(f"/calls/{query}") == seen("/calls/")


# ── promotions ───────────────────────────────────────────────────────────────


def test_a_promotion_is_written_into_the_call_and_read_with_its_consent(seller: Member, bo: Member, call: Call) -> None:
    path = f"/calls/{call.public_id}/"
    assert "allows 15 promotions" in read(seller, path)
    answer = signed_in(seller).post(path, said(text="<b>Eleven</b> foundations.\nhttps://tax.example"))
    assert answer["Location"] == "/promotions/sent/"
    assert "&lt;b&gt;Eleven&lt;/b&gt; foundations.<br>https://tax.example" in read(seller, "/promotions/sent/")

    folder = read(bo, "/promotions/")
    assert "&lt;b&gt;Eleven&lt;/b&gt;" in folder
    assert 'href="https://tax.example' not in folder
    assert '<span class="tag">promotion</span>' in folder
    assert "You had asked for it" in folder
    assert WORDS in folder
    assert call.region in folder
    assert WORDS not in read(seller, "/calls/")  # answered: it makes room


def test_nothing_on_any_other_page_tells_of_it(seller: Member, bo: Member, call: Call) -> None:
    """No badge, no unread count, no line at home."""
    was_at(bo, "Acme Werke")
    people.change_profile(bo, {"headline": "Pumps"})
    pages = ["/", "/messages/", "/requests/", "/notices/", "/calls/"]
    steady = {path: _plain(read(bo, path)) for path in pages}
    promotes(seller, call)

    assert {path: _plain(read(bo, path)) for path in pages} == steady


def _plain(page: str) -> str:
    return re.sub(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"', "", page)


def test_one_click_ends_it_and_the_sender_learns_when_trying(seller: Member, bo: Member, call: Call) -> None:
    sent = promotes(seller, call)
    before = read(seller, "/promotions/sent/")
    assert signed_in(bo).post(f"/promotions/{sent.public_id}/opt-out/")["Location"] == "/promotions/"
    assert OptOut.objects.get().sender == seller
    assert "You hear no more from there." in read(bo, "/promotions/")
    assert _plain(read(seller, "/promotions/sent/")) == _plain(before)

    page = read(seller, f"/calls/{call.public_id}/")
    assert "wants no promotions from you" in page
    assert 'name="text"' not in page


def test_one_click_takes_the_opt_out_back(seller: Member, bo: Member, call: Call) -> None:
    sent = promotes(seller, call)
    signed_in(bo).post(f"/promotions/{sent.public_id}/opt-out/")
    path = f"/promotions/{sent.public_id}/opt-in/"
    assert path in read(bo, "/promotions/")
    for member in (seller, new_member("nosy")):
        assert signed_in(member).post(path).status_code == 404
    assert signed_in(bo).get(path).status_code == 405
    assert OptOut.objects.exists()

    assert signed_in(bo).post(path)["Location"] == "/promotions/"
    assert not OptOut.objects.exists()
    page = read(bo, "/promotions/")
    assert "No more from there" in page
    assert path not in page


def test_a_promotion_is_reported_with_its_text(seller: Member, bo: Member, call: Call) -> None:
    sent = promotes(seller, call, "Rude words.")
    path = f"/promotions/{sent.public_id}/report/"

    assert "Rude words." in read(bo, path)
    assert signed_in(bo).post(path, said(words="")).status_code == 400
    assert signed_in(bo).post(path, said(words="He was rude.")).status_code == 302
    assert Report.objects.get().evidence["text"] == "Rude words."


def test_promotions_are_closed_to_others(seller: Member, bo: Member, call: Call, mallory: Member) -> None:
    sent = promotes(seller, call, "Between us.")
    for member in (mallory, seller):
        assert signed_in(member).post(f"/promotions/{sent.public_id}/opt-out/").status_code == 404
        assert signed_in(member).get(f"/promotions/{sent.public_id}/report/").status_code == 404
    assert "Between us." not in read(mallory, "/promotions/")
    assert signed_in(bo).get(f"/promotions/{sent.public_id}/opt-out/").status_code == 405
    assert signed_in(bo).post(f"/promotions/{uuid.uuid4()}/opt-out/").status_code == 404


def test_without_standing_the_page_says_what_it_takes(ada: Member, call: Call) -> None:
    can_answer(ada, points=0.3)
    page = read(ada, f"/calls/{call.public_id}/")

    assert "takes 1 or more points of standing; you have 0." in page
    assert 'name="text"' not in page
    assert signed_in(ada).post(f"/calls/{call.public_id}/", said(text="Hello")).status_code == 429


def test_a_refused_promotion_keeps_its_words(seller: Member, bo: Member, call: Call) -> None:
    page = signed_in(seller)
    first = said(text="The first.")
    assert page.post(f"/calls/{call.public_id}/", first).status_code == 302
    assert page.post(f"/calls/{call.public_id}/", first).status_code == 302  # the same form: the same promotion
    answer = page.post(f"/calls/{call.public_id}/", said(text="The second, with much thought."))

    assert answer.status_code == 429
    assert "The second, with much thought." in answer.content.decode()
    assert Promotion.objects.count() == 1


def test_the_page_of_a_call_spends_nothing(seller: Member, call: Call) -> None:
    for _time in range(3):
        read(seller, f"/calls/{call.public_id}/")

    assert allowance.left(seller, allowance.Kind.PROMOTION) == 15


def test_the_folder_asks_a_fixed_number_of_times(bo: Member, django_assert_max_num_queries: object) -> None:
    with clock.at(clock.now() - 60 * DAY):
        for number in range(2):
            promotes(can_answer(new_member(f"seller{number}")), opens(bo))
    promotes(can_answer(new_member("seller9")), opens(bo))
    client = signed_in(bo)
    client.get("/promotions/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/promotions/")


def test_stands_is_what_the_pages_read(ada: Member, call: Call) -> None:
    can_answer(ada, points=50)
    assert "allows 7 promotions" in read(ada, f"/calls/{call.public_id}/")
    stands(ada, 100)
    assert promotions.refusal(ada, call) is None

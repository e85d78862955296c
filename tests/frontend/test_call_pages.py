"""Calls and promotions through the pages; the hint before sending; marking what was advertising."""

import re
import uuid
from datetime import timedelta

import pytest

from accounts.models import Entry, Member
from foundation import clock
from network.contacts import answers, quiet
from network.contacts.models import Contact
from network.messages import calls, promotions, threads
from network.messages.models import Call, Message, OptOut, Promotion, Topic
from network.moderation import decisions, labels
from network.moderation.models import Report
from tests.cast import DAY, asks, key, new_member, was_at
from tests.frontend.pages import read, said, signed_in
from tests.messages.markets import WORDS, can_answer, in_days, opens, promotes, stands
from vetting import allowance

PITCH = "Our platform saves you 30 % off: https://shop.example.com"


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
    can_answer(ada, points=2)
    page = read(ada, f"/calls/{call.public_id}/")

    assert "takes a standing of 7 points; you have 2." in page
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


# ── the hint ─────────────────────────────────────────────────────────────────


@pytest.fixture
def contact(ada: Member, bo: Member, at_acme: Entry) -> Contact:
    """Long in contact: no quiet period."""
    with clock.at(clock.now() - timedelta(days=60)):
        return answers.accept(asks(ada, bo, at_acme), by=bo)


WITH_BO = "/messages/with/bob/"


def test_the_hint_comes_before_sending_and_loses_nothing(contact: Contact, ada: Member) -> None:
    sent = said(text=PITCH)
    answer = signed_in(ada).post(WITH_BO, sent)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "Not sent yet: this reads like a promotion. Label it?" in page
    assert "a link, a price or a discount, words of selling" in page
    assert PITCH in page
    assert str(sent["key"]) in page
    assert not Message.objects.exists()


def test_sent_as_it_is_it_goes(contact: Contact, ada: Member) -> None:
    sent = said(text=PITCH)
    signed_in(ada).post(WITH_BO, sent)
    assert signed_in(ada).post(WITH_BO, {**sent, "as_is": "1"}).status_code == 302
    assert Message.objects.get().text == PITCH


def test_it_is_a_promotion_explains_the_way_and_keeps_the_words(contact: Contact, ada: Member) -> None:
    page = signed_in(ada).post(WITH_BO, said(text=PITCH, it_is="promotion")).content.decode()

    assert "Promotions go into open calls" in page
    assert 'href="/calls/"' in page
    assert PITCH in page
    assert "Send as it is" in page
    assert not Message.objects.exists()


def test_ordinary_words_go_at_once(contact: Contact, ada: Member) -> None:
    assert signed_in(ada).post(WITH_BO, said(text="Do you remember the flood?")).status_code == 302


def test_what_would_be_refused_anyway_is_refused_without_a_hint(ada: Member, bo: Member, at_acme: Entry) -> None:
    answers.accept(asks(ada, bo, at_acme), by=bo)
    answer = signed_in(ada).post(WITH_BO, said(text=PITCH))

    assert answer.status_code == 403
    assert "Not sent yet" not in answer.content.decode()


def test_the_reader_alone_is_told_that_it_went_to_many(contact: Contact, ada: Member, bo: Member) -> None:
    threads.write(ada, bo, text="Hello", key=key())
    Message.objects.update(sent_to_many=True)
    path = f"/messages/{Message.objects.get().thread.public_id}/"

    assert "Nearly the same text went to others." in read(bo, path)
    assert "Nearly the same text went to others." not in read(ada, path)


# ── marking ──────────────────────────────────────────────────────────────────


def test_the_reader_marks_and_only_the_reader_sees_the_mark(contact: Contact, ada: Member, bo: Member) -> None:
    message = threads.write(ada, bo, text="Our pumps.", key=key())
    path, mark = f"/messages/{message.thread.public_id}/", f"/messages/label/{message.public_id}/"
    assert mark in read(bo, path)
    assert mark not in read(ada, path)
    before = _plain(read(ada, path))

    assert signed_in(bo).post(mark, {"label": "promotion"})["Location"] == path
    page = read(bo, path)
    assert "You marked this as “promotion”." in page
    assert mark not in page
    assert _plain(read(ada, path)) == before


def test_an_upheld_label_is_shown_to_both(contact: Contact, ada: Member, bo: Member, mo: Member) -> None:
    message = threads.write(ada, bo, text="Our pumps.", key=key())
    case = labels.mark(message, by=bo, label="promotion").case
    decisions.uphold(case, by=mo, to_reporter="Yes.", to_subject="No.")
    path = f"/messages/{message.thread.public_id}/"

    for reader in (ada, bo):
        page = read(reader, path)
        assert '<span class="tag">promotion</span>' in page
        assert "labelled so by moderators" in page
    assert "advertised without a label and keeps quiet until" in read(bo, path)
    threads.write(bo, ada, text="Never mind.", key=key())
    assert "A message of yours was unlabelled advertising." in read(ada, path)
    assert "promotion" in read(mo, f"/panel/moderation/case/{case.pk}/change/")


@pytest.mark.parametrize(("label", "status"), [("", 400), ("personal", 400), ("spam", 400)])
def test_other_labels_are_refused(contact: Contact, ada: Member, bo: Member, label: str, status: int) -> None:
    message = threads.write(ada, bo, text="Our pumps.", key=key())

    assert signed_in(bo).post(f"/messages/label/{message.public_id}/", {"label": label}).status_code == status
    assert not Report.objects.exists()


def test_nobody_marks_by_guessing(contact: Contact, ada: Member, bo: Member, mallory: Member) -> None:
    message = threads.write(ada, bo, text="Our pumps.", key=key())
    path = f"/messages/label/{message.public_id}/"

    assert signed_in(mallory).post(path, {"label": "promotion"}).status_code == 404
    assert signed_in(ada).post(path, {"label": "promotion"}).status_code == 400
    assert signed_in(bo).get(path).status_code == 405
    assert not Report.objects.exists()


def test_the_contact_page_says_who_keeps_quiet_and_why(contact: Contact, ada: Member, bo: Member) -> None:
    quiet.restart(contact, asker=bo)

    assert "they advertised" in read(ada, "/contacts/")
    assert "you advertised" in read(bo, "/contacts/")


def test_stands_is_what_the_pages_read(ada: Member, call: Call) -> None:
    can_answer(ada, points=50)
    assert "allows 7 promotions" in read(ada, f"/calls/{call.public_id}/")
    stands(ada, 100)
    assert promotions.refusal(ada, call) is None

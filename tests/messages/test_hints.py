"""The hint before sending: deterministic, explainable, silent about ordinary mail, and never a block."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Member
from foundation import clock
from network.messages import hints, proofreading, threads
from network.messages.hints import SIGNS
from network.messages.models import Message, Promotion
from tests.cast import DAY, befriend, key, new_member
from tests.messages.markets import can_answer, opens, promotes

PROMOTIONS = [
    "Our platform saves you 30 % off your cloud bill: https://shop.example.com",
    "We help companies to grow. Book a demo: https://calendly.com/someone",
    "Unsere Lösung senkt Ihre Kosten um die Hälfte, unverbindlich testen: www.beispiel.de",
    "Nur noch bis Freitag: 20 % Rabatt auf alle Schulungen.",
    "Kostenlos und unverbindlich: unser Whitepaper über Lieferketten.",
    "Free trial of our software, no obligation. Interested?",
    "Wir helfen Unternehmen, ihren Umsatz zu verdoppeln. Wann passt Ihnen ein kurzes Gespräch?",
    "Here is our case study, have a look: https://case.example.com/study",
    "Unser Angebot: Webseiten ab 499 €, auch für Vereine.",
    "The course costs 250 EUR, sign up here: https://learn.example.org",
    "Termin buchen: https://calendly.com/ich – 15 Minuten genügen.",
    "More qualified leads for your team from $49 a month.",
]
OFFERS = [
    "An exciting opportunity in Hamburg: https://jobs.example.com/1",
    "Offene Stelle als Teamleiter, 90.000 € Jahresgehalt.",
    "My client is hiring. A quick call this week?",
    "Spannende Position (m/w/d) bei einem Hidden Champion, Details: www.jobs.example.de",
    "Suchst du eine neue Herausforderung? Wann passt dir ein kurzes Telefonat?",
]
ORDINARY = [
    "Do you remember the night of the flood? The third floor stood under water.",
    "Hier der Artikel, von dem ich sprach: https://www.example.org/artikel",
    "Wann passt dir ein Treffen? Ich bin nächste Woche in Köln.",
    "Could we have a quick call about the migration? Here are my notes: https://wiki.example.org/notes",
    "Lunch was 12 €, I paid for both. 30 minutes earlier tomorrow?",
    "She leads the team now, and the case went to appeal.",
    "Wie ist das Gehalt bei euch, und lohnt sich der Wechsel?",
    "I have a new role since May: I look after the archive.",
    "Ein Headhunter hat mich angerufen, ich habe aufgelegt.",
    "Our service manual from 1998 is still the best one.",
    "Wir treffen uns am 14. März um 18:30 im Ratskeller.",
    "The ticket is free of charge for members, I think.",
    "Can you send me the slides of the seminar? Thank you!",
    "Ich habe die Rechnung über 1.200 € geprüft, sie stimmt.",
    "Herzlichen Glückwunsch zum Geburtstag!",
    "We replaced the pumps in 2003; the vendor no longer exists.",
    "Danke für gestern. Das Buch heißt »Der Turm«.",
    "I vouch for her any time.",
]


@pytest.mark.parametrize("text", PROMOTIONS)
def test_what_sells_reads_like_a_promotion(text: str) -> None:
    found = hints.hint(text)

    assert found
    assert found.purpose == "promotion"
    assert set(found.signs) <= set(SIGNS)


@pytest.mark.parametrize("text", OFFERS)
def test_what_recruits_reads_like_an_offer(text: str) -> None:
    found = hints.hint(text)

    assert found
    assert found.purpose == "offer"


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_mail_gets_no_hint(text: str) -> None:
    assert hints.hint(text) is None


@given(st.text(max_size=300), st.lists(st.text(max_size=100), max_size=3))
def test_a_hint_is_deterministic_and_can_be_argued_with(text: str, before: list[str]) -> None:
    one, two = hints.hint(text, said_before=before), hints.hint(text, said_before=before)

    assert one == two
    assert one is None or (len(one.signs) >= 2 and set(one.signs) <= set(SIGNS))


@given(st.sampled_from(PROMOTIONS + OFFERS), st.text(alphabet="abcdef \n", max_size=100))
def test_harmless_words_around_it_hide_nothing(text: str, padding: str) -> None:
    assert hints.hint(f"{padding}\n{text}\n{padding}")


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert hints.alike(one, other) == hints.alike(other, one)
    assert 0 <= hints.alike(one, other) <= 1


@given(st.lists(st.sampled_from("abcdefgh"), min_size=7, max_size=30).map(" ".join))
def test_a_text_is_like_itself_where_it_is_long_enough(text: str) -> None:
    assert hints.alike(text, text.upper()) == (1 if len(hints._runs(text)) >= hints.RUNS_MIN else 0)


@pytest.mark.parametrize("text", ["1" * 100_000, "1,1" * 33_000, "unser " * 16_000, "buche " * 16_000, "a.b" * 33_000])
def test_a_hundred_kilobytes_are_read_at_once(text: str) -> None:
    started = time.monotonic()
    hints.hint(text, said_before=[text], sent_to={1: [text]})

    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "parts",
    [
        ["Our platform is the one you need.", "You asked who uses it?", "See https://shop.example.com"],
        ["Nur noch bis Freitag!", "Es geht um Schulungen.", "20 % Rabatt."],
        ["A vacancy in Bonn.", "I thought of you.", "90.000 € a year."],
    ],
)
def test_a_promotion_in_three_messages_is_one(parts: list[str]) -> None:
    first, second, third = parts

    assert hints.hint(first) is None
    assert hints.hint(second, said_before=[first]) is None
    assert hints.hint(third, said_before=[first, second])


def test_who_was_told_once_is_not_told_of_every_word_after() -> None:
    assert hints.hint(PROMOTIONS[0])
    assert hints.hint("And how is Erna?", said_before=[PROMOTIONS[0]]) is None


def test_near_copies_are_a_sign_and_short_ones_are_none() -> None:
    text = "I am writing to everybody I know because our old canteen will be closed in March."
    others = {1: ["Hello!", text + " Yes!"], 2: [text.replace("March", "April")]}

    assert hints.hint(text, sent_to=others) == hints.Hint("personal", ("many",))
    assert hints.hint(text, sent_to={1: others[1] * 5}) is None
    assert (
        hints.hint("Happy new year to you!", sent_to={1: ["Happy new year to you!"], 2: ["Happy new year to you!"]})
        is None
    )


# ── with what is kept ────────────────────────────────────────────────────────

LONG = "I am writing because I have founded a firm that cleans pumps, and would like to show you what we do."


@pytest.fixture
def circle(ada: Member) -> list[Member]:
    """Four contacts of Ada's, to whom she may write."""
    friends = [new_member(f"friend{number}") for number in range(4)]
    for friend in friends:
        befriend(ada, friend)
        threads.write(friend, ada, text="Hello Ada", key=key())
    return friends


def writes(writer: Member, other: Member, text: str) -> Message:
    return threads.write(writer, other, text=text, key=key())


def test_the_third_reader_is_told_that_it_went_to_many(ada: Member, circle: list[Member]) -> None:
    flags = [writes(ada, friend, f"Dear {friend.handle}, {LONG}").sent_to_many for friend in circle]

    assert flags == [False, False, True, True]


def test_repeating_oneself_to_one_person_is_not_many(ada: Member, circle: list[Member]) -> None:
    assert not any(writes(ada, circle[0], LONG).sent_to_many for _time in range(3))


def test_what_went_out_long_ago_is_forgotten(ada: Member, circle: list[Member]) -> None:
    with clock.at(clock.now() - 31 * DAY):
        for friend in circle[:2]:
            writes(ada, friend, LONG)

    assert not writes(ada, circle[2], LONG).sent_to_many


def test_promotions_count_among_the_many(ada: Member, circle: list[Member]) -> None:
    can_answer(ada)
    for number in range(2):
        promotes(ada, opens(new_member(f"reader{number}")), LONG)

    assert Promotion.objects.count() == 2
    assert writes(ada, circle[0], LONG).sent_to_many


def test_the_hint_reads_back_to_where_the_other_spoke(ada: Member, circle: list[Member]) -> None:
    bo = circle[0]
    thread = writes(ada, bo, "Our platform is the one you need.").thread
    assert proofreading.hint_for(ada, bo, "See https://shop.example.com", thread=thread)

    writes(bo, ada, "No, thank you.")
    assert proofreading.hint_for(ada, bo, "See https://shop.example.com", thread=thread) is None
    assert proofreading.hint_for(ada, bo, PROMOTIONS[0], thread=None)

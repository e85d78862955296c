"""What a text carries is found however it is spelled; what is meant innocently is left alone."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import wording

WORDS = ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


@pytest.mark.parametrize(
    "text",
    [
        "see http://evil.example", "HTTPS://EVIL.EXAMPLE/x", "hxxp://evil", "ftp://x", "www.evil", "www . evil",
        "evil.com", "look at evil.de/path?x=1", "EVIL.COM.", "(evil.io)", "...evil.com", "sub.evil.co.uk",
        "müller.de",
        "shop dot evil dot com", "shop punkt evil punkt de",
        "evil dot com", "evil DOT com", "evil punkt de", "evil (dot) com", "evil [.] com", "evil{punkt}de",
        "evil . com",
        "ｅｖｉｌ．ｃｏｍ", "evil。com", "ev\u200bil.com", "e\u00advil.c\u200dom", "10.0.0.1", "http://[::1]/",
        "2001:db8::1", "javascript:alert(1)", "mailto:ada", "tel:0171", "пример.рф", "xn--e1afmkfd.xn--p1ai",
        "t.me/ada",
        "signal: evil.link", "it.Is evil.com",
    ],
)  # fmt: skip
def test_a_link_is_found(text: str) -> None:
    assert wording.links(text)


@pytest.mark.parametrize(
    "text",
    [
        "We met at Siemens.", "z.B. in Ulm, d.h. 2004", "e.g. this, i.e. that", "Dr. Ada, M.Sc., taught ASP.NET",
        "am Ende.Am Anfang war es anders", "Das war der Punkt am Montag", "the dot in the plan",
        "10.5 Prozent", "v1.2.3",
        "at 12:30:45", "std::vector", "St. Gallen", "the data: all of it", "und dann... weiter", "A. de Boer",
        "3.5.2004",
        "Nice to meet you (again). Come and see", "",
    ],
)  # fmt: skip
def test_no_link_is_seen_where_none_is(text: str) -> None:
    assert not wording.links(text)


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org", "Ada.L+x@sub.example.co.uk", "ada @ example.org", "ada(at)example.org",
        "ada [ät] example dot org",
        "ada at example dot org", "ada klammeraffe beispiel punkt de", "ada@example", "@ada@social.example",
        "find me: @ada_l",
        "ada\u200b@example.org", "ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "ada at example.org",
    ],
)  # fmt: skip
def test_an_address_is_found(text: str) -> None:
    assert wording.addresses(text)


@pytest.mark.parametrize(
    "text",
    ["We met at work", "at noon at the fair", "look at it. Dot by dot", "Ada (at the time)", "5 @ 3", "me @ you", ""],
)
def test_no_address_is_seen_where_none_is(text: str) -> None:
    assert not wording.addresses(text)


@pytest.mark.parametrize(
    "text",
    [
        "0171 2345678", "+49 (0)171-234 56 78", "call 123456", "1-2-3-4-5-6", "1 . 2 . 3 . 4 . 5 . 6", "0171/23 45",
        "null eins sieben eins zwei drei", "zero one seven one two three", "null eins 7 sieben eins 4",
        "Null-Eins-Sieben 123",
        "nulleinssiebeneins 23", "oh one seven one two three", "double seven 1234", "doppel null 49 17",
        "zwo zwo drei vier 56",
        "fünf fuenf FÜNF 5 5 5", "einundsiebzig dreiundzwanzig 45", "twenty thirty forty", "plus 49 171 2",
        "０１７１２３", "٠١٧١٢٣", "①②③④⑤⑥", "1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣", "0\u200b1\u200b7\u200b1\u200b2\u200b3", "²³¹²³¹",
        "0171\n2345", "2001-20045", "0171 2001-2004", "2001 2004", "1899-2004", "2001–2004–2007", "2001, 2004",
    ],
)  # fmt: skip
def test_a_phone_number_is_found(text: str) -> None:
    assert wording.phones(text)


@pytest.mark.parametrize(
    "text",
    [
        "2001–2004", "2001-2004", "2001 – 2004", "von 2001 bis 2004", "from 2001 to 2004", "(2001–2004).", "in 1998",
        "12345", "1 2 3 4 5", "one two three four five", "eins zwei drei vier fünf",
        "Three of us, four of them, in 2004",
        "acht Leute und neun Ideen", "Since 1999 we were 30 people on 2 floors", "someone", "",
        "the zero hour in room 12345",
        "In 2001 we met, in 2004 we left.",
    ],
)  # fmt: skip
def test_no_phone_number_is_seen_where_none_is(text: str) -> None:
    assert not wording.phones(text)


@pytest.mark.parametrize(
    "text",
    ["BEGIN:VCALENDAR", "begin : vevent", "save the date",
     "webcal://x", "meeting.ics", "calendly.com/ada", "Kalendereinladung",
     "a calendar invite", "Termin-Einladung", "calendar invitation"],
)  # fmt: skip
def test_a_calendar_entry_is_found(text: str) -> None:
    assert wording.calendar(text)


@pytest.mark.parametrize(
    "text", ["the calendar year", "in my calendar", "physics", "Termine", "Kalenderwoche 12", "save the day"]
)
def test_no_calendar_entry_is_seen_where_none_is(text: str) -> None:
    assert not wording.calendar(text)


@given(
    st.lists(st.integers(0, 9), min_size=6, max_size=15),
    st.lists(
        st.sampled_from(["", " ", "-", ".", " / ", ") (", "\u200b", "\n", ", ", " plus "]), min_size=15, max_size=15
    ),
    st.lists(st.sampled_from(["digit", "wide", "german", "english", "arabic"]), min_size=15, max_size=15),
)
def test_however_a_number_is_spelled_it_is_found(digits: list[int], gaps: list[str], spellings: list[str]) -> None:
    text = "Call me "
    for digit, gap, spelling in zip(digits, gaps, spellings, strict=False):
        text += spell(digit, spelling) + (gap or (" " if spelling in {"german", "english"} else ""))
        text += " " if gap == "\u200b" and spelling in {"german", "english"} else ""
    text += " please"
    years = len(digits) == 8 and not {"german", "english"} & set(spellings[:8])
    assert wording.phones(text) or years


def spell(digit: int, spelling: str) -> str:
    match spelling:
        case "wide":
            return chr(0xFF10 + digit)
        case "arabic":
            return chr(0x0660 + digit)
        case "german":
            return f" {WORDS[digit]}"
        case "english":
            return f" {NUMBERS[digit].upper()}"
        case _:
            return str(digit)


@given(st.text())
def test_clean_is_done_after_once_and_leaves_nothing_unseen(text: str) -> None:
    cleaned = wording.clean(text)

    assert wording.clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not [c for c in cleaned if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in "\n\t"]


@given(st.text())
def test_any_text_at_all_can_be_read(text: str) -> None:
    for question in (wording.links, wording.addresses, wording.phones, wording.calendar):
        assert all(isinstance(one, str) for one in question(text))
    wording.has_mixed_scripts(text)
    wording.confusable_handle(text)


@pytest.mark.parametrize(
    ("dirty", "plain"),
    [
        ("Ada\u202e", "Ada"), ("A\u200bd\u2060a", "Ada"), ("Ada\x00\x07", "Ada"), ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("A\u0308da", "Äda"), ("\ufeffAda\u00ad", "Ada"), ("Ada\u3164", "Ada"), ("\ud800x", "x"),
        ("grün 🙂", "grün 🙂"),
        ("\U000e0041da", "da"), ("\u2066x\u2069", "x"), ("tab\tstays", "tab\tstays"),
    ],
)  # fmt: skip
def test_clean_leaves_what_is_seen(dirty: str, plain: str) -> None:
    assert wording.clean(dirty) == plain


@pytest.mark.parametrize(
    "piece", ["a", "a.", "1 ", "a@", "a at ", ":", "a:", "(", " ", "a dot ", "http", "-", "a(at", "achteins", "\u0301"]
)
def test_a_hundred_kilobytes_are_read_in_no_time(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    began = time.monotonic()
    for question in (wording.links, wording.addresses, wording.phones, wording.calendar):
        question(text)

    assert time.monotonic() - began < 5  # it takes half a second; quadratic it would take minutes


def test_scripts_that_nobody_mixes_are_noticed() -> None:
    assert wording.has_mixed_scripts("Аda")  # the first letter is Cyrillic
    assert not any(
        wording.has_mixed_scripts(name) for name in ("Zoë Müller", "Ада", "山田たろう", "김漢字", "Ada 2", "")
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paypal", "paypa1"),
        ("ada", "аda"),
        ("modern", "modem"),
        ("bob", "b0b"),
        ("anna", "Ａnna"),
        ("ada.l", "adal"),
        ("will", "wiil"),
    ],
)
def test_handles_that_look_alike_have_one_look(one: str, other: str) -> None:
    assert wording.confusable_handle(one) == wording.confusable_handle(other)


@pytest.mark.parametrize(
    ("name", "looks"),
    [
        ("\u0410\u0441m\u0435", "acme"),
        ("\u0391CM\u0395", "acme"),
        ("\uff21cme", "acme"),
        ("Łódź", "lodz"),
        ("3M", "3m"),
    ],
)
def test_letters_of_other_scripts_look_like_latin_ones(name: str, looks: str) -> None:
    assert wording.as_it_looks(name) == looks
    assert wording.as_it_looks(looks) == looks


def test_handles_that_look_apart_stay_apart() -> None:
    names = ["ada", "bo", "mo", "zoe", "anna", "ama", "clara", "dara"]
    assert len({wording.confusable_handle(name) for name in names}) == len(names)

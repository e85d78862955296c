"""Terms, offers that were read first, open calls and what came into them: what a newcomer can look at with Ada."""

from collections.abc import Iterator, Sequence
from typing import Any

from accounts.models import EntryKind, Visibility
from frontend.management.town.careers import Person
from frontend.management.town.deeds import Town
from frontend.management.town.diary import Diary
from frontend.management.town.meetings import Meeting
from network.offers.matching import Pay

LISTENERS = 6
"""Members of the crowd who had an offer from the clinic: from five words on it is told how ranges were kept."""
A_YEAR: dict[str, Any] = {"currency": "EUR", "period": "year", "kind": "permanent"}
CLINIC: dict[str, Any] = {
    **A_YEAR,
    "employer": "Elbufer Kliniken",
    "place": "DE-HH",
    "mandate": "Wir lösen ein Kliniksystem ab, Station für Station und bei laufendem Betrieb. Berichtet wird an die"
    " Klinikleitung; das Haus hat sich entschieden und hat Geduld.",
}


def deal(diary: Diary, crowd: Sequence[Person], met: Sequence[Meeting]) -> None:
    _terms(diary)
    _offers_to_ada(diary)
    _clinic(diary, list(_who_listen(crowd, met)))
    _calls(diary)


def _terms(diary: Diary) -> None:
    """Ada hears of a few things, Bo of others; everybody else of none, as everybody begins."""
    floor = Pay(amount=105_000, currency="EUR", period="year")
    question = "Which old system would I replace first, and what has been tried?"
    words: dict[str, Any] = {"level": "head", "places": ("DE-HH",), "remote_min_percent": 60}
    excluded = ("Quandt & Reiher Personalberatung",)
    diary.on(200, Town.set_terms, member="ada", question=question, pay=floor, excluded=excluded, **words)
    diary.on(120, Town.set_terms, member="bo_ahrens", pay=Pay(amount=6_000, currency="EUR", period="month"))


def _offers_to_ada(diary: Diary) -> None:
    """One she was interested in, and the range was kept; one that her terms kept away; one that waits."""
    _wind_to_ada(diary)
    _press_to_ada(diary)
    _clinic_to_ada(diary)


def _wind_to_ada(diary: Diary) -> None:
    wind = {
        **A_YEAR,
        "employer": "Havelwind Energie GmbH",
        "role": "Leiterin Steuerungssoftware",
        "level": "head",
        "pay_low": 112_000,
        "pay_high": 124_000,
        "place": "DE-BB",
        "remote_percent": 80,
        "staff": 14,
        "mandate": "The control software of four hundred turbines, written over twenty years by people who have left.",
        "why": "You have moved a mainframe that nobody could read any more; this is the same, with wind.",
        "answer": "The alarm filter, from 2004. Two rewrites were begun and given up.",
    }
    diary.on(100, Town.offer_role, sender="grete", recipient="ada", line=2, **wind)
    diary.on(96, Town.answer_offer, sender="grete", recipient="ada", answer="interested")
    diary.say(95, "ada", "grete", "I am happy where I am, but I would like to see that alarm filter. Friday?")
    diary.on(80, Town.say_range, sender="grete", recipient="ada", kept=True)


def _press_to_ada(diary: Diary) -> None:
    press = {
        **A_YEAR,
        "employer": "Lindenhof Verlag",
        "role": "Leitung Digitales",
        "level": "lead",
        "pay_low": 68_000,
        "pay_high": 80_000,
        "place": "DE-SN",
        "remote_percent": 40,
        "mandate": "Der Verlag sucht jemanden, der die Herstellung vom Satz bis zum Shop neu ordnet.",
        "why": "Du hast schon einmal ein Haus umgestellt, das nicht umgestellt werden wollte.",
        "answer": "Das Titelsystem. Versucht wurde bisher nur, nicht hinzusehen.",
    }
    diary.on(40, Town.offer_role, sender="mo_seidel", recipient="ada", line=3, **press)


def _clinic_to_ada(diary: Diary) -> None:
    asked: dict[str, Any] = {
        "level": "head",
        "pay_low": 118_000,
        "pay_high": 132_000,
        "remote_percent": 50,
        "staff": 22,
    }
    words: dict[str, Any] = {
        "role": "Leiterin Softwareentwicklung",
        "why": "In the mainframe nights you decided what not to move. That is the skill we are missing.",
        "answer": "The ward lists: they are printed at four and wrong by five. Two vendors have tried.",
    }
    diary.on(5, Town.offer_role, sender="tarek", recipient="ada", line=2, **CLINIC, **asked, **words)


def _who_listen(crowd: Sequence[Person], met: Sequence[Meeting]) -> Iterator[tuple[Person, int]]:
    """Longest here, with a job that members see, and no story with Tarek: who, and which line the offer names."""
    with_tarek = {handle for meeting in met if "tarek" in meeting.pair for handle in meeting.pair}
    found = 0
    for person in crowd:
        seen = (line.kind == EntryKind.EMPLOYMENT and line.visible_to >= Visibility.MEMBERS for line in person.lines)
        number = next((number for number, is_seen in enumerate(seen) if is_seen), None)
        if person.handle in with_tarek or number is None or found == LISTENERS:
            continue
        found += 1
        yield person, number


def _clinic(diary: Diary, listeners: Sequence[tuple[Person, int]]) -> None:
    """Tarek looks for people for his clinic, reads first, and keeps his ranges but once."""
    role: dict[str, Any] = {
        "role": "Anwendungsbetreuung Station",
        "level": "professional",
        "pay_low": 58_000,
        "pay_high": 66_000,
    }
    for number, (person, line) in enumerate(listeners):
        days = 90 - 4 * number
        pair: dict[str, Any] = {"sender": "tarek", "recipient": person.handle}
        why = f"Wer {person.lines[line].place} von innen kennt, erschrickt bei uns vor nichts."
        diary.on(days + 20, Town.set_terms, member=person.handle, pay=Pay(amount=50_000, currency="EUR", period="year"))
        diary.on(days, Town.offer_role, **pair, line=line, **CLINIC, **role, remote_percent=20, why=why)
        diary.on(days - 4, Town.answer_offer, **pair, answer="interested")
        diary.on(days - 30, Town.say_range, **pair, kept=number != 3)


def _calls(diary: Diary) -> None:
    """Ada asks for one thing and gets it; Bo asks for another, which Ada can answer."""
    words = "Somebody who reads our backup concept with a stranger's eyes: two days, a report, no product."
    call: dict[str, Any] = {"kind": "service", "topic": "security", "region": "DE-HH", "words": words}
    diary.on(20, Town.open_call, member="ada", days=60, **call)
    text = (
        "Two of us do nothing else: we read backup concepts for clinics, restore one machine in front of you, and write"
        " six pages. Two days, 2,400 EUR, and no product behind it."
    )
    diary.on(12, Town.promote, sender="tarek", recipient="ada", text=text)
    call = {"kind": "experience", "topic": "it", "region": "DE-NW"}
    words = "Wer hat eine Überwachung mit über tausend Maschinen abgelöst, ohne dass nachts jemand angerufen wurde?"
    diary.on(9, Town.open_call, member="bo_ahrens", days=45, words=words, **call)
    diary.on(8, Town.speak_to, member="ada", topics=(("it", "DE"), ("logistics", "DE-HH")))

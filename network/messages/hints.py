"""Before something is sent: does it read like an offer or a promotion? A hint to its writer, never a block. Pure.

Deterministic and plain, so that it can be argued with: each sign has a name, and the page shows which were found.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from foundation import wording
from network.messages.models import Purpose

SIGNS = {
    "link": _("a link"),
    "price": _("a price or a discount"),
    "appointment": _("an invitation to an appointment"),
    "booking": _("a page or an entry for booking an appointment"),
    "selling": _("words of selling"),
    "job": _("words of a job offer"),
    "many": _("nearly the same text that went to others"),
}
TELLING = {"booking", "selling", "job"}
"""Of two signs one is one of these, or they are a price and a link: colleagues, too, send links and meet."""
SAME = 0.6
"""Two texts are nearly the same when they share this part of all their runs of three words (Jaccard)."""
MANY = 2
"""Others who had nearly the same text: from so many on it is a sign, and enough by itself."""
RUNS_MIN = 5
"""Texts of fewer runs, below seven words, are too short to say."""
READ_MAX_CHARACTERS = 20_000
COMPARED_MAX_CHARACTERS = 5_000

_PRICE = re.compile(
    r"(?:[€$£]\s?\d|\d(?:[.,]\d{1,9})?\s?(?:€|\$|£|(?:eur|euro|chf|usd)\b))"
    r"|\d{1,3}\s?%\s?(?:off|rabatt|discount|günstiger)"
    r"|\b(?:kostenlos\w{0,4}|gratis|for free|free (?:trial|demo|consultation)|sonderpreis|rabatt\w{0,6}"
    r"|discount\w{0,4})\b",
    re.IGNORECASE,
)
_APPOINTMENT = re.compile(
    r"\b(?:(?:15|20|30)[ -]?min(?:ute[ns]?|s)?|quick (?:call|chat)|kurze[sn]? (?:gespräch|telefonat|call|austausch)"
    r"|termin (?:vereinbaren|finden)|when (?:suits|works for) you|wann passt)\b",
    re.IGNORECASE,
)
_BOOKING = re.compile(
    r"\b(?:book (?:a|your) (?:slot|call|demo|meeting)|schedule a (?:demo|call)"
    r"|buch(?:e|en sie) (?:dir |sich )?(?:hier|direkt)|termin (?:buchen|sichern)|calendly)\b",
    re.IGNORECASE,
)
_SELLING = re.compile(
    r"\b(?:our (?:product|solution|platform|service|offering|software|tool)s?"
    r"|unser\w{0,2} (?:produkt|lösung|plattform|angebot|dienstleistung|service|software|tool)\w{0,4}"
    r"|we help (?:companies|teams|businesses|firms)|wir (?:helfen|unterstützen) (?:unternehmen|firmen|teams)"
    r"|case stud(?:y|ies)|white ?paper|(?:sales|qualified|mehr|qualifizierte) leads|umsatz (?:steigern|verdoppeln)"
    r"|boost your|unverbindlich\w{0,4}|no obligation|limited offer|nur (?:noch )?bis|return on investment)\b",
    re.IGNORECASE,
)
_JOB = re.compile(
    r"\b(?:vacanc(?:y|ies)|open position|exciting (?:role|opportunity)|new (?:challenge|opportunity)|job offer"
    r"|my client is (?:looking|hiring)|headhunter|vakanz\w{0,2}|offene (?:stelle|position)"
    r"|neue (?:herausforderung|perspektive)|spannende (?:position|stelle|aufgabe)|wechselbereit\w{0,2}"
    r"|jobangebot\w{0,2}|personalberat\w{0,5}|mein(?:en)? (?:mandant|kunde)\w{0,2} such\w{1,2}|m/w/d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hint:
    """`purpose` is what the text reads like, personal where only its spread tells; `signs` are codes of SIGNS."""

    purpose: str
    signs: tuple[str, ...]


def hint(
    text: str, *, said_before: Sequence[str] = (), sent_to: Mapping[int, Iterable[str]] | None = None
) -> Hint | None:
    """What the text reads like, or None.

    `said_before`: what the writer said in the same thread since the other wrote last; it is read together with the
    text, where that adds a sign of its own. `sent_to`: what the writer lately sent to others, by person.
    """
    signs = _signs("\n".join([*said_before, text])) if _signs(text) else ()
    if same_to(text, sent_to or {}) >= MANY:
        signs = (*signs, "many")
    elif not _enough(signs):
        return None
    return Hint(_reads_like(signs), signs)


def _signs(text: str) -> tuple[str, ...]:
    words = text[-READ_MAX_CHARACTERS:]
    found = {
        "link": wording.links(words),
        "price": _PRICE.search(words),
        "appointment": _APPOINTMENT.search(words),
        "booking": _BOOKING.search(words) or wording.calendar(words),
        "selling": _SELLING.search(words),
        "job": _JOB.search(words),
    }
    return tuple(code for code, there in found.items() if there)


def _enough(signs: Sequence[str]) -> bool:
    return len(signs) >= 2 and (not TELLING.isdisjoint(signs) or {"price", "link"} <= set(signs))


def _reads_like(signs: Sequence[str]) -> str:
    if "job" in signs:
        return Purpose.OFFER
    return Purpose.PROMOTION if _enough(signs) else Purpose.PERSONAL


def same_to(text: str, sent_to: Mapping[int, Iterable[str]]) -> int:
    """To how many people nearly the same text went."""
    mine = _runs(text)
    if len(mine) < RUNS_MIN:
        return 0
    return sum(any(_alike(mine, _runs(other)) >= SAME for other in texts) for texts in sent_to.values())


def alike(one: str, other: str) -> float:
    """Shared runs of three words over all of both, in [0, 1]; 0 for texts too short to say."""
    return _alike(_runs(one), _runs(other))


def _alike(mine: set[tuple[str, ...]], theirs: set[tuple[str, ...]]) -> float:
    if min(len(mine), len(theirs)) < RUNS_MIN:
        return 0.0
    return len(mine & theirs) / len(mine | theirs)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", wording.clean(text[:COMPARED_MAX_CHARACTERS]).casefold())
    return {tuple(words[place : place + 3]) for place in range(len(words) - 2)}

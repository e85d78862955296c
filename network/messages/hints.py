"""Before something is sent: does it read like an offer or a promotion? A hint to its writer, never a block. Pure.

Deterministic and plain, so that it can be argued with: each sign has a name, and the page shows which were found.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from foundation import wording
from network.messages.models import Purpose

SIGNS = {
    "link": _("a link"),
    "price": _("a price or a discount"),
    "appointment": _("an invitation to an appointment"),
    "selling": _("words of selling"),
    "job": _("words of a job offer"),
    "many": _("nearly the same text that went to others"),
}
SAME = 0.6
"""Two texts are nearly the same when they share this part of all their runs of three words (Jaccard)."""
MANY = 2
"""Others who had nearly the same text: from so many on it is a sign."""
ENOUGH = 2
"""Signs it takes; nearly the same text to many is enough by itself."""

_PRICE = re.compile(
    r"(?:[€$£]\s?\d|\d(?:[.,]\d+)?\s?(?:€|\$|£|eur\b|euro\b|chf\b|usd\b))|\d+\s?%\s?(?:off|rabatt|discount|günstiger)"
    r"|\b(?:kostenlos\w*|gratis|for free|free (?:trial|demo|consultation)|sonderpreis|rabatt\w*|discount\w*)\b",
    re.IGNORECASE,
)
_APPOINTMENT = re.compile(
    r"\b(?:book (?:a|your) (?:slot|call|demo|meeting)|(?:15|20|30)[ -]?(?:min\w*|minuten)|quick (?:call|chat)"
    r"|termin (?:vereinbaren|buchen|finden)|kurze[sn]? (?:gespräch|telefonat|call|austausch)|calendar link|calendly"
    r"|when (?:suits|works for) you|wann passt)\b",
    re.IGNORECASE,
)
_SELLING = re.compile(
    r"\b(?:our (?:product|solution|platform|service|offering)s?"
    r"|unser\w* (?:produkt|lösung|plattform|angebot|service)\w*"
    r"|we help (?:companies|teams|businesses)|wir (?:helfen|unterstützen) unternehmen|case stud(?:y|ies)|whitepaper"
    r"|webinar|newsletter|roi\b|leads?\b|umsatz steigern|boost your|unverbindlich\w*|no obligation)\b",
    re.IGNORECASE,
)
_JOB = re.compile(
    r"\b(?:vacanc(?:y|ies)|open position|new (?:role|challenge|opportunity)|job offer|recruit(?:er|ing|ment)|headhunter"
    r"|vakanz\w*|offene stelle|neue (?:herausforderung|position|stelle)|wechselbereit\w*|jobangebot\w*|personalberat\w*"
    r"|m/w/d|gehalt\w*|salary)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hint:
    """`purpose` is what the text reads like; `signs` are codes of SIGNS."""

    purpose: str
    signs: tuple[str, ...]


def hint(text: str, sent_to_others: Iterable[str] = ()) -> Hint | None:
    """What the text reads like, or None. `sent_to_others`: texts the writer lately sent to other people, one each."""
    words = text[:20_000]
    found = {
        "link": bool(wording.links(words)),
        "price": bool(_PRICE.search(words)),
        "appointment": bool(_APPOINTMENT.search(words)),
        "selling": bool(_SELLING.search(words)),
        "job": bool(_JOB.search(words)),
        "many": sum(alike(words, other) >= SAME for other in sent_to_others) >= MANY,
    }
    signs = tuple(code for code, there in found.items() if there)
    if len(signs) < ENOUGH and not found["many"]:
        return None
    return Hint(Purpose.OFFER if found["job"] else Purpose.PROMOTION, signs)


def alike(one: str, other: str) -> float:
    """Shared runs of three words over all of both, in [0, 1]; 0 for texts too short to say."""
    mine, theirs = _runs(one), _runs(other)
    return len(mine & theirs) / len(mine | theirs) if len(mine) >= 5 and len(theirs) >= 5 else 0.0


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold()[:5_000])
    return {tuple(words[place : place + 3]) for place in range(len(words) - 2)}

"""Time zones by country and city, in the words of a language (CLDR, through Babel)."""

import unicodedata
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))


def choices(language: str, *, also: str) -> list[tuple[str, str]]:
    """(name, words), in the order of the words, each place once; `also` is among them by its own name."""
    named = dict.fromkeys(["UTC", *ZONES]) | {also: None}
    places: dict[str, str] = {}
    for zone in [also, *named]:
        places.setdefault(in_words(zone, language), zone)
    return sorted(((zone, words) for words, zone in places.items()), key=lambda one: _plain(one[1]))


@lru_cache(maxsize=2048)
def in_words(zone: str, language: str) -> str:
    """`Österreich: Wien`; the bare name for what belongs to no country."""
    locale = Locale.parse(language, sep="-")
    known = str(get_global("zone_aliases").get(zone, zone))
    country = locale.territories.get(str(get_global("zone_territories").get(known, "")))
    if not country or known.startswith("Etc/") or zone == "UTC":
        return zone.replace("_", " ")
    city = str(get_timezone_location(zone, locale=locale, return_city=True))
    return country if city == country else f"{country}: {city}"


def _plain(words: str) -> str:
    """For ordering: Ä beside A."""
    return "".join(c for c in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(c))

"""Numbers as people say them, in German and English: how many digits a word stands for."""

# ruff: noqa: SIM905  (lists of words read better as words)

import re

_ONE = """
null eins zwei zwo drei vier fünf fuenf funf sechs sieben acht neun
zero oh o nought naught nil one two three four five six seven eight nine
""".split()
_TEENS = """
zehn elf zwölf zwoelf dreizehn vierzehn fünfzehn fuenfzehn sechzehn siebzehn achtzehn neunzehn
ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
""".split()
_TENS = """
zwanzig dreissig vierzig fünfzig fuenfzig sechzig siebzig achtzig neunzig
twenty thirty forty fourty fifty sixty seventy eighty ninety
""".split()
_UNITS = "ein zwei drei vier fünf fuenf sechs sieben acht neun".split()
_AGAIN = {"doppel": 1, "doppelt": 1, "double": 1, "triple": 2, "dreifach": 2, "zweimal": 1, "dreimal": 2}

DIGITS_OF = dict.fromkeys(_ONE, 1) | dict.fromkeys(_TEENS + _TENS, 2) | _AGAIN
DIGITS_OF |= {f"{unit}und{ten}": 2 for unit in _UNITS for ten in _TENS[:8]}

# Said between digits without ending the number.
BETWEEN = frozenset("plus minus dash hyphen strich bindestrich slash schrägstrich dot punkt space leerzeichen".split())

_ANY = "|".join(sorted(DIGITS_OF, key=len, reverse=True))
_ONLY = re.compile(f"(?:{_ANY})+")
_EACH = re.compile(_ANY)


def digits_of(word: str) -> int | None:
    """How many digits a casefolded `word` says: `null` 1, `nulleinssieben` 3, `einundzwanzig` 2; else None."""
    if word in DIGITS_OF:
        return DIGITS_OF[word]
    if len(word) > 200 or not _ONLY.fullmatch(word):
        return None
    return sum(DIGITS_OF[part] for part in _EACH.findall(word))

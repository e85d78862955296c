"""What a text carries: links, addresses, phone numbers, calendar entries. Pure; texts come from strangers.

Every pattern starts only at a word's edge and is bounded, so that 100 kB of anything is read in one pass.
Where in doubt a text is said to carry something: the writer is told, and can say it differently.
"""

import ipaddress
import re
import unicodedata

from foundation import top_level
from foundation.digit_words import BETWEEN, digits_of

PHONE_DIGITS = 6  # product.md, section 3: "six digits or digit words in a row, German or English"
GAP_CHARACTERS = 6  # what may stand between two digits of a number and is neither letter nor digit

# Letters that show nothing (Unicode: Default_Ignorable_Code_Point) and are not of the categories dropped below.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_NEW_LINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")

_OPEN, _CLOSE = r"[\[({<]\s{0,3}", r"\s{0,3}[\])}>]"
_HIDDEN_DOT = re.compile(rf"\s{{0,3}}{_OPEN}(?:\.|dot|punkt|point){_CLOSE}\s{{0,3}}", re.IGNORECASE)
_SCHEME = re.compile(
    r"(?<!\w)(?:https?\s?|hxxps?|ftps?|ssh|ipfs|magnet|tel|sms|mailto|xmpp|skype|javascript|data(?=:\w{1,20}/)):\S{1,200}",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(r"(?<!\w)[a-z][a-z0-9+.-]{0,30}://\S{0,200}", re.IGNORECASE)
_WWW = re.compile(r"(?<!\w)www\d{0,2}\s?\.\s?\w\S{0,200}", re.IGNORECASE)
_DOTTED = re.compile(r"(?<![\w-])[\w-]++(?:\.[\w-]++)+")
_SPOKEN_DOT = re.compile(
    r"(?<![\w-])([\w-]{2,63})(?:\s{1,3}(?:dot|punkt|point)\s{1,3}|\s{1,3}\.\s{0,3})(?=(\w{2,10})(?!\w))", re.IGNORECASE
)
_COLONS = re.compile(r"(?<![\w:])[0-9a-f:]{2,39}:[0-9a-f:.]{0,39}(?!\w)", re.IGNORECASE)

_HOST = r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}"
_AT_SIGN = re.compile(
    rf"(?<![\w.%+-])[\w.%+-]{{1,64}}(?:@|\s{{1,3}}@\s{{0,3}}(?=[\w.-]{{1,63}}\.)){_HOST}|(?<![\w@])@\w[\w.-]{{1,63}}"
)
_AT_HIDDEN = re.compile(
    rf"(?<![\w.%+-])[\w.%+-]{{1,64}}\s{{0,3}}{_OPEN}(?:@|at|ät|aet|a|affe){_CLOSE}\s{{0,3}}{_HOST}", re.IGNORECASE
)
_AT_SPOKEN = re.compile(
    rf"(?<![\w.%+-])([\w.%+-]{{1,64}})\s{{1,3}}(at|klammeraffe|affenschwanz|et)\s{{1,3}}({_HOST})", re.IGNORECASE
)

_PIECE = re.compile(r"(?P<digits>\d+)|(?P<word>[^\W\d_]+)|(?P<gap>[\W_]+)")
_YEARS = re.compile(r"(?:19|20)\d\d\s?[-‐‑‒–—―−]\s?(?:19|20)\d\d")

_CALENDAR = re.compile(
    r"BEGIN\s?:\s?V(?:CALENDAR|EVENT)|(?<!\w)webcals?:|\.ics(?!\w)|(?<!\w)(?:calendly|doodle|cal)\s?\.\s?com"
    r"|(?<!\w)calendar[\s-]?(?:invit\w{0,8}|entr(?:y|ies)|link)|(?<!\w)(?:kalender|termin)[\s-]?(?:einladung|eintrag|anfrage|link)\w{0,4}"
    r"|(?<!\w)save[\s-]the[\s-]date",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """`text` as it looks: NFC; no control, bidirectional, zero-width or unassigned characters; `\\n` ends a line.

    Tabs and line ends stay. Emoji joined by zero-width joiners come apart into those they are made of.
    """
    lines = _NEW_LINES.sub("\n", text)
    seen = "".join(c for c in lines if c in "\n\t" or "\U0001f000" <= c <= "\U0001faff" or _is_seen(c))
    return unicodedata.normalize("NFC", _UNSEEN.sub("", seen))


def links(text: str) -> list[str]:
    """Every link in `text`, also bare domains, `example (dot) com`, `beispiel punkt de` and IP addresses."""
    plain = _HIDDEN_DOT.sub(".", _plain(text))
    found = [one for pattern in (_AUTHORITY, _SCHEME, _WWW) for one in pattern.findall(plain)]
    found += [one for one in _DOTTED.findall(plain) if _is_domain(one) or _is_ip(one)]
    found += [f"{name}.{end}" for name, end in _SPOKEN_DOT.findall(plain) if _is_spoken(name, end)]
    return found + [one for one in _COLONS.findall(plain) if _is_ip(one)]


def addresses(text: str) -> list[str]:
    """Every mail or network address in `text`: with an @, `(at)`, `at … dot …`, or a bare `@name`."""
    plain = _HIDDEN_DOT.sub(".", _plain(text))
    found = _AT_SIGN.findall(plain) + _AT_HIDDEN.findall(plain)
    joined = re.sub(r"(?<=\w)\s{1,3}(?:dot|punkt|point)\s{1,3}(?=\w)", ".", plain, flags=re.IGNORECASE)
    return found + [
        f"{name} {at} {host}" for name, at, host in _AT_SPOKEN.findall(joined) if _is_domain(host) or at.lower() != "at"
    ]


def phones(text: str) -> list[str]:
    """Every run of six or more digits or digit words, whatever separates them; two years (`2001–2004`) are none."""
    found: list[str] = []
    run, count = "", 0
    for piece in [*_PIECE.finditer(_plain(text)), None]:
        digits = _digits_in(piece) if piece else None
        if piece and digits is not None and (digits or run):
            run, count = run + piece.group(), count + digits
            continue
        if count >= PHONE_DIGITS and not _YEARS.fullmatch(run.strip(" .,;:!?()\n\t")):
            found.append(run.strip())
        run, count = "", 0
    return found


def calendar(text: str) -> list[str]:
    """Every calendar entry or invitation to one: iCalendar data, `.ics`, booking pages, "Kalendereinladung"."""
    return _CALENDAR.findall(_plain(text))


def has_mixed_scripts(name: str) -> bool:
    """Whether letters of `name` come from scripts that no language writes together (а Latin name with a Cyrillic а)."""
    scripts = {
        unicodedata.name(c, "?").split()[0].split("-")[0] for c in clean(name) if unicodedata.category(c)[0] == "L"
    }
    together = ({"CJK", "HIRAGANA", "KATAKANA"}, {"CJK", "HANGUL"}, {"CJK", "BOPOMOFO"})
    return len(scripts) > 1 and not any(scripts <= one for one in together)


def as_it_looks(text: str) -> str:
    """`text` in small letters, those of other scripts that look like a Latin one (in either case) as that one.

    For comparing names whose letters may have been changed for their likes: Асме is acme. Accents are dropped."""
    folded = unicodedata.normalize("NFKD", clean(text)).casefold()
    return "".join(_LIKE_LATIN.get(c, c) for c in folded if not unicodedata.combining(c))


def confusable_handle(handle: str) -> str:
    """What a handle looks like at a glance; two handles with the same answer can be taken for each other."""
    plain = "".join(_LIKE_A_LETTER.get(c, c) for c in as_it_looks(handle))
    for pair, one in (("rn", "m"), ("vv", "w")):
        plain = plain.replace(pair, one)
    return re.sub(r"[._-]", "", plain)


# Small letters that look like a Latin one, or whose capitals do (Unicode TR 39 confusables: Cyrillic, Greek, Latin).
_LIKE_LATIN = dict(
    zip(
        "авеікмнорстухјѕԁɡһԛԝӏѵүαβεζηικμνορτυχıłøđ",
        "abeikmhopctyxjsdghqwlvyabezhikmnoptuxilod",
        strict=True,
    )
)
_LIKE_A_LETTER = dict(zip("0135|!i", "oleslll", strict=True))


def _plain(text: str) -> str:
    """`text` for reading by machines: cleaned, compatibility forms and all scripts' digits as ASCII, marks gone."""
    folded = unicodedata.normalize("NFKC", clean(text)).replace("。", ".")
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in folded if unicodedata.category(c) != "Me")


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _DROPPED


def _is_domain(dotted: str) -> bool:
    labels = dotted.split(".")
    known = [end for end in labels[1:] if end.lower() in top_level.ALL or end.lower().startswith("xn--")]
    if not known or dotted.lower() in top_level.NOT_DOMAINS:
        return False
    return any(end.lower() not in top_level.WORDS or not end.istitle() for end in known)


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("."))
    except ValueError:
        return False
    return any(c.isdigit() for c in text)


def _is_spoken(name: str, end: str) -> bool:
    return end.lower() in top_level.SPOKEN and name.lower() not in top_level.FILLERS


def _digits_in(piece: re.Match[str]) -> int | None:
    """How many digits a piece adds to a number; 0 for what may stand in between, None for what ends it."""
    if piece["digits"]:
        return len(piece["digits"])
    if piece["gap"]:
        return 0 if len(piece["gap"]) <= GAP_CHARACTERS else None
    word = piece["word"].casefold()
    return 0 if word in BETWEEN else digits_of(word)

"""What a file is, by what is in it and not by its name. Pure; files come from strangers.

Few kinds on purpose: pictures that we can write anew, PDF, and plain text. No archives, no documents with macros,
nothing that a browser would run, no calendar entries and address cards (those pass with a release alone).
"""

import re
from dataclasses import dataclass

from foundation import wording

LOOKED_AT_BYTES = 4_096


@dataclass(frozen=True)
class Kind:
    mime: str
    ending: str
    picture: str = ""  # the name of its format, where it is one that is written anew


PNG = Kind("image/png", "png", "PNG")
JPEG = Kind("image/jpeg", "jpg", "JPEG")
WEBP = Kind("image/webp", "webp", "WEBP")
PDF = Kind("application/pdf", "pdf")
TEXT = Kind("text/plain; charset=utf-8", "txt")
_RUNS = re.compile(r"<\s*(?:!doctype|html|svg|script|\?xml|\?php|body|iframe|math)|^#!", re.IGNORECASE)
_CARDS = re.compile(r"BEGIN\s*:\s*V(?:CALENDAR|EVENT|CARD)", re.IGNORECASE)
_UNWRITTEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def kind_of(content: bytes) -> Kind | None:
    """One of the kinds above, or None for everything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith((b"%PDF-1.", b"%PDF-2.")):
        return PDF
    return TEXT if _is_text(content) else None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if not text.strip() or _UNWRITTEN.search(text):
        return False
    return not (_RUNS.search(text[:LOOKED_AT_BYTES]) or _CARDS.search(text))


def name_of(given: str, kind: Kind) -> str:
    """The given name's letters, digits and dashes, with the ending that its content has: no path, no second ending."""
    stem = wording.clean(given).replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    words = re.sub(r"[^\w-]+", " ", stem).strip(" -_")[:80].strip()
    return f"{words or 'file'}.{kind.ending}"

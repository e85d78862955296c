"""The words of the house in other languages, without GNU gettext: `python -m config.words extract|compile|check`.

`extract` brings the catalogs up to what the sources say; `compile` makes them readable for Django; `check` is silent
only if every message is there, translated, sure, and keeps its placeholders. English stands in the sources.
"""

import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HOME = Path(__file__).resolve().parent.parent
ROOMS = ("foundation", "accounts", "vetting", "network", "frontend", "config")
LANGUAGES = ("de",)
HEADER = """# Leumund, {language}
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
# Call → where its context stands, if it has one, and where its texts stand; from 0.
CALLS: dict[str, tuple[int | None, tuple[int, ...]]] = {
    "_": (None, (0,)),
    "gettext": (None, (0,)),
    "gettext_lazy": (None, (0,)),
    "gettext_noop": (None, (0,)),
    "ngettext": (None, (0, 1)),
    "ngettext_lazy": (None, (0, 1)),
    "pgettext": (0, (1,)),
    "pgettext_lazy": (0, (1,)),
    "npgettext": (0, (1, 2)),
    "npgettext_lazy": (0, (1, 2)),
}
PLACEHOLDER = re.compile(r"%%|%(?:\(\w+\))?[#0\- +]*[\d.]*[a-zA-Z]|\{\w*\}|</?[a-zA-Z]\w*")
ENTRY_KEY = re.compile(r'^(msgctxt|msgid|msgid_plural) (".*")$|^(".*")$')

Id = tuple[str | None, str]


@dataclass(frozen=True)
class Found:
    """One message in the sources."""

    file: str
    line: int
    context: str | None
    texts: tuple[str, ...]
    comments: tuple[str, ...]


# ── from the sources ────────────────────────────────────────────────────────
def found(home: Path = HOME) -> Iterator[Found]:
    """Every message in Python files and templates. A file that does not parse raises SyntaxError with its name."""
    for room in ROOMS:
        for path in sorted((home / room).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "static" not in path.parts and path.is_file():
                yield from _in_file(path, str(path.relative_to(home)))


def _in_file(path: Path, name: str) -> Iterator[Found]:
    text = path.read_text()
    if path.suffix != ".py":
        text = _templatize(text, name)
    source = io.BytesIO(text.encode())
    wanted: Any = list(CALLS)  # babel's types ask for shapes, its code for names
    try:
        calls: list[Any] = list(extract_python(source, wanted, ["Translators:"], {"encoding": "utf-8"}))
    except (SyntaxError, IndentationError) as error:
        raise SyntaxError(f"{name}: {error}") from None
    for line, call, said, comments in calls:
        words = tuple(said) if isinstance(said, (list, tuple)) else (said,)
        context, texts = CALLS[call]
        if one := _pick(words, context=context, texts=texts):
            yield Found(name, line, *one, tuple(comments))


def _templatize(text: str, name: str) -> str:
    """The template as Python calls, by Django's own reader; left-aligned, because it has no indentation to mean."""
    from django.utils.translation.template import templatize

    return "\n".join(line.lstrip() for line in templatize(text, origin=name).split("\n"))


def _pick(
    words: tuple[str | None, ...], *, context: int | None, texts: tuple[int, ...]
) -> tuple[str | None, tuple[str, ...]] | None:
    """Context and texts of a call's words; None if one of them is not written out there."""
    places = texts if context is None else (context, *texts)
    said = [word for place in places if place < len(words) and (word := words[place])]
    if len(said) < len(places):
        return None
    return (None, tuple(said)) if context is None else (said[0], tuple(said[1:]))


def template(home: Path = HOME) -> Catalog:
    """All messages of the sources, untranslated."""
    catalog = Catalog(charset="utf-8")
    for one in found(home):
        text = one.texts if len(one.texts) > 1 else one.texts[0]
        catalog.add(text, locations=[(one.file, one.line)], context=one.context, auto_comments=one.comments)
    return catalog


# ── the catalogs ────────────────────────────────────────────────────────────
def catalog_file(language: str, home: Path = HOME) -> Path:
    return home / "frontend" / "locale" / language / "LC_MESSAGES" / "django.po"


def extract(home: Path = HOME) -> None:
    """Each catalog holds exactly the messages of the sources; translations stay, those of lost messages go."""
    wanted = template(home)
    for language in LANGUAGES:
        file = catalog_file(language, home)
        catalog = _read(file, language) if file.exists() else Catalog(locale=language, charset="utf-8")
        catalog.update(wanted, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        body = io.BytesIO()
        write_po(
            body, catalog, width=110, sort_by_file=True, omit_header=True, include_lineno=False, ignore_obsolete=True
        )
        file.parent.mkdir(parents=True, exist_ok=True)
        header = HEADER.format(language=language, plurals=catalog.plural_forms)
        file.write_text(header + body.getvalue().decode().lstrip("\n"))


def compile_(home: Path = HOME) -> None:
    """Each catalog's .mo is as new as the catalog; doubtful (fuzzy) messages stay English."""
    for language in LANGUAGES:
        file = catalog_file(language, home)
        made = file.with_suffix(".mo")
        if not file.exists() or (made.exists() and made.stat().st_mtime >= file.stat().st_mtime):
            continue
        half = made.with_suffix(".half")
        with half.open("wb") as out:
            write_mo(out, _read(file, language))
        half.rename(made)


def _read(file: Path, language: str) -> Catalog:
    with file.open("rb") as text:
        return read_po(text, locale=language, charset="utf-8", abort_invalid=True)


# ── faults ──────────────────────────────────────────────────────────────────
def faults(home: Path = HOME) -> list[str]:
    """What is wrong with the catalogs, a sentence each."""
    wanted = {(message.context, _first(message)): message for message in template(home) if message.id}
    return [fault for language in LANGUAGES for fault in _faults_of(language, wanted, home)]


def _faults_of(language: str, wanted: dict[Id, Message], home: Path) -> Iterator[str]:
    file = catalog_file(language, home)
    if not file.exists():
        yield f"{language}: there is no catalog; run `python -m config.words extract`."
        return
    for key in _doubled(file):
        yield f"{language}: twice in the catalog: {key[1]!r}"
    catalog = _read(file, language)
    there = {(message.context, _first(message)): message for message in catalog if message.id}
    for key in wanted.keys() - there.keys():
        yield f"{language}: missing: {key[1]!r}"
    for key in there.keys() - wanted.keys():
        yield f"{language}: no longer in the sources: {key[1]!r}"
    for old in catalog.obsolete.values():
        yield f"{language}: obsolete: {_first(old)!r}"
    for key in wanted.keys() & there.keys():
        if fault := _fault(wanted[key], there[key]):
            yield f"{language}: {fault}: {key[1]!r}"


def _fault(wanted: Message, there: Message) -> str | None:
    sources, forms = _list(wanted.id), _list(there.string)
    if there.fuzzy:
        return "fuzzy"
    if sources != _list(there.id):
        return "another plural than in the sources"
    if not all(form.strip() for form in forms):
        return "not translated"
    if not all(_keeps(form, sources, one=number == 0) for number, form in enumerate(forms)):
        return "other placeholders or tags"
    if any(form.endswith("\n") != sources[0].endswith("\n") for form in forms):
        return "a line end too many or too few"
    return None


def _keeps(form: str, sources: list[str], *, one: bool) -> bool:
    """Whether a form has its source's placeholders and tags; the form for one may say the number in words."""
    held, due = _placeholders(form), _placeholders(sources[-1])
    lost = due - held
    return not held - due and lost.total() <= (1 if one and len(sources) > 1 else 0)


def _placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def _list(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """Singular and plurals of an id or its translation; what is not there is empty."""
    return [part or "" for part in text] if isinstance(text, (list, tuple)) else [text or ""]


def _first(message: Message) -> str:
    return _list(message.id)[0]


def _doubled(file: Path) -> list[Id]:
    """Entries that stand there twice: Babel's reader would silently keep one."""
    keys: Counter[Id] = Counter()
    for block in re.split(r"\n\s*\n", file.read_text()):
        parts: dict[str, str] = {}
        current = ""
        for line in block.split("\n"):
            match = ENTRY_KEY.match(line)
            current = match.group(1) or current if match else ""
            if match and current:
                parts[current] = parts.get(current, "") + (match.group(2) or match.group(3))[1:-1]
        if "msgid" in parts:
            keys[parts.get("msgctxt"), parts["msgid"]] += 1
    return [key for key, times in keys.items() if times > 1]


def main(arguments: list[str]) -> int:
    match arguments:
        case ["extract"]:
            extract()
        case ["compile"]:
            compile_()
        case ["check"]:
            wrong = faults()
            for fault in sorted(wrong):
                print(fault, file=sys.stderr)
            return 1 if wrong else 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

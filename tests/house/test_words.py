"""The check of the words sees each fault it is there for, and passes what is right."""

import re
from pathlib import Path

import pytest

from config import words

PAGE = """{% load i18n %}
<h1>{% translate "Your contacts" %}</h1>
   <p>{% blocktranslate count n=n trimmed %}
        {{ n }} person waits.
      {% plural %}
        {{ n }} people wait.
   {% endblocktranslate %}</p>
{% translate "May" context "month" %}{% translate "May" context "permission" %}
{{ thing|default:_("nobody") }}
"""
VERB = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
REFUSAL = _("You have %(used)s of %(limit)s.")
def say(n): return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}
def name(word): return _(word)
"""
GERMAN = {
    "Your contacts": "Deine Kontakte",
    "May": "Mai",
    "nobody": "niemand",
    "You have %(used)s of %(limit)s.": "Du hast %(used)s von %(limit)s.",
}
PLURALS = {
    "%(n)s person waits.": ["Eine Person wartet.", "%(n)s Leute warten."],
    "%(n)d day": ["%(n)d Tag", "%(n)d Tage"],
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A small house with a complete German catalog."""
    (tmp_path / "frontend" / "templates").mkdir(parents=True)
    (tmp_path / "network").mkdir()
    (tmp_path / "frontend" / "templates" / "page.html").write_text(PAGE)
    (tmp_path / "network" / "verb.py").write_text(VERB)
    words.extract(tmp_path)
    fill(tmp_path)
    return tmp_path


def fill(home: Path) -> None:
    """German for every message."""
    catalog = text(home)
    for english, german in GERMAN.items():
        catalog = catalog.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{german}"')
    catalog = re.sub(r'msgid "May"\nmsgstr ""', 'msgid "May"\nmsgstr "Darf"', catalog)
    for english, (one, more) in PLURALS.items():
        start = catalog.index(f'msgid "{english}"')
        rest = catalog[start:].replace('[0] ""', f'[0] "{one}"', 1).replace('[1] ""', f'[1] "{more}"', 1)
        catalog = catalog[:start] + rest
    write(home, catalog)


def text(home: Path) -> str:
    return words.catalog_file("de", home).read_text()


def write(home: Path, catalog: str) -> None:
    words.catalog_file("de", home).write_text(catalog)


def plant(home: Path, old: str, new: str) -> list[str]:
    assert old in text(home)
    write(home, text(home).replace(old, new, 1))
    return words.faults(home)


def test_the_catalogs_of_this_house_are_complete() -> None:
    assert words.faults() == []


def test_a_complete_catalog_has_no_fault(home: Path) -> None:
    assert words.faults(home) == []


def test_words_of_python_and_of_templates_are_found(home: Path) -> None:
    ids = {(message.context, words._first(message)) for message in words.template(home) if message.id}
    assert {(None, "Your contacts"), ("month", "May"), ("permission", "May"), (None, "nobody")} <= ids
    assert {(None, "%(n)s person waits."), (None, "%(n)d day"), (None, "You have %(used)s of %(limit)s.")} <= ids
    assert len(ids) == 7


def test_a_message_without_translation_is_a_fault(home: Path) -> None:
    assert plant(home, '"Deine Kontakte"', '""') == ["de: not translated: 'Your contacts'"]


def test_a_plural_form_without_translation_is_a_fault(home: Path) -> None:
    assert plant(home, '"%(n)d Tage"', '""') == ["de: not translated: '%(n)d day'"]


def test_a_doubtful_translation_is_a_fault(home: Path) -> None:
    assert plant(home, 'msgid "nobody"', '#, fuzzy\nmsgid "nobody"') == ["de: fuzzy: 'nobody'"]


def test_a_lost_placeholder_is_a_fault(home: Path) -> None:
    assert len(plant(home, "von %(limit)s", "von vielen")) == 1


def test_a_foreign_placeholder_is_a_fault(home: Path) -> None:
    assert len(plant(home, "Deine Kontakte", "%(name)s Kontakte")) == 1


def test_the_form_for_one_may_say_the_number_in_words(home: Path) -> None:
    assert plant(home, "Eine Person wartet", "%(n)s Person wartet") == []


def test_the_form_for_many_may_not(home: Path) -> None:
    faults = plant(home, "%(n)s Leute warten", "Viele Leute warten")
    assert faults == ["de: other placeholders or tags: '%(n)s person waits.'"]


def test_a_new_message_in_the_sources_is_a_fault(home: Path) -> None:
    (home / "network" / "new.py").write_text('gettext("Hello")')
    assert words.faults(home) == ["de: missing: 'Hello'"]


def test_a_message_that_left_the_sources_is_a_fault(home: Path) -> None:
    (home / "network" / "verb.py").unlink()
    assert len(words.faults(home)) == 2


def test_an_obsolete_message_is_a_fault(home: Path) -> None:
    write(home, text(home) + '\n#~ msgid "Old"\n#~ msgstr "Alt"\n')
    assert words.faults(home) == ["de: obsolete: 'Old'"]


def test_a_message_that_stands_there_twice_is_a_fault(home: Path) -> None:
    write(home, text(home) + '\nmsgid "nobody"\nmsgstr "keiner"\n')
    assert words.faults(home) == ["de: twice in the catalog: 'nobody'"]


def test_no_catalog_at_all_is_a_fault(home: Path) -> None:
    words.catalog_file("de", home).unlink()
    assert len(words.faults(home)) == 1


def test_extracting_again_changes_nothing(home: Path) -> None:
    before = text(home)
    words.extract(home)
    assert text(home) == before


def test_extracting_keeps_translations_and_drops_lost_messages(home: Path) -> None:
    (home / "network" / "verb.py").unlink()
    words.extract(home)
    assert "Deine Kontakte" in text(home)
    assert "%(limit)s" not in text(home)
    assert words.faults(home) == []


def test_compiling_makes_what_django_reads(home: Path) -> None:
    import gettext

    words.compile_(home)
    made = words.catalog_file("de", home).with_suffix(".mo")
    with made.open("rb") as file:
        german = gettext.GNUTranslations(file)
    assert german.gettext("Your contacts") == "Deine Kontakte"
    assert german.ngettext("%(n)d day", "%(n)d days", 2) == "%(n)d Tage"
    assert {german.pgettext("month", "May"), german.pgettext("permission", "May")} <= {"Mai", "Darf"}
    born = made.stat().st_mtime_ns
    words.compile_(home)
    assert made.stat().st_mtime_ns == born

"""The locust report in words: sections of rows, each a name and a number."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.offers.yearly import Year, as_rows

Words = str | Promise
SECTIONS: tuple[tuple[Words, tuple[tuple[str, Words], ...]], ...] = (
    (
        _("Who asked you for contact"),
        (
            ("asked", _("requests in all")),
            ("asked_a", _("of grade A: confirmed, or vouched for")),
            ("asked_b", _("of grade B: both list it")),
            ("asked_c", _("of grade C: only they say so")),
            ("accepted", _("accepted by you")),
        ),
    ),
    (
        _("Who wanted to sell you something"),
        (
            ("pitched", _("people who pitched, as you marked it")),
            ("unlabelled", _("messages that moderators found to be unlabelled advertising")),
            ("promotions", _("promotions, labelled, into a call of yours")),
            ("promotions_objected", _("of these, to which you objected")),
        ),
    ),
    (
        _("Who offered you a role"),
        (
            ("offers", _("offers sent to you")),
            ("offers_arrived", _("of these, within your terms")),
            ("offers_unread", _("of these, plainly written without reading your profile")),
        ),
    ),
    (
        _("What the contract kept away"),
        (
            ("kept_in_tray", _("requests that waited in the tray and never rang")),
            ("kept_away", _("requests delivered nowhere: asked again too soon, or across a block")),
            ("offers_kept_away", _("offers against your terms, or of the same role again")),
        ),
    ),
)


@dataclass(frozen=True)
class Section:
    title: Words
    rows: list[tuple[Words, int]]


def sections(year: Year) -> list[Section]:
    counts = dict(as_rows(year))
    return [Section(title, [(words, counts[name]) for name, words in rows]) for title, rows in SECTIONS]


def words() -> dict[str, str]:
    """Name for machines → words, in the language that is active."""
    return {name: str(words) for _title, rows in SECTIONS for name, words in rows}

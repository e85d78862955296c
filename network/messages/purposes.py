"""What a message is for, and what may not be in it. Pure: takes values, returns values."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from foundation import wording
from network.messages.models import Purpose

CARRIES = {
    "link": _("a link"),
    "address": _("a mail address"),
    "phone": _("a phone number"),
    "calendar": _("a calendar invitation"),
}


@dataclass(frozen=True)
class Weighed:
    """What a text carries besides words (codes of CARRIES) and the first place where it does."""

    carries: tuple[str, ...]
    example: str = ""


def weigh(text: str) -> Weighed:
    found = {
        "link": wording.links(text),
        "address": wording.addresses(text),
        "phone": wording.phones(text),
        "calendar": wording.calendar(text),
    }
    carried = tuple(code for code, places in found.items() if places)
    return Weighed(carried, found[carried[0]][0] if carried else "")


def has_a_form(purpose: str) -> bool:
    """Whether a message of this purpose is written in a thread: offers and promotions have forms of their own."""
    return purpose == Purpose.PERSONAL

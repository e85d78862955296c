"""Words from elsewhere as plain text: no markup, nothing invisible, no longer than there is room for. Pure.

HTML is read by a parser (nh3), never by patterns, so that no text takes long (federation.md, 34).
"""

import html

import nh3

from foundation import wording

MOST_MARKUP = 20_000
"""Characters of markup that are read; what comes after is dropped."""
_ENDS = ("</p>", "<br>", "<br/>", "<br />", "</div>", "</li>")


def line(value: object, *, most: int) -> str:
    """One line of plain text out of a text that is not HTML."""
    text = wording.clean(value[:MOST_MARKUP]) if isinstance(value, str) else ""
    return " ".join(text.split())[:most].strip()


def line_of_markup(value: object, *, most: int) -> str:
    """One line of what a reader would see of a piece of HTML."""
    return line(text_of_markup(value, most=most * 4), most=most)


def text_of_markup(value: object, *, most: int) -> str:
    """What a reader would see of a piece of HTML; paragraphs and breaks end a line."""
    if not isinstance(value, str):
        return ""
    broken = value[:MOST_MARKUP]
    for end in _ENDS:
        broken = broken.replace(end, f"{end}\n")
    seen = wording.clean(html.unescape(nh3.clean(broken, tags=set())))
    lines = [" ".join(one.split()) for one in seen.split("\n")]
    return "\n".join(_without_gaps(lines))[:most].strip()


def name(value: object, *, most: int) -> str:
    """How somebody elsewhere calls themselves; empty if they call themselves a link or an address.

    What a name of ours may not hold either (`signup.check_name`) is a blank here: they did not choose it for us.
    """
    text = line(value, most=MOST_MARKUP)
    for sign in "<>@/\\":
        text = text.replace(sign, " ")
    text = " ".join(text.split())[:most].strip()
    return text if any(c.isalpha() for c in text) and not wording.links(text) else ""


def _without_gaps(lines: list[str]) -> list[str]:
    """At most one empty line in a row."""
    return [one for number, one in enumerate(lines) if one or (number and lines[number - 1])]

"""Words between HTML, as it travels, and plain text, as it is kept here. No pattern is run over foreign HTML."""

import html

import nh3

LINES = ("<br>", "\n"), ("<p>", ""), ("</p>", "\n\n")


def of(markup: object) -> str:
    """What a reader sees of the markup: no tags, no scripts, paragraphs and line breaks as new lines."""
    text = markup if isinstance(markup, str) else ""
    kept = nh3.clean(text, tags={"p", "br"}, attributes={}, link_rel=None)  # writes these tags in one way only
    for tag, line in LINES:
        kept = kept.replace(tag, line)
    return html.unescape(kept).strip()


def as_html(text: str) -> str:
    """One paragraph with the text's own line breaks; `of` gives it back unchanged."""
    return f"<p>{html.escape(text, quote=False)}</p>".replace("\n", "<br>")


def without_mentions(text: str, *names: str) -> str:
    """The text without those names at its beginning: other servers put there whom it is for."""
    first, _blank, rest = text.partition(" ")
    while first.lstrip("@").lower() in names and first.startswith("@"):
        text = rest.lstrip()
        first, _blank, rest = text.partition(" ")
    return text

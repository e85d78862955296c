"""Foreign HTML becomes plain text; no pattern runs over it (federation.md, 34)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import wording
from network.federation import words


@given(st.text(max_size=300).map(wording.clean).map(str.strip))
def test_what_we_write_is_read_back_unchanged(text: str) -> None:
    assert words.of(words.as_html(text)) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Hello<br>you</p><p>Bye</p>", "Hello\nyou\n\nBye"),
        ('<p class="x"><a href="https://evil.example">here</a> &amp; there</p>', "here & there"),
        ("<script>alert(1)</script><p>a</p>", "a"),
        ("a &lt;p&gt; b", "a <p> b"),
        ("<P>loud</P><BR/>", "loud"),
        ("<p", ""),
        (None, ""),
        (["<p>a</p>"], ""),
    ],
)
def test_markup_loses_its_tags_and_keeps_its_lines(markup: object, text: str) -> None:
    assert words.of(markup) == text


def test_deep_markup_is_read_all_the_same() -> None:
    assert words.of("<b>" * 20_000 + "deep") == "deep"

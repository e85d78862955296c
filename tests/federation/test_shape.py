"""What no activity looks like is refused before anybody asks whose it is (federation.md, 24 and 25)."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from foundation.signing import Document
from network.federation import gate, inbox, shape
from network.federation.gate import Malformed
from network.federation.models import Actor
from tests.federation.conftest import Abroad
from tests.federation.keyring import Keyring
from tests.federation.signed import posted
from tests.federation.test_gate import follow


@pytest.mark.parametrize(
    "changes",
    [
        {"id": ""},
        {"id": 7},
        {"id": "zoe"},
        {"id": "http://two.example/1"},
        {"id": "https://two.example/" + "a" * 500},
        {"actor": None},
        {"actor": []},
        {"actor": {"id": 7}},
        {"actor": {"type": "Person"}},
        {"actor": "@zoe@two.example"},
        {"id": "https://two.example/\u00e9"},
        {"id": "https://user@two.example/1"},
        {"summary": "a\u0000b"},
        {"summary": "\ud800"},
        {"x\u0000": 1},
        {"tag": [{"a": 1}] * 201},
        {"attachment": [1] * 65},
        {"x": list(range(1001))},
        {"to": ["a"] * 501, "cc": ["a"] * 500},
    ],
)
def test_what_has_no_shape_is_refused(zoe: Abroad, changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        gate.admit(posted(zoe, follow(zoe) | changes), keys=Keyring())


@pytest.mark.parametrize("name", ["actor", "type"])
def test_what_says_no_more_than_half_is_refused(zoe: Abroad, name: str) -> None:
    activity = {key: value for key, value in follow(zoe).items() if key != name}
    with pytest.raises(Malformed):
        gate.admit(posted(zoe, activity), keys=Keyring())


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"a"', b"\xff", b'{"a":1,"a":2}', b'{"a":NaN}', b'{"a":1e999}']
)
def test_what_is_no_document_is_refused(zoe: Abroad, body: bytes) -> None:
    with pytest.raises(Malformed):
        gate.admit(posted(zoe, body), keys=Keyring())


@pytest.mark.parametrize("unnamed", [{}, {"id": None}])
def test_what_comes_without_a_name_is_named_by_its_bytes(zoe: Abroad, unnamed: dict[str, Any]) -> None:
    """Misskey's Accept, Reject and Delete have no id."""
    accept = {name: value for name, value in follow(zoe).items() if name != "id"} | {"type": "Accept"} | unnamed
    first, again = (gate.admit(posted(zoe, accept), keys=Keyring()).activity for _ in range(2))
    other = gate.admit(posted(zoe, accept | {"published": "2026-11-25T06:00:00Z"}), keys=Keyring()).activity

    assert first["id"] == again["id"] != other["id"]
    assert first["id"].startswith(f"{zoe.uri}#unnamed-")
    assert inbox.keep(first, actor=zoe.actor)
    assert not inbox.keep(again, actor=zoe.actor)


def test_a_name_that_is_given_has_to_be_one(zoe: Abroad) -> None:
    names: list[Any] = [False, 0, [], {}, {"id": zoe.uri}]
    for name in names:
        with pytest.raises(Malformed):
            gate.admit(posted(zoe, follow(zoe) | {"id": name}), keys=Keyring())


def test_no_name_is_made_that_nobody_could_keep(zoe: Abroad) -> None:
    long = f"{zoe.uri}{'a' * 450}"
    Actor.objects.filter(pk=zoe.actor.pk).update(uri=long)
    accept = {"type": "Accept", "actor": long, "object": "https://one.example/1"}
    with pytest.raises(Malformed):
        gate.admit(posted(zoe, accept), keys=Keyring())


TEXTS = st.sampled_from(
    ["a", "@graph", "a@included", "@reverse", "\x00", "\ud800", "\U0001f600", "\\u0000", "ü", "graph"]
)
VALUES = st.recursive(
    TEXTS | st.none() | st.integers(0, 9) | st.integers(995, 1005).map(lambda many: [0] * many),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4), st.booleans(), st.booleans())
@example({"@graph": 1}, True, True)
@example({"a": ["\ud800"]}, True, False)
def test_what_is_called_plain_holds_nothing_that_the_walk_would_refuse(
    document: Document, ascii_only: bool, spelt_out: bool
) -> None:
    text = json.dumps(document, ensure_ascii=ascii_only)
    text = text.replace("@", "\\u0040").replace("g", "\\u0067") if spelt_out else text
    raw = text.encode("utf-8", "replace")  # half a surrogate that is not escaped is no UTF-8, and no JSON (strict_json)

    if shape._is_plain(raw):
        shape._walk(json.loads(raw))  # raises if there is anything


def test_most_activities_are_plain() -> None:
    """Else the shortcut would be none."""
    assert shape._is_plain(json.dumps({"type": "Create", "content": "<p>hello</p>"}).encode())
    assert shape._is_plain(b'{"content": "\\u003cp\\u003e"}')  # as Rails writes it

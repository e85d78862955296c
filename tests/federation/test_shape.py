"""What no activity looks like is refused before anybody asks whose it is (federation.md, 24 and 25)."""

from typing import Any

import pytest

from network.federation import gate
from network.federation.gate import Malformed
from tests.federation.conftest import Abroad
from tests.federation.keyring import Keyring
from tests.federation.signed import posted
from tests.federation.test_gate import follow


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
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


@pytest.mark.parametrize("name", ["id", "actor", "type"])
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

"""Fedify, as the tests bring it: the lock says exactly what npm may put here, and from nowhere in particular."""

import json

import pytest

from tests.federation import peer


def test_the_peers_lock_holds_a_hash_for_every_part_and_no_host() -> None:
    text = (peer.HERE / "package-lock.json").read_text()
    parts = {name: part for name, part in json.loads(text)["packages"].items() if name}

    assert "node_modules/@fedify/fedify" in parts
    assert all(part["integrity"].startswith("sha512-") for part in parts.values())
    assert "://" not in text
    assert "resolved" not in text


def test_the_peers_versions_are_pinned() -> None:
    wanted = json.loads((peer.HERE / "package.json").read_text())["dependencies"]

    assert wanted["@fedify/fedify"] == "2.3.6"
    assert all(version.replace(".", "").isdecimal() for version in wanted.values())


def test_without_node_there_is_no_peer_and_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")

    with pytest.raises(peer.NoPeer, match="no Node here"):
        peer.node()

"""What tests bring from npm: the locks say exactly what may come, and from nowhere in particular."""

import json

import pytest

from tests import npm

BROUGHT = {"tests/federation/peer": "@fedify/fedify", "tests/browser/axe": "axe-core"}


def test_every_package_file_is_known_here() -> None:
    found = {str(file.parent.relative_to(npm.HOUSE)) for file in (npm.HOUSE / "tests").rglob("package.json")}

    assert found == BROUGHT.keys()


@pytest.mark.parametrize("source", BROUGHT)
def test_a_lock_holds_a_hash_for_every_part_and_no_host(source: str) -> None:
    text = (npm.HOUSE / source / "package-lock.json").read_text()
    parts = {name: part for name, part in json.loads(text)["packages"].items() if name}

    assert f"node_modules/{BROUGHT[source]}" in parts
    assert all(part["integrity"].startswith("sha512-") for part in parts.values())
    assert "://" not in text
    assert "resolved" not in text


@pytest.mark.parametrize("source", BROUGHT)
def test_versions_are_pinned(source: str) -> None:
    wanted = json.loads((npm.HOUSE / source / "package.json").read_text())["dependencies"]

    assert all(version.replace(".", "").isdecimal() for version in wanted.values())


def test_without_node_nothing_is_brought_and_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npm, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")

    with pytest.raises(npm.NoNode, match="no Node here"):
        npm.node()

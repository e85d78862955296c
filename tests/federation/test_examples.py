"""The examples in docs/federation-examples are what this server really says: made anew here, and compared.

`WRITE_EXAMPLES=1 script/test tests/federation/test_examples.py` writes them.
"""

import json
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings

from foundation import clock
from foundation.signing import Document
from network.federation import dispatch
from network.federation import tasks as _rooms  # noqa: F401  (registers what is understood)
from tests.federation import scenes, scenes_beside
from tests.federation.conftest import Abroad, lives_abroad
from tests.federation.documents_abroad import Servers, answering
from tests.federation.scenes import Examples

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "federation-examples"
WRITE = bool(os.environ.get("WRITE_EXAMPLES"))
MOMENT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
DRAWN = re.compile(
    r"(?<=did:key:)z[1-9A-HJ-NP-Za-km-z]{40,}|z6Mk[1-9A-HJ-NP-Za-km-z]{40,}|(?<=\")z[1-9A-HJ-NP-Za-km-z]{80,}"
)
PEM = re.compile(r"-----BEGIN PUBLIC KEY-----[^-]*-----END PUBLIC KEY-----(?:\\n)?")
PLACE = re.compile(r"(?<=\"statusListIndex\": \")[0-9]+(?=\")")
LIST = re.compile(r"(?<=/credentials/status/)[0-9]+(?=/)")
BITS = re.compile(r"(?<=\"encodedList\": \"uH4s)[A-Za-z0-9_-]+(?=\")")  # as this zlib packs them
TOKEN = re.compile(r"(?<=/credentials/)[A-Za-z0-9_-]{20,}(?=/)")
MARK = "context number"
FIRST = ("@context", "id", "type", "actor", "attributedTo", "issuer", "to", "cc", "published", "object")


@pytest.fixture(autouse=True)
def _ours(settings: Settings) -> None:
    settings.SITE_URL, settings.SITE_HOST, settings.FEDERATION = "https://one.example", "one.example", True


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Servers:
    return answering(monkeypatch)


@pytest.fixture
def zora(db: None) -> Abroad:
    """Another home of somebody's, on a third server."""
    return lives_abroad("zora", "three.example")


@pytest.fixture
def yan(db: None) -> Abroad:
    """Lives on a third server."""
    return lives_abroad("yan", "three.example")


SCENES = (
    scenes.people_and_house,
    scenes.asking,
    scenes.answering,
    scenes.rejecting,
    scenes.ending,
    scenes.vouching_for_a_request,
    scenes.asking_somebody_without_requests,
    scenes.following,
    scenes_beside.vouching,
    scenes_beside.being_vouched_for,
    scenes_beside.changing_a_profile_and_leaving,
    scenes_beside.moving_away,
    scenes_beside.keeping_who_moves,
    scenes_beside.reporting,
    scenes_beside.answering_reports,
    scenes_beside.what_is_taken_and_never_sent,
)
TOPICS: dict[str, Callable[..., Examples]] = {scene.__name__: scene for scene in SCENES}
PERSONS = ("Application", "Group", "Organization", "Person", "Service")
UNDERSTOOD_BY: dict[str, tuple[str, ...]] = {
    "accept-flag": ("flag",),
    "accept-follow": ("follow", "Follow"),
    "accept-invite": ("Invite",),
    "accept-move": ("Move",),
    "accept-request": ("request",),
    "accept-vouch": ("vouch-offer",),
    "add-vouch": ("", "vouch"),
    "block": ("",),
    "create-approach": ("Note",),
    "create-message": ("Note", "message", "request"),
    "create-question": ("Note", "question"),
    "create-reply": ("Note", "reply"),
    "create-vouch": ("Note", "vouch"),
    "delete-note": ("request",),
    "delete-person": ("",),
    "delete-vouch": ("", "vouch"),
    "flag": ("",),
    "follow": ("",),
    "invite-voucher": ("",),
    "move": ("",),
    "offer-request": ("Relationship",),
    "offer-vouch": ("Note", "vouch"),
    "reject-flag": ("flag",),
    "reject-follow": ("follow", "Follow"),
    "reject-request": ("request",),
    "remove-vouch": ("vouch",),
    "undo-accept": ("contact", "Accept"),
    "undo-accept-move": ("contact", "keep-question"),
    "undo-block": ("block", "Block"),
    "undo-follow": ("follow", "Follow"),
    "undo-request": ("", "request", "Offer"),
    "undo-request-accepted": ("request",),
    "undo-vouch-offer": ("vouch-offer",),
    "update-accept": ("contact", "request", "Accept"),
    "update-person": ("", *PERSONS),
}
"""Of each example: of what kind its object is to whoever gets it (`dispatch.Arrival.object_type`), first or again."""
SAID_BY_NOBODY = {("Reject", "vouch-offer")}
"""A refused vouch is not told. Whoever says so all the same is heard, and nothing comes of it."""


@pytest.mark.parametrize("topic", TOPICS)
def test_the_examples_are_what_we_say(topic: str, db: None, request: pytest.FixtureRequest) -> None:
    cache.clear()  # how many members there are is counted once in a while, perhaps for another test
    with clock.at(MOMENT):
        names = TOPICS[topic].__code__.co_varnames[: TOPICS[topic].__code__.co_argcount]
        told = TOPICS[topic](*(request.getfixturevalue(name) for name in names))

    for name, document in told.items():
        file, text = FOLDER / f"{name}.json", as_written(document)
        if WRITE:
            FOLDER.mkdir(exist_ok=True)
            file.write_text(text)
        assert file.read_text() == text, f"{file.name} is stale: WRITE_EXAMPLES=1 writes it anew"


def test_every_example_is_shown_in_the_description() -> None:
    described = (FOLDER.parents[1] / "FEDERATION.md").read_text()

    assert {file.name for file in FOLDER.iterdir()} == set(
        re.findall(r"federation-examples/([a-z-]+\.json)", described)
    )


def test_there_is_an_example_of_every_activity_that_is_understood() -> None:
    types = {name: json.loads((FOLDER / f"{name}.json").read_text())["type"] for name in UNDERSTOOD_BY}
    shown = {(types[name], kind) for name, kinds in UNDERSTOOD_BY.items() for kind in kinds}

    assert dispatch.understood() - SAID_BY_NOBODY == shown


def test_every_example_of_an_activity_is_understood() -> None:
    activities = {file.stem for file in FOLDER.iterdir() if "actor" in json.loads(file.read_text())}

    assert activities == UNDERSTOOD_BY.keys()


def as_written(document: Document) -> str:
    """Readable, and the same each time: what is drawn by lot is numbered or left out, contexts stand on one line."""
    contexts: list[str] = []
    text = json.dumps(_in_order(document, contexts), indent=2, ensure_ascii=False)
    for pattern, form in ((UUID, "00000000-0000-4000-8000-{:012}"), (TOKEN, "unguessable-{}"), (DRAWN, "z…{}")):
        for number, drawn in enumerate(dict.fromkeys(pattern.findall(text)), start=1):
            text = text.replace(drawn, form.format(number))
    text = PEM.sub("-----BEGIN PUBLIC KEY-----\\\\n…\\\\n-----END PUBLIC KEY-----\\\\n", text)
    text = BITS.sub("…", LIST.sub("1", PLACE.sub("12345", text)))
    for number, context in enumerate(contexts):
        text = text.replace(f'"{MARK} {number}"', context)
    return text + "\n"


def _in_order(value: Any, contexts: list[str]) -> Any:
    """The same document, what everybody looks for first at the top."""
    if isinstance(value, list):
        return [_in_order(one, contexts) for one in value]
    if not isinstance(value, dict):
        return value
    names = sorted(value, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    ordered = {name: _in_order(value[name], contexts) for name in names}
    if "@context" in ordered:
        contexts.append(json.dumps(value["@context"], ensure_ascii=False, sort_keys=True))
        ordered["@context"] = f"{MARK} {len(contexts) - 1}"
    return ordered

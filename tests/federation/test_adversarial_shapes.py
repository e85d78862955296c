"""Inputs that have broken other servers: documents that are not what they seem (federation.md, the list)."""

import json
from typing import Any

import pytest

from accounts.models import Member
from network.federation import gate, vocabulary
from network.federation.gate import Ignored, Malformed, Unproven
from network.federation.models import Actor, Peer
from tests.federation.conftest import RSA_KEYS, Abroad, said
from tests.federation.keyring import Keyring, refused
from tests.federation.signed import MASTODON, cavage, plain, posted
from tests.federation.test_gate import follow

pytestmark = pytest.mark.django_db


@pytest.mark.adversarial(12)  # CVE-2026-46349, CVE-2026-48028, CVE-2026-42462
@pytest.mark.parametrize("word", ["@graph", "@included", "@reverse"])
def test_nothing_is_said_elsewhere_than_where_it_stands(zoe: Abroad, word: str) -> None:
    refused(posted(zoe, follow(zoe) | {word: []}), Malformed)
    refused(posted(zoe, follow(zoe, tag=[{"a": {"b": [{word: {}}]}}])), Malformed)
    refused(posted(zoe, follow(zoe) | {"@context": [{"also": word}]}), Malformed)
    refused(posted(zoe, follow(zoe) | {"@context": {"a": {word: "b"}}}), Malformed)
    mention = follow(zoe, tag=[{"type": "Mention", "name": word}])  # somebody may be called so
    assert gate.admit(posted(zoe, mention), keys=Keyring()).activity == mention


@pytest.mark.adversarial(12)
def test_a_linked_data_signature_proves_nothing(zoe: Abroad, mia: Abroad) -> None:
    signature = {"type": "RsaSignature2017", "creator": f"{zoe.uri}#main-key", "created": "2026-01-01T00:00:00Z"}
    activity = follow(zoe) | {"signature": signature | {"signatureValue": "AAAA"}}
    refused(posted(mia, activity), Unproven)
    assert gate.admit(posted(zoe, activity), keys=Keyring()).actor == zoe.actor


@pytest.mark.adversarial(13)  # CVE-2022-24307
def test_no_context_gives_words_another_meaning(zoe: Abroad, mia: Abroad) -> None:
    keys = Keyring()
    turned = [*vocabulary.context(), {"actor": "as:object", "writer": "as:actor"}, "https://evil.example/context"]
    activity = follow(zoe) | {"@context": turned, "writer": mia.uri}
    assert gate.admit(posted(zoe, activity), keys=keys).actor == zoe.actor
    refused(posted(mia, activity), Unproven, keys)
    assert keys.fetched == []


@pytest.mark.adversarial(14)  # FEP-fe34
@pytest.mark.parametrize(
    ("kind", "thing"),
    [
        ("Delete", "https://mastodon.example/notes/1"),
        ("Delete", {"id": "https://mastodon.example/1", "type": "Tombstone"}),
        ("Update", {"id": "https://mastodon.example/@mia/", "type": "Person"}),
        ("Undo", "https://mastodon.example/activities/1"),
        ("Undo", {"id": "https://two.example/1", "type": "Follow", "actor": "https://two.example/@ada/"}),
        ("Undo", {"id": "https://mastodon.example/1", "type": "Follow", "actor": "https://two.example/@zoe/"}),
        ("Move", "https://mastodon.example/@mia/"),
        ("Move", "https://two.example/@ada/"),
    ],
)
def test_what_belongs_to_others_is_left_alone(
    zoe: Abroad, kind: str, thing: Any, caplog: pytest.LogCaptureFixture
) -> None:
    refused(posted(zoe, said(zoe, kind, thing, target="https://two.example/@new/")), Ignored)
    assert "was dropped" in caplog.text


@pytest.mark.adversarial(14)
def test_a_collection_is_changed_by_its_owner_alone(zoe: Abroad) -> None:
    for kind in ("Add", "Remove"):
        theirs = said(zoe, kind, "https://two.example/1", target="https://mastodon.example/@mia/vouches")
        refused(posted(zoe, theirs), Ignored)
        hers = said(zoe, kind, "https://mastodon.example/1", target=f"{zoe.uri}vouches")
        assert gate.admit(posted(zoe, hers), keys=Keyring()).activity == hers


@pytest.mark.adversarial(15)  # Mastodon's self-deletes
def test_a_delete_by_somebody_we_never_met_costs_nothing() -> None:
    uri, keys = "https://storm.example/users/1", Keyring()
    delete = {"id": f"{uri}#delete", "type": "Delete", "actor": uri, "object": uri, "to": [vocabulary.PUBLIC]}
    knock = cavage(plain(json.dumps(delete).encode()), RSA_KEYS[0], f"{uri}#main-key")
    refused(knock, Ignored, keys)
    assert keys.fetched == []
    refused(plain(json.dumps(delete).encode()), Unproven)


@pytest.mark.adversarial(16)
def test_what_has_been_deleted_is_let_in_and_has_no_effect(zoe: Abroad) -> None:
    """The gate cannot know; the inbox does (test_inbox.py)."""
    note = {"id": "https://two.example/notes/1", "type": "Note", "attributedTo": zoe.uri, "content": "again"}
    assert gate.admit(posted(zoe, said(zoe, "Create", note)), keys=Keyring()).actor == zoe.actor


def deep(levels: int, mark: str = "[]") -> bytes:
    return b'{"a":' + mark[0].encode() * levels + mark[1].encode() * levels + b"}"


@pytest.mark.adversarial(24)  # seen to break servers
@pytest.mark.parametrize(
    "body",
    [
        deep(32),
        deep(5000),
        deep(20_000),
        deep(100_000),
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'{"a":' + b"9" * 4400 + b"}",
        b'{"a":9007199254740992}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1e400}',
        b'{"a":[' + b"1," * 10_100 + b"1]}",
        b'{"a":{' + b",".join(b'"%d":1' % n for n in range(10_100)) + b"}}",
        b'{"a":' + b"[[]," * 20 + b"[]" + b"]" * 20 + b"}]",
    ],
    ids=range(13),
)
def test_a_body_that_breaks_readers_is_refused(zoe: Abroad, body: bytes) -> None:
    refused(posted(zoe, body), Malformed)


@pytest.mark.adversarial(24)
def test_two_actors_in_one_document_are_refused(zoe: Abroad, mia: Abroad) -> None:
    body = json.dumps(follow(zoe)).encode()
    refused(posted(zoe, body[:-1] + b',"actor":"%s"}' % mia.uri.encode()), Malformed)
    refused(posted(zoe, b'{"\\u0061ctor":"%s",' % mia.uri.encode() + body[1:]), Malformed)


@pytest.mark.adversarial(24)
def test_two_megabytes_are_refused_and_a_quarter_is_not(zoe: Abroad) -> None:
    refused(posted(zoe, follow(zoe, content="a" * 2_000_000)), gate.TooLarge)
    assert gate.admit(posted(zoe, follow(zoe, content="a" * 250_000)), keys=Keyring()).actor == zoe.actor


@pytest.mark.adversarial(24)
@pytest.mark.adversarial(25)  # CVE-2026-23962
@pytest.mark.parametrize(
    ("name", "many"),
    [
        ("to", 1001),
        ("cc", 1001),
        ("bto", 1001),
        ("audience", 1001),
        ("tag", 201),
        ("attachment", 65),
        ("oneOf", 65),
        ("anyOf", 65),
        ("icon", 17),
        ("whatever", 1001),
    ],
)
def test_lists_have_an_end(zoe: Abroad, name: str, many: int) -> None:
    names = [f"https://m.example/{n}" for n in range(many)]
    refused(posted(zoe, follow(zoe) | {name: names}), Malformed)
    note = {"id": "https://two.example/notes/1", "type": "Note", name: names}
    refused(posted(zoe, said(zoe, "Create", note)), Malformed)
    assert gate.admit(posted(zoe, follow(zoe) | {name: names[:-1]}), keys=Keyring()).actor == zoe.actor


@pytest.mark.adversarial(37)  # ActivityPub, 6
def test_those_who_were_not_to_be_named_are_not_kept(zoe: Abroad, ada: Member) -> None:
    note = {
        "id": "https://two.example/notes/1",
        "type": "Note",
        "bto": ["https://one.example/@ada/"],
        "bcc": "x",
        "to": [],
    }
    activity = said(
        zoe, "Create", note, bto=["https://one.example/@bo/"], bcc=[vocabulary.PUBLIC], cc=[vocabulary.PUBLIC]
    )

    admitted = gate.admit(posted(zoe, activity), keys=Keyring()).activity

    for where in (admitted, admitted["object"]):
        assert not {"bto", "bcc"} & set(where)
    assert admitted["cc"] == [vocabulary.PUBLIC]


@pytest.mark.adversarial(38)  # Takahē's guard
@pytest.mark.parametrize(
    "kind",
    [
        "__init__",
        "__class__",
        "",
        "create",
        "Create ",
        "Listen",
        "Person",
        "Note",
        "x" * 10_000,
        ["Create"],
        ["Follow", "__x"],
        {},
        7,
        None,
        "as:Create",
        "https://www.w3.org/ns/activitystreams#Create",
        "Creаte",
    ],
)
def test_kinds_that_nobody_knows_cost_nothing(kind: Any) -> None:
    """From somebody we never met: no key is looked up, none is fetched, nothing is kept."""
    uri, keys = "https://flood.example/users/1", Keyring()
    activity = {"id": f"{uri}/1", "type": kind, "actor": uri, "object": uri}
    knock = cavage(plain(json.dumps(activity).encode()), RSA_KEYS[0], f"{uri}#main-key", covered=MASTODON)
    refused(knock, Ignored, keys)
    assert keys.fetched == []
    assert not Actor.objects.exists()
    assert not Peer.objects.exists()

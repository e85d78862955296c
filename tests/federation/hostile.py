"""What somebody might send who wants to break a server: bodies and headers for the fuzzers. No database."""

import json
from random import Random
from typing import Any

from django.conf import settings

from foundation.signing import Document
from network.federation import vocabulary
from network.federation.models import Actor, ActorKey, Peer, Purpose
from tests.federation.conftest import RSA_KEYS
from tests.federation.test_cavage import pem

ZOE = "https://two.example/@zoe/"
KEY_ID = f"{ZOE}#main-key"
KEY = RSA_KEYS[0]

NAMES = [
    "id", "type", "actor", "object", "target", "to", "cc", "bto", "bcc", "audience", "tag", "attachment", "content",
    "name", "@context", "@id", "@type", "@graph", "@included", "@reverse", "@json", "proof", "proofValue",
    "verificationMethod", "created", "expires", "attributedTo", "inReplyTo", "published", "summary", "url", "icon",
    "publicKey", "signature", "credential", "__class__", "__proto__", "_state", "", "a\u0000b", "\ud800", "first",
    "items", "oneOf", "instrument",
]  # fmt: skip
TEXTS = [
    ZOE, KEY_ID, f"{ZOE}activities/1", f"{ZOE}notes/1", "https://two.example", "https://two.example/",
    "https://evil.example/1", "https://127.0.0.1/", "http://two.example/@zoe/", "https://two.example@evil.example/",
    "https://[::1]/", "https://", "//x", "https://xn--a.example/", "https://two.example:99999/",
    "https://two.example/\u0000", "acct:zoe@two.example", "@graph", vocabulary.PUBLIC, "as:Public", "", "\ud83d",
    "\u202e", "<script>alert(1)</script>", "' OR 1=1 --", "%00", "..", "z"*50, "DataIntegrityProof",
    "eddsa-jcs-2022", "assertionMethod", "2026-11-25T06:00:00Z", f"{ZOE}#ed25519-key", "NaN", "null",
    *sorted(vocabulary.KNOWN), "Note", "Person", "Relationship", "Tombstone", "__init__", "Listen",
]  # fmt: skip
NUMBERS = [0, -1, 1.5, 2**53, 2**53 - 1, -(2**63), 10**30, 1e308, float("inf"), float("nan"), True, False, None]


def text(by: Random, most: int = 8) -> str:
    return "".join(
        chr(by.choice((by.randrange(128), by.randrange(0x2500), 0x1F600))) for _ in range(by.randrange(most))
    )


def value(by: Random, depth: int = 3) -> Any:
    """Something of JSON and a little beyond it."""
    kind = by.randrange(8 if depth else 5)
    if kind < 3:
        return by.choice(TEXTS)
    if kind < 5:
        return by.choice((by.choice(NUMBERS), text(by)))
    if kind == 5:
        return [value(by, depth - 1) for _ in range(by.randrange(4))]
    return {name(by): value(by, depth - 1) for _ in range(by.randrange(4))}


def name(by: Random) -> str:
    return by.choice(NAMES) if by.randrange(5) else text(by)


def follow() -> Document:
    activity = {"@context": vocabulary.context(), "id": f"{ZOE}activities/1", "type": "Follow", "actor": ZOE}
    return activity | {"object": ada(), "to": [ada()]}


def ada() -> str:
    """The local member whom all of this is for."""
    return f"{settings.SITE_URL}/@ada/"


def thing(by: Random) -> Document:
    """An object of Zoe's own, of a kind that some room here knows, with some of it turned into something else."""
    number, kind = (
        by.randrange(4),
        by.choice(["Note", "Relationship", "Person", "Offer", "Accept", "Follow", "Tombstone"]),
    )
    found: Document = {
        "id": f"{ZOE}things/{number}",
        "type": kind,
        "attributedTo": ZOE,
        "actor": ZOE,
        "content": "<p>hello</p>",
    }
    found |= {
        "subject": ZOE,
        "object": ada(),
        "relationship": vocabulary.COLLEAGUE,
        "tag": [{"type": "Mention", "href": ada()}],
    }
    return found | {name(by): value(by) for _ in range(by.randrange(4))}


def body(by: Random) -> bytes:
    """An activity with some of it turned into something else; sometimes with its bytes cut, doubled or replaced."""
    changed = follow() | {"id": f"{ZOE}activities/{by.randrange(10**6)}"}
    if by.randrange(2):
        changed |= {"type": by.choice(sorted(vocabulary.KNOWN)), "object": thing(by), "target": by.choice(TEXTS)}
    changed |= {name(by): value(by) for _ in range(by.randrange(5))}
    if not by.randrange(8):
        changed.pop(by.choice(["id", "type", "actor", "object"]))
    written = json.dumps(changed, ensure_ascii=by.random() < 0.5).encode("utf-8", "surrogatepass")
    if by.randrange(4):
        return written
    start, length = by.randrange(len(written)), by.randrange(9)
    return written[:start] + by.choice([by.randbytes(by.randrange(6)), *BYTES]) + written[start + length :]


BYTES = [b"[" * 3000, b'{"a":' * 50, b'"', b"\\u0000", b"}{", b"1" * 5000, b"", b"\xff", b"\\ud800"]
HEADERS = [
    "Signature", "signature", "Signature-Input", "Digest", "Content-Digest", "Date", "Host", "Content-Type",
    "Authorization", "Content-Length", "Content-Encoding", "Transfer-Encoding", "X-Forwarded-Host", "Expect", "",
    "Sig nature", "Signature\u00e9",
]  # fmt: skip
PIECES = [
    'keyId="', f'keyId="{KEY_ID}"', 'algorithm="rsa-sha256"', 'algorithm="hs2019"',
    'headers="(request-target) host date digest"', 'headers="', 'signature="AAAA"', 'signature="', "created=1",
    "expires=99999999999", '"', ",", ", ", "=", ";", ":", "(", ")", "()",
    'sig1=("@method" "@target-uri" "content-digest")', "sig1=", "sig1=:AAAA:", "sig2=()", '"@method"',
    '"@query-param";name="a"', f';keyid="{KEY_ID}"', ";created=1", ";created=1.5", ";created=@1",
    ";created=@99999999999999999", ';alg="rsa-v1_5-sha256"', "SHA-256=", "sha-256=:", "sha-512=:AAAA:", "MD5=x",
    "\\", "\n", "\r\n", "\x00", "\u00e9", "%", " "*50, "a"*9000, "?1", "Wed, 25 Nov 2026 06:00:00 GMT",
    "application/activity+json", "application/ld+json", "; charset=utf-16", "testserver", "[::1]", '%"%c3%a9"',
    "999999999999999", "-0", "*", "chunked", "gzip", "Signature ", "null", "[]", "{}",
]  # fmt: skip
TARGETS = [
    "/inbox",
    "/@ada/inbox",
    "/inbox?",
    "/",
    "",
    "*",
    "inbox",
    "/a b",
    "/\u00e9",
    "/\n",
    "http://testserver/inbox",
]
HOSTS = ["testserver", "TESTSERVER", "testserver:80", "evil.example", "", "[::1]", "a@testserver", "\n"]


def line(by: Random) -> str:
    return "".join(by.choice(PIECES) for _ in range(by.randrange(9))) if by.randrange(4) else text(by, 20)


def headers(by: Random) -> list[tuple[str, str]]:
    return [(by.choice(HEADERS), line(by)) for _ in range(by.randrange(7))]


class NoRooms:
    """Knows Zoe alone, from memory, and fetches nobody: whoever touches the database fails the test."""

    def __init__(self) -> None:
        self.actor = Actor(uri=ZOE, peer=Peer(host="two.example"))
        self.key = ActorKey(actor=self.actor, key_id=KEY_ID, purpose=Purpose.HTTP, public=pem(KEY))

    def known(self, actor_uri: str, key_id: str) -> ActorKey | None:
        return self.key if (actor_uri, key_id) == (ZOE, KEY_ID) else None

    def named(self, key_id: str) -> ActorKey | None:
        return self.key if key_id == KEY_ID else None

    def met(self, actor_uri: str) -> bool:
        return actor_uri == ZOE

    def refetch(self, actor_uri: str, key_id: str) -> ActorKey | None:
        for asked in (actor_uri, key_id):
            assert asked.startswith("https://")
            assert asked.isascii()
            assert asked.isprintable()
        return None

"""Posts to an inbox, signed before anything is measured, and somebody who posts them over kept connections."""

import json
import socket
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from network.federation import http_signatures
from network.federation.http_signatures import Signer
from network.federation.models import SignsWith

WORDS = "We worked in the same unit for three years, and I would take her call at any hour of the day. " * 3
CONTEXT = [
    "https://www.w3.org/ns/activitystreams",
    {
        "ostatus": "http://ostatus.org#",
        "atomUri": "ostatus:atomUri",
        "inReplyToAtomUri": "ostatus:inReplyToAtomUri",
        "conversation": "ostatus:conversation",
        "sensitive": "as:sensitive",
        "toot": "http://joinmastodon.org/ns#",
        "votersCount": "toot:votersCount",
    },
]


@dataclass(frozen=True)
class Author:
    """Somebody on another server."""

    uri: str
    rsa: RSAPrivateKey

    @property
    def pem(self) -> str:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.rsa.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def authors(many: int) -> list[Author]:
    """Each with a key of their own, ten to a server."""
    return [
        Author(f"https://peer{number // 10}.example/@author{number}/", generate_private_key(65537, 2048))
        for number in range(many)
    ]


def signed(who: Sequence[Author], many: int, *, to: str, now: datetime, first: int = 0) -> list[bytes]:
    """So many distinct Create{Note}, each a whole HTTP request of some 2 KB, by all in turn (draft-cavage-12)."""
    host, path = to.removeprefix("http://").split("/", 1)
    made = []
    for number, author in zip(range(first, first + many), cycle(who)):
        body = json.dumps(note(author, number)).encode()
        signer = Signer(key_id=f"{author.uri}#main-key", private=author.rsa)
        lines = http_signatures.sign("POST", to, body, signer=signer, how=SignsWith.CAVAGE, now=now)
        lines = {"Host": host, "Content-Type": "application/activity+json", "Content-Length": str(len(body))} | lines
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        made.append(f"POST /{path} HTTP/1.1\r\n{head}\r\n".encode() + body)
    return made


def note(author: Author, number: int) -> dict[str, object]:
    """As Mastodon writes one: with inline terms in its context, which servers that process JSON-LD have to read."""
    public = "https://www.w3.org/ns/activitystreams#Public"
    published, to, cc = "2026-11-25T06:00:00Z", [public], [f"{author.uri}followers"]
    said = {
        "id": f"{author.uri}notes/{number}",
        "type": "Note",
        "summary": None,
        "inReplyTo": None,
        "published": published,
        "url": f"{author.uri}{number}",
        "attributedTo": author.uri,
        "to": to,
        "cc": cc,
        "sensitive": False,
        "atomUri": f"{author.uri}notes/{number}",
        "conversation": f"tag:peer.example,2026-11-25:objectId={number}:objectType=Conversation",
        "content": f"<p>{number}: {WORDS}</p>",
        "contentMap": {"en": f"<p>{number}: {WORDS}</p>"},
        "attachment": [],
        "tag": [],
    }
    head = {"@context": CONTEXT, "id": f"{author.uri}activities/{number}", "type": "Create", "actor": author.uri}
    return {**head, "published": published, "to": to, "cc": cc, "object": said}


def tampered(request: bytes) -> bytes:
    """The same request with one letter of its body changed."""
    head, blank, body = request.partition(b"\r\n\r\n")
    return head + blank + body.replace(b"worked", b"wOrked", 1)


def post_all(requests: Sequence[bytes], port: int, *, lines: int = 16) -> tuple[float, dict[int, int]]:
    """Seconds it took, and how often each status was answered; over so many connections at once."""
    waiting, statuses, lock = iter(requests), dict[int, int](), threading.Lock()

    def one_line() -> None:
        line = _Line(port)
        while True:
            with lock:
                request = next(waiting, None)
            if request is None:
                return line.close()
            status = line.post(request)
            with lock:
                statuses[status] = statuses.get(status, 0) + 1

    began = time.perf_counter()
    with ThreadPoolExecutor(lines) as pool:
        for done in [pool.submit(one_line) for _ in range(lines)]:
            done.result()
    return time.perf_counter() - began, statuses


class _Line:
    """One connection, opened again where the server closes it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open()

    def _open(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        self._socket.close()

    def post(self, request: bytes) -> int:
        try:
            self._socket.sendall(request)
            return self._status()
        except (ConnectionError, ValueError):
            self._open()
            self._socket.sendall(request)
            return self._status()

    def _status(self) -> int:
        answer = b""
        while b"\r\n\r\n" not in answer:
            piece = self._socket.recv(65536)
            if not piece:
                raise ConnectionError
            answer += piece
        head, _blank, body = answer.partition(b"\r\n\r\n")
        while b"transfer-encoding: chunked" in head.lower() and not body.endswith(b"0\r\n\r\n"):
            body += self._socket.recv(65536)
        left = _length(head) - len(body)
        while left > 0:
            left -= len(self._socket.recv(left))
        return int(head.split(b" ", 2)[1])


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0

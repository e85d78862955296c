"""Calls that would take too long, or bring too much, end."""

import gzip
import socket
import threading
import time

import pytest
from pytest_django import Settings

from network.federation import client, guard, networks, unpacking
from network.federation.client import Unreachable
from tests.federation.tls import Door, Server
from tests.federation.world import World, in_turn, says

NOTE = {"id": "https://two.example/notes/1", "type": "Note"}


# ── long and large ──────────────────────────────────────────────────────────


def drips(part: bytes, *, headers: bool = False) -> object:
    """Sends a byte every now and then, for ever."""

    def answer(door: Door) -> None:
        if not headers:
            door.send_response(200)
            door.send_header("Content-Type", "application/activity+json")
            door.end_headers()
        try:
            while True:
                door.wfile.write(part)
                door.wfile.flush()
                time.sleep(0.05)
        except OSError:
            door.close_connection = True

    return answer


@pytest.mark.adversarial(23)
@pytest.mark.parametrize("headers", [True, False], ids=["in its headers", "in its body"])
def test_who_drips_for_ever_is_left_at_the_deadline(two: Server, settings: Settings, headers: bool) -> None:
    settings.FETCH_TIMEOUT_S = 0.5
    two.paths["/note"] = drips(b"X: y\r\n" if headers else b" ", headers=headers)  # type: ignore[assignment]
    with pytest.raises(Unreachable):
        client.get(two.url("/note"), signed=False)


@pytest.mark.adversarial(23)
def test_a_server_that_accepts_and_says_nothing_is_left_at_the_deadline(world: World, settings: Settings) -> None:
    settings.FETCH_TIMEOUT_S = 0.3
    with socket.create_server(("127.0.0.4", 0)) as silent:
        world.names["silent.example"] = ["127.0.0.4"]
        with pytest.raises(Unreachable):
            client.get(f"https://silent.example:{silent.getsockname()[1]}/", signed=False)


@pytest.mark.adversarial(23)
def test_a_resolver_that_hangs_is_left_at_the_deadline(
    db: None, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.FETCH_TIMEOUT_S = 0.2
    awake = threading.Event()

    def hangs(name: str) -> list[str]:
        awake.wait(30)
        return []

    monkeypatch.setattr(networks, "resolve", hangs)
    with pytest.raises(Unreachable):
        client.get("https://slow.example/", signed=False)
    awake.set()


@pytest.mark.adversarial(23)
@pytest.mark.parametrize("said", [True, False], ids=["says so", "does not say so"])
def test_more_than_a_mebibyte_is_not_read(two: Server, settings: Settings, said: bool) -> None:
    sent: list[int] = []

    def floods(door: Door) -> None:
        door.send_response(200)
        door.send_header("Content-Type", "application/activity+json")
        door.send_header(*(("Content-Length", str(10**9)) if said else ("Connection", "close")))
        door.end_headers()
        try:
            sent.extend(door.wfile.write(b" " * 65_536) for _ in range(1000))
        except OSError:
            door.close_connection = True

    two.paths["/note"] = floods
    with pytest.raises(unpacking.TooLarge):
        client.get(two.url("/note"), signed=False)
    guard.close()
    assert sum(sent) < 20 * settings.FETCH_MAX_BYTES


@pytest.mark.adversarial(23)
def test_a_gzip_bomb_goes_off_nowhere(two: Server) -> None:
    bomb = gzip.compress(b" " * (200 * 1_048_576))
    assert len(bomb) < 300_000
    two.paths["/note"] = lambda door: door.answer(200, bomb, Content_Encoding="gzip")
    with pytest.raises(unpacking.TooLarge):
        client.get(two.url("/note"), signed=False)


def test_a_gzip_bomb_is_never_held_in_memory() -> None:
    bomb = gzip.compress(b" " * (50 * 1_048_576))
    unpacked: list[int] = []

    class Watched(bytearray):
        def __iadd__(self, more: object) -> "Watched":
            unpacked.append(len(bytes(more)))  # type: ignore[call-overload]
            return self

    with pytest.raises(unpacking.TooLarge):
        unpacking.read([bomb], {"content-encoding": "gzip"}, most_bytes=1_048_576)


def test_what_is_packed_is_unpacked(two: Server) -> None:
    two.paths["/note"] = lambda door: door.answer(200, gzip.compress(b'{"a": 1}'), Content_Encoding="gzip")
    assert client.get(two.url("/note")).body == b'{"a": 1}'


@pytest.mark.parametrize(
    ("packing", "body"),
    [("br", b"x"), ("gzip, gzip", b"x"), ("gzip", b"no gzip"), ("gzip", gzip.compress(b"{}", mtime=0)[:-6])],
    ids=["a packing that nobody asked for", "packed twice", "no gzip", "cut off"],
)
def test_what_cannot_be_unpacked_is_refused(packing: str, body: bytes) -> None:
    with pytest.raises(unpacking.Garbled):
        unpacking.read([body], {"content-encoding": packing}, most_bytes=1000)


@pytest.mark.adversarial(26)
def test_a_piece_of_work_calls_only_so_often(two: Server) -> None:
    two.paths["/chain"] = in_turn(says(NOTE))
    with client.at_most(20):
        for _ in range(20):
            client.get(two.url("/chain"))
        with pytest.raises(client.Spent):
            client.get(two.url("/chain"))
    assert len(two.asked) == 20
    assert client.get(two.url("/chain")).status == 200

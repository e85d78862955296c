"""The world outside as tests need it: servers on this machine that the guard lets us call, and what they say."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpcore
import pytest
from django.core.cache import cache
from pytest_django import Settings

from foundation import redis_door
from foundation.signing import Document
from network.federation import guard, lines, networks
from tests.federation.tls import ACTIVITY, Answering, Authority, Door, Server, serving

RANGE = "127.0.0.0/8"


class Ports(httpcore.SyncBackend):
    """The servers of a test listen where they may; they are dialled on the port of https like all others."""

    def __init__(self) -> None:
        self.real: dict[str, int] = {}

    def connect_tcp(self, host: str, port: int, *more: Any, **named: Any) -> httpcore.NetworkStream:
        return super().connect_tcp(host, self.real.get(host, port), *more, **named)


class World:
    """Names and what they resolve to; each server is called for by its name."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self.names: dict[str, list[str]] = {}
        self.ports = Ports()
        self._open = ExitStack()

    def server(self, name: str, address: str) -> Server:
        server = self._open.enter_context(serving(self.authority, name, address))
        self.names[name], self.ports.real[address] = [address], server.port
        return server

    def resolve(self, name: str) -> list[str]:
        return self.names.get(name, [])

    def close(self) -> None:
        self._open.close()


@contextmanager
def opened(folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[World]:
    """This machine's loopback may be dialled, a private authority is trusted, names are ours; afterwards nothing is."""
    authority = Authority(folder)
    settings.FEDERATION_NETWORKS = [RANGE]
    settings.FEDERATION_CA_FILE = str(authority.ca_file)
    world = World(authority)
    monkeypatch.setattr(networks, "resolve", world.resolve)
    monkeypatch.setattr(guard.Backend, "wire", world.ports)
    cache.clear()
    redis_door.client().flushdb()
    try:
        yield world
    finally:
        guard.close()
        lines.close()
        world.close()


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[World]:
    with opened(tmp_path, monkeypatch, settings) as world:
        yield world


@pytest.fixture
def two(world: World) -> Server:
    """The server two.example."""
    return world.server("two.example", "127.0.0.2")


@pytest.fixture
def evil(world: World) -> Server:
    """The server evil.example."""
    return world.server("evil.example", "127.0.0.6")


def says(document: Document | str, *, kind: str = ACTIVITY, status: int = 200, **headers: str) -> Answering:
    """Answers with that document."""
    body = document if isinstance(document, str) else json.dumps(document)

    def answer(door: Door) -> None:
        door.answer(status, body.encode(), kind, **headers)

    return answer


def leads_to(url: str, *, status: int = 302) -> Answering:
    def answer(door: Door) -> None:
        door.answer(status, Location=url)

    return answer


def in_turn(*answers: Answering) -> Answering:
    """The first, then the second, …; the last for ever."""
    left = list(answers)

    def answer(door: Door) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(door)

    return answer

"""Calls to other servers: https only, never inside our own networks, ten seconds and one MiB at most."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from network.federation import vocabulary


@dataclass(frozen=True)
class Answer:
    """What came back. `url` is where it was found in the end; names of `headers` are in lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


def get(url: str, *, accept: str = vocabulary.ACTIVITY_JSON, signed: bool = True) -> Answer:
    """What lies at that address."""
    raise NotImplementedError


def post(url: str, body: bytes, *, signer: Any, how: str) -> Answer:
    """The body is delivered, signed now."""
    raise NotImplementedError

"""A program with a token, as tests use it: JSON in, JSON out, no cookie."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts import tokens
from accounts.models import Member, Scope


@dataclass
class Answer:
    raw: HttpResponse

    @property
    def status(self) -> int:
        return self.raw.status_code

    @property
    def said(self) -> Any:
        return self.raw.json()  # type: ignore[attr-defined]  # the test client's

    @property
    def code(self) -> str:
        """The code of the refusal; of nothing else."""
        assert self.raw["Content-Type"] == "application/problem+json"
        assert self.said["status"] == self.status
        return str(self.said["code"])


class Program:
    def __init__(self, text: str = "", *, address: str = "127.0.0.1", **headers: str) -> None:
        said = {"Authorization": f"Bearer {text}", **headers} if text else headers
        self.client = Client(headers=said, REMOTE_ADDR=address)

    def ask(self, method: str, path: str, said: Any = None, **headers: str) -> Answer:
        body = {} if said is None else {"data": said, "content_type": "application/json"}
        call = getattr(self.client, method.lower())
        return Answer(call(f"/api/v1/{path}", headers=headers, **body))

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("get", path, **headers)

    def post(self, path: str, said: Any = None) -> Answer:
        return self.ask("post", path, {} if said is None else said)


def token_of(member: Member, *scopes: str) -> str:
    """A token for these scopes; for all of them if none is named."""
    return tokens.make(member, name="A script", scopes=scopes or tuple(Scope), days=30)[1]


def program_of(member: Member, *scopes: str, **headers: str) -> Program:
    return Program(token_of(member, *scopes), **headers)

"""Every address of the resolver, filled with everything there is: handles, public ids, rows of the panel."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Entry, HouseKey
from foundation import clock, panel
from foundation.models import Letter
from frontend.context import House
from network.contacts.models import Contact, Invitation, Request, VouchQuestion
from network.federation.models import Outbound
from network.messages.models import Call, Message, Pitch, Promotion, Thread
from network.moderation.models import Case
from network.offers.models import Offer
from vetting.models import Vouch

IDS_A_KIND = 6
"""The newest of each kind: whoever made a thing last has a secret in it (tests/abuse/town.py). Of kinds that do not
belong to an address, one."""
KINDS: dict[str, set[type[Model]]] = {
    "entries": {Entry},
    "requests": {Request},
    "questions": {VouchQuestion},
    "contacts": {Contact},
    "messages": {Thread, Message, Pitch},
    "invitations": {Invitation},
    "vouches": {Vouch},
    "calls": {Call},
    "promotions": {Promotion},
    "offers": {Offer},
    "notices": {Case},
}
COUNTED = ("unread", "waiting", "questions", "offered")
SENT = ("activities/", "things/")  # what went to other servers
ENDLESS = {"live/"}  # a stream that says "look again" and nothing else
TYPED: dict[str, list[str]] = {
    "people/": ["q=kanari", "q=kanariname", "q=ada", "q=mia@mastodon.example", "q=kanari@two.example"],
    "organisations/": ["organisation=kanari", "organisation=kanariorgx&unit=kanari", "organisation=kanariorgx&unit="],
}
"""Queries that a curious member would try; a page may echo them, so no whole secret stands in one."""

ECHOED = "organisation%3dkanariorgx"  # the way back from the sign-in


@contextmanager
def quietly() -> Iterator[None]:
    """Thousands of refusals are what is wanted here; their log lines are not."""
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


@contextmanager
def _counted_once() -> Iterator[None]:
    """What waits for a member, which every page counts, is counted for the first: a crawl changes nothing."""
    with pytest.MonkeyPatch.context() as patch:
        for name in COUNTED:
            patch.setattr(House, name, property(_once(getattr(House, name).func)))
        yield


def _once(count: Callable[[House], int]) -> Callable[[House], int]:
    known: dict[int, int] = {}

    def counted(house: House) -> int:
        who = house.member.pk if house.member else 0
        if who not in known:
            known[who] = count(house)
        return known[who]

    return counted


@dataclass(frozen=True)
class Route:
    pattern: str  # as Django writes it: `@<str:handle>/ask/`
    parameters: tuple[str, ...]
    expression: bool

    def filled(self, values: dict[str, str]) -> str:
        text = self.pattern
        for name in self.parameters:
            text = re.sub(rf"\(\?P<{name}>[^)]*\)|<(?:\w+:)?{name}>", lambda _found, v=values[name]: v, text)  # type: ignore[misc]
        return "/" + (text.replace("^", "").replace("$", "") if self.expression else text)


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[Any], before: str) -> Iterator[Route]:
    for one in patterns:
        text = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, text)
        elif isinstance(one, URLPattern):
            names = re.findall(r"\(\?P<(\w+)>|<(?:\w+:)?(\w+)>", text)
            yield Route(text, tuple(a or b for a, b in names), "(?P<" in text or "^" in text)


class Ids:
    """What every parameter can be in this database. `tokens` are those a visitor may know; of the panel's rows and
    tools one of a kind is enough for those to whom the panel's door is closed, and none for a second look. `strays`:
    ids where they do not belong."""

    def __init__(self, *, handles: list[str], tokens: list[str], panel_rows: int, strays: int = 1) -> None:
        self.handles, self.tokens, self.panel_rows, self.strays = handles, tokens, panel_rows, strays
        self.letters = [str(one) for one in Letter.objects.values_list("pk", flat=True)[:IDS_A_KIND]]

    def of(self, route: Route, name: str) -> list[str]:
        known = {
            "handle": self.handles,
            "public_id": _public_ids(KINDS.get(route.pattern.split("/")[0], set()), self.strays),
            "pk": self.letters,
            "token": [*self.tokens, "nonsense"],
            "key": ["nonsense", "set-password"],
            "house_key": [str(pk) for pk in HouseKey.objects.values_list("pk", flat=True)],
            "entry": _public_ids({Entry}, self.strays),
            "number": _public_ids(set(), self.strays)
            if "<uuid:number>" in route.pattern
            else _sent(self.strays)
            if route.pattern.startswith(SENT)
            else ["0", "1", str(clock.today().year)],
            "kind": ["message", "vouch"],
            "version": ["2.0", "2.1", "nonsense"],
            "uidb36": ["1"],
            "app_label": sorted({model._meta.app_label for model in panel.site._registry})[: self.panel_rows],
            "content_type_id": [str(pk) for pk in ContentType.objects.values_list("pk", flat=True)][:3],
            "url": ["nonsense/"],
            "tool": _tools_of(route)[: self.panel_rows],
            "object_id": _rows_of(route)[: self.panel_rows],
        }
        return known[name]


def _public_ids(kinds: set[type[Model]], strays: int) -> list[str]:
    """Of every kind that has them; a new kind is found here by itself."""
    found: list[object] = []
    for model in apps.get_models():
        if any(field.name == "public_id" for field in model._meta.fields):
            most = IDS_A_KIND if model in kinds else strays
            found += model._default_manager.order_by("-pk").values_list("public_id", flat=True)[:most]
    return [str(one) for one in found]


def _sent(strays: int) -> list[str]:
    """The newest that went to other servers, and one that never was."""
    sent = Outbound.objects.order_by("-made_at").values_list("pk", flat=True)[:IDS_A_KIND]
    return [*(str(one) for one in sent), *(str(uuid4()) for _ in range(strays))]


def _rows_of(route: Route) -> list[str]:
    for model in panel.site._registry:
        if route.pattern.startswith(f"panel/{model._meta.app_label}/{model._meta.model_name}/"):
            return [str(pk) for pk in model._default_manager.order_by("-pk").values_list("pk", flat=True)]
    return ["1"]


def _tools_of(route: Route) -> list[str]:
    """What can be done in that room of the panel, and one thing that can only be done in another."""
    named: dict[bool, set[str]] = {True: set(), False: set()}
    for model, rows in panel.site._registry.items():
        here = route.pattern.startswith(f"panel/{model._meta.app_label}/{model._meta.model_name}/")
        named[here] |= {tool.name for tool in (*getattr(rows, "tools", ()), *getattr(rows, "room_tools", ()))}
    return [*sorted(named[True]), *sorted(named[False] - named[True])[:1]]


def addresses(ids: Ids) -> Iterator[str]:
    """Every path that a GET can be tried on, each once."""
    return (path for _route, path in walks(ids))


def one_each(ids: Ids) -> list[str]:
    """One path of every route, without a query."""
    return list({route: path for route, path in walks(ids) if "?" not in path}.values())


def walks(ids: Ids) -> Iterator[tuple[Route, str]]:
    """Every path with its route; those with typed queries too."""
    for route in routes():
        if route.pattern in ENDLESS or (route.pattern.startswith("panel/") and not ids.panel_rows):
            continue
        choices = [ids.of(route, name) for name in route.parameters]
        for chosen in product(*choices):
            path = route.filled(dict(zip(route.parameters, chosen, strict=True)))
            yield route, path
            yield from ((route, f"{path}?{typed}") for typed in TYPED.get(route.pattern, ()))
        if route.pattern.startswith("panel/") and not route.parameters:
            yield route, f"/{route.pattern}?q=kanari"


@dataclass(frozen=True)
class Seen:
    path: str
    status: int
    text: str  # headers and body, in small letters

    @property
    def is_data(self) -> bool:
        """No browser reads it as a page."""
        return "content-type: application/" in self.text and "x-content-type-options: nosniff" in self.text


def crawl(client: Client, ids: Ids, *, posting: bool = True) -> Iterator[Seen]:
    """GET of every address; where only POST is known, POST with nothing in it, rolled back afterwards.

    That a route knows only POST is asked once: what it says to a GET is the same page for every id.
    """
    with _counted_once():
        yield from _seen(client, ids, posting=posting)


def _seen(client: Client, ids: Ids, *, posting: bool) -> Iterator[Seen]:
    only_post: set[Route] = set()
    for route, path in walks(ids):
        answer = None if route in only_post else client.get(path, headers=_asking(path))
        if answer is None or answer.status_code == 405:
            only_post.add(route)
            answer = _posted(client, path) if posting else answer
        if answer is None:
            continue
        yield Seen(path, answer.status_code, said(answer).replace(ECHOED, ""))
        if path.startswith("/credentials/"):  # a document for machines, a page for readers
            answer = client.get(path, headers={"Accept": "text/html"})
            yield Seen(path, answer.status_code, said(answer))


def _asking(path: str) -> dict[str, str] | None:
    return {"HX-Request": "true"} if path.endswith("/new/") else None


def _posted(client: Client, path: str) -> Any:
    """The answer to an empty form; nothing of it stays, neither rows nor cookies."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        answer = client.post(path)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)
    return answer


def said(answer: HttpResponseBase) -> str:
    """Everything the answer carries but cookies."""
    if getattr(answer, "streaming", False):
        return ""
    body = getattr(answer, "content", b"").decode(errors="replace")
    return (body + "\n" + "\n".join(f"{name}: {value}" for name, value in answer.items())).lower()

"""Every page passes axe-core: in English at a desk by day, and in German on a phone by night.

The pages are those of the town of secrets (tests/abuse/town.py), each as the first of its people got it who may read
it. They are asked for in this process and handed to Chromium, so that no server is needed.
"""

import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.models import Member
from tests import npm
from tests.abuse import crawl
from tests.abuse import town as towns
from tests.abuse.standing import standing_in
from tests.abuse.town import Town
from tests.browser.conftest import launched
from tests.browser.window import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.timeout(600)]

READERS = ("ada", "bo", "cleo", "mallory", "zed", "yan", "frozen", "anonymous")
NOT_PAGES = ("panel/jsi18n/", "live/")
LOST = ("/@nobody/", "/nowhere/")
HERE = "http://leumund.test"
RUN = """async () => (
    await axe.run(document, {resultTypes: ['violations'], preload: false})
).violations.flatMap(broken =>
    broken.nodes.map(node => `${broken.id} at ${node.target.join(' ')}: ${node.failureSummary}`))"""
STILL = "* { transition: none !important; animation: none !important }"
"""Colours on their way from one to another are no fault."""

Pages = dict[str, str]


@pytest.fixture(scope="module")
def axe() -> str:
    try:
        return (npm.install(Path(__file__).parent / "axe", "axe") / "node_modules/axe-core/axe.min.js").read_text()
    except npm.NoNode as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def pages(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[str, Pages]:
    """Language → what is looked at → its HTML."""
    with crawl.quietly(), standing_in(django_db_blocker, towns.build) as town, django_db_blocker.unblock():
        clients = {role: town.client(role) for role in (*READERS, "moderator")}
        found: dict[str, Pages] = {"en": dict(_gathered(town, clients))}
        Member.objects.update(language="de")
        found["de"] = {what: _asked(clients[role], path, "de") for what in found["en"] for path, role in [what.split()]}
        return found


def _gathered(town: Town, clients: dict[str, Client]) -> Iterator[tuple[str, str]]:
    """Of every route one page as a visitor gets it and one as a member does, where there is one."""
    ids = crawl.Ids(handles=["bob", "ada"], tokens=town.tokens, panel_rows=1, strays=0)
    done: set[tuple[str, bool]] = set()
    for route, path in crawl.walks(ids):
        for role in ["moderator"] if route.pattern.startswith("panel/") else READERS:
            known, nobody = (route.pattern, role == "anonymous"), (route.pattern, True)
            if known in done or route.pattern in NOT_PAGES:
                continue
            answer = clients[role].get(path)
            if answer.status_code == 405:
                done |= {nobody, (route.pattern, False)}
            elif _is_page(answer):
                done.add(known)
                yield f"{path} {role}", answer.content.decode()
            elif role == "anonymous" and answer.status_code == 302:
                done.add(nobody)
    yield from ((f"{path} ada", _asked(clients["ada"], path, "en")) for path in LOST)


def _is_page(answer: Any) -> bool:
    whole = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
    return answer.status_code == 200 and whole and b"<html" in answer.content


def _asked(client: Client, path: str, language: str) -> str:
    return client.get(path, headers={"Accept-Language": language}).content.decode()


def _serve(route: Any, html: dict[str, str]) -> None:
    """A page that was gathered, or a file of ours; nothing else is there."""
    path = route.request.url.removeprefix(HERE)
    if path in html:
        route.fulfill(body=html[path], content_type="text/html; charset=utf-8")
    elif path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/").partition("?")[0])):
        route.fulfill(path=file, content_type=mimetypes.guess_type(str(file))[0] or "text/plain")
    else:
        route.abort()


@pytest.mark.parametrize(("language", "size", "scheme"), [("en", "desk", "light"), ("de", "phone", "dark")])
def test_no_page_breaks_a_rule_of_axe(pages: dict[str, Pages], axe: str, language: str, size: str, scheme: str) -> None:
    assert len(pages[language]) > 80
    with launched() as chromium:
        broken = list(_broken(chromium, pages[language], axe, language, size, scheme))
    assert not broken, "\n".join(broken)


def _broken(chromium: Any, pages: Pages, axe: str, language: str, size: str, scheme: str) -> Iterator[str]:
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, locale=language, color_scheme=scheme, bypass_csp=True
    )
    context.add_init_script(axe)
    page = context.new_page()
    html = {f"/{number}": text for number, text in enumerate(pages.values())}
    page.route("**/*", lambda route: _serve(route, html))
    for path, what in zip(html, pages, strict=True):
        page.goto(HERE + path, wait_until="load")
        page.add_style_tag(content=STILL)
        faults = page.evaluate(RUN)
        yield from (f"{what}: {fault}" for fault in faults)
    context.close()


def test_a_planted_fault_is_found(axe: str) -> None:
    """A field without a name, and words that only the dark scheme makes hard to read."""
    html = """<html lang=en><title>x</title><style>@media (prefers-color-scheme: dark) { p { color: #eee } }</style>
        <main><h1>x</h1><p>pale</p><input></main></html>"""
    with launched() as chromium:
        broken = list(_broken(chromium, {"planted": html}, axe, "en", "desk", "dark"))

    assert {fault.split(" at ")[0] for fault in broken} == {"planted: label", "planted: color-contrast"}

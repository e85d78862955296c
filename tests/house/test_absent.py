"""What is absent by design stays absent: no page asks another host for anything, and nothing here sells attention."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template.utils import get_app_template_dirs
from django.test import Client
from pytest_django import Settings

from accounts.models import Member
from network.messages import threads
from tests.abuse.crawl import routes
from tests.cast import befriend, key, was_at
from tests.frontend.pages import signed_in

HOME = Path(__file__).resolve().parents[2]
FETCHED = {
    "src",
    "srcset",
    "poster",
    "data",
    "background",
    "action",
    "formaction",
    "ping",
    "hx-get",
    "hx-post",
    "sse-connect",
}
"""Attributes that make a browser ask; `href` does so on `link`, `use` and `image` alone."""
ASKS_BY_HREF = {"link", "use", "image", "base"}
OUTWARD = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
IN_STYLES = re.compile(r"url\(\s*['\"]?\s*(?:[a-z][a-z0-9+.-]*:|//)|@import|image-set\(", re.IGNORECASE)
IN_SCRIPTS = re.compile(
    r"https?://|['\"]//|\bsendBeacon\b|\bimport\s*\(|\bnew\s+WebSocket\b|\beval\s*\(|\bnew\s+Image\b"
)
SELLING = re.compile(
    r"\b(ads?|advert\w*|sponsor\w*|boost\w*|leads?|outreach|campaigns?|audiences?|target\w*|pixels?|track\w*|analytics"
    r"|premium|upgrade|pricing|checkout|recruiters?|inmail|feed|likes?|reactions?|trending|ranking|leaderboard|badges?"
    r"|address-?book|people-you-may-know|suggested-people|bulk|newsletter|utm|referr?als?|stripe|paypal)\b",
    re.IGNORECASE,
)


class Asked(HTMLParser):
    """What a browser that shows this page would ask other hosts for, as `<tag attribute=address>`."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.foreign: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            asks = name in FETCHED or (name in {"href", "xlink:href"} and tag in ASKS_BY_HREF)
            if asks and any(OUTWARD.match(part) for part in (value or "").split(",")):
                self.foreign.append(f"<{tag} {name}={value}>")
            if name == "style" or (tag == "meta" and name == "http-equiv" and value == "refresh"):
                self.foreign.append(f"<{tag} {name}={value}>")


def templates() -> Iterator[Path]:
    """Ours: those of the pages, and those that our apps bring for the panel."""
    folders = [HOME / "frontend" / "templates", *map(Path, get_app_template_dirs("templates"))]
    for folder in folders:
        if HOME in folder.parents and ".venv" not in folder.parts:
            yield from sorted(folder.rglob("*.html"))


def static(kind: str) -> list[Path]:
    return sorted((HOME / "frontend" / "static").rglob(f"*{kind}"))


@pytest.mark.parametrize(
    "planted",
    [
        '<script src="https://cdn.example/a.js"></script>',
        '<img src="//pixel.example/1.gif">',
        '<link rel="preconnect" href="https://fonts.example">',
        '<img srcset="/a.png 1x, https://cdn.example/b.png 2x">',
        '<a ping="https://count.example" href="/">',
        '<form action="https://evil.example">',
        '<svg><use href="https://cdn.example/i.svg#x"></use></svg>',
        '<p style="background:url(//x.example)">',
        '<img src="data:image/gif;base64,AA">',
    ],
)
def test_a_planted_request_is_seen(planted: str) -> None:
    assert Asked(planted).foreign


def test_no_template_asks_another_host() -> None:
    found = {f"{path.relative_to(HOME)} {one}" for path in templates() for one in Asked(path.read_text()).foreign}
    assert found == set()


def test_no_style_or_script_of_ours_asks_another_host() -> None:
    assert IN_STYLES.search("a { background: url('https://x.example/a.png') }")
    assert IN_SCRIPTS.search("fetch('https://x.example')")
    assert static(".css")
    assert static(".js")
    assert [path.name for path in static(".css") if IN_STYLES.search(path.read_text())] == []
    assert [path.name for path in static(".js") if IN_SCRIPTS.search(path.read_text())] == []
    hrefs = [href for path in static(".svg") for href in re.findall(r'(?:href|src)="([^"]*)"', path.read_text())]
    assert [href for href in hrefs if OUTWARD.match(href)] == []


def test_no_page_asks_another_host_nor_sets_a_third_cookie(ada: Member, bo: Member) -> None:
    """Every address without parameters, for a visitor and for a member who has something everywhere."""
    was_at(ada, "Acme Werke")
    befriend(ada, bo)
    message = threads.write(bo, ada, text="See https://elsewhere.example/x.png", key=key())
    member = signed_in(ada)
    paths = ["/" + route.pattern for route in routes() if not route.parameters and not route.expression]
    paths += [f"/messages/{message.thread.public_id}/", "/@bob/", "/@ada/"]
    told = 0
    for browser in (Client(), member):
        for path in sorted({*paths} - {"/live/", "/account/logout/"}):
            answer = browser.get(path, headers={"Accept": "text/html"})
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                told += 1
                page = answer.content.decode()
                assert Asked(page).foreign == [], path
                assert 'href="/impressum/"' in page or "<html" not in page or path.startswith("/panel/"), path
                assert policy_is_narrow(answer.headers["Content-Security-Policy"]), path
        assert set(browser.cookies) <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    assert told > 80


def policy_is_narrow(policy: str) -> bool:
    """Nothing but this server, whatever stands in a page."""
    sources = [source for directive in policy.split(";") for source in directive.split()[1:]]
    return bool(sources) and set(sources) <= {"'self'", "'none'"}


def test_no_address_and_no_table_sells_attention() -> None:
    assert SELLING.search("/ads/new/")
    addresses = [route.pattern for route in routes()]
    assert [one for one in addresses if SELLING.search(one.replace("_", " "))] == []
    tables = [re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__) for model in apps.get_models()]
    assert [one for one in tables if SELLING.search(one)] == []


def test_no_installed_part_counts_or_advertises() -> None:
    parts = [*settings.INSTALLED_APPS, *settings.MIDDLEWARE]
    assert [part for part in parts if SELLING.search(re.sub(r"[._]", " ", part))] == []


def test_points_of_contact_come_from_the_settings(client: Client, db: None, settings: Settings) -> None:
    settings.IMPRESSUM, settings.CONTACT, settings.PRIVACY_CONTACT = "Ada Adler", "Deutsch <b>", "data@host.example"
    page = client.get("/impressum/").content.decode()
    assert "Ada Adler" in page
    assert "Deutsch &lt;b&gt;" in page
    assert "data@host.example" in page
    assert "data@host.example" in client.get("/privacy/").content.decode()
    settings.CONTACT = settings.PRIVACY_CONTACT = ""
    assert "How to reach us" not in client.get("/impressum/").content.decode()


def test_the_page_names_what_is_absent(client: Client, db: None) -> None:
    page = client.get("/absent/").content.decode()
    for words in ("Advertising", "recruiter search", "Paid reach", "feed", "Read receipts", "address book", "Cookies"):
        assert words in page, words

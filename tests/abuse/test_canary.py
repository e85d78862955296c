"""Private words are planted in every field; then every address is read by everybody. None may surface."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from accounts import visibility
from accounts.models import Member, Visibility
from frontend.context import House
from tests.abuse import crawl
from tests.abuse.crawl import Ids, Seen
from tests.abuse.town import OWNERS, ROLES, SECRETS, Secret, Town, word

# Hundreds of pages a test, on a machine that may be busy; in one process, so that what one has read is kept.
pytestmark = [pytest.mark.timeout(600)]
GIVEN = (200, 204, 302)
AS_A_SERVER = {"Accept": "application/activity+json"}
PARTS = ("", "outbox", "followers", "following", "vouches", "connections")
HANDLES = ["ada", "bob", "cleo", "zed", "mallory", "fred", "bela", "mia@mastodon.example"]


ID = "[0-9a-f-]{36}"
READ = [
    *(
        f"/{kind}/{ID}/"
        for kind in (
            "entries",
            "requests",
            "requests/sent",
            "questions",
            "messages",
            "messages/report",
            "offers",
            "offers/sent",
        )
    ),
    *(f"/@bob/{what}" for what in ("", "ask/", "report/", "offer/")),
    *(f"/credentials/{what}/" for what in ("[^/]{43}", "[^/]{43}/identity", "status/[0-9]+/0")),
    f"/vouches/{ID}/withdraw/",
    "/@cleo/vouch/",
    "/@mia@mastodon.example/",
    "/@mia@mastodon.example/ask/",
    "/follows/",
    "/terms/",
    *(f"/panel/{kind}/[0-9]+/change/" for kind in ("moderation/case", "accounts/member", "accounts/organisation")),
    "/invited/[^/]{20,}/",
    "/panel/contacts/invitation/",
    f"/panel/foundation/job/{ID}/change/",
]
"""Addresses that must have given somebody a page: with ids of no use the crawl would read refusals alone."""


@dataclass
class Read:
    """What a role has come to see: the secrets that stood somewhere, and the addresses that gave a page."""

    words: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)

    def add(self, seen: Seen) -> None:
        self.words |= {secret.word for secret in SECRETS if secret.word in seen.text}
        if seen.status in GIVEN:
            self.pages.add(seen.path)


READ_BY: dict[str, Read] = {}


STRAYING = ("anonymous", "contact")
"""Who tries ids where they do not belong: who is let in least, and most. To all others they are as unknown."""


def ids_of(town: Town, role: str, *, again: bool = False) -> Ids:
    """`again`: for those who are not there to be kept out, so nothing where it does not belong."""
    rows = 20 if role == "moderator" else 0 if again else 1
    return Ids(handles=HANDLES, tokens=town.tokens, panel_rows=rows, strays=int(role in STRAYING and not again))


def leaks(town: Town, role: str, read: Read | None = None, *, again: bool = False) -> Iterator[str]:
    """Where `role` read what they may not, or met a broken page."""
    for seen in crawl.crawl(town.client(role), ids_of(town, role, again=again)):
        if read:
            read.add(seen)
        if seen.status >= 500:
            yield f"{seen.status} at {seen.path}"
        yield from (f"{one.word} at {seen.path}" for one in SECRETS if _leaks(one, role, seen))
        yield from (f"{one[:8]}… at {seen.path}" for one in town.machine if one in seen.text)


def read_by(town: Town, role: str) -> Read:
    """What the role has read; if no test before has looked, they read on until they have found all that is theirs."""
    if role in READ_BY:
        return READ_BY[role]
    read, theirs = Read(), {one.word for one in SECRETS if role in one.readers}
    for seen in crawl.crawl(town.client(role), ids_of(town, role, again=True), posting=False):
        read.add(seen)
        if theirs <= read.words:
            break
    return read


def gives_a_page(town: Town, role: str, patterns: list[str]) -> Iterator[str]:
    """Addresses of these patterns that give the role a page."""
    client = town.client(role)
    for path in crawl.addresses(ids_of(town, role, again=True)):
        wanted = any(re.fullmatch(pattern, path) for pattern in patterns)
        if wanted and client.get(path).status_code in GIVEN:
            yield path


def _leaks(secret: Secret, role: str, seen: Seen) -> bool:
    return secret.word in seen.text and not secret.may_stand(role, seen.path)


@pytest.mark.parametrize("role", ROLES)
def test_no_private_word_surfaces(town: Town, role: str) -> None:
    read = Read()
    assert list(leaks(town, role, read)) == []
    READ_BY[role] = read


def told(town: Town, role: str) -> Iterator[str]:
    """Where a document for other servers holds what no visitor may see, or differs from what a visitor gets."""
    for path in [f"/@{handle}/{part}" for handle in ("ada", "bob", "cleo", "zed") for part in PARTS]:
        answer, visitors = (town.client(who).get(path, headers=AS_A_SERVER) for who in (role, "anonymous"))
        assert (answer.status_code, answer["Content-Type"]) == (200, AS_A_SERVER["Accept"]), path
        if answer.content != visitors.content:
            yield f"another answer at {path}"
        text = crawl.said(answer)
        yield from (f"{one.word} at {path}" for one in SECRETS if one.word in text)


@pytest.mark.parametrize("role", ROLES)
def test_no_private_word_is_told_to_other_servers(town: Town, role: str) -> None:
    """Whoever asks, whatever cookie they bring: a document holds what a visitor may see, and is the same for all."""
    assert list(told(town, role)) == []


def test_a_planted_leak_to_other_servers_is_found(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    near = visibility.show_at
    monkeypatch.setattr(visibility, "show_at", lambda owner, _near: near(owner, Visibility.ME))
    assert any(word("headline") in leak for leak in told(town, "stranger"))


def test_every_word_and_every_address_is_reached(town: Town) -> None:
    """Else the crawl would find nothing because there is nothing, or because it looks nowhere: each word is found by
    those who may read it, and every kind of page is given to somebody."""
    read = {role: read_by(town, role) for role in ("moderator", "frozen", "contact", *OWNERS)}
    got = set().union(*(one.pages for one in read.values()))
    missing = [f"{one.word} for {role}" for one in SECRETS for role in one.readers if one.word not in read[role].words]
    assert missing == []
    for role in read:
        unread = [pattern for pattern in READ if not _answered(pattern, got)]
        got |= set(gives_a_page(town, role, unread))
    assert [pattern for pattern in READ if not _answered(pattern, got)] == []


def test_a_planted_leak_in_a_verb_is_found(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visibility, "nearness", lambda viewer, owner: Visibility.ME)

    assert any(word("headline") in leak for leak in leaks(town, "stranger", again=True))


def test_a_planted_leak_in_a_template_is_found(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def shown_name(house: House) -> str:
        return Member.objects.get(handle="ada").place

    monkeypatch.setattr(House, "shown_name", property(shown_name))

    assert any(word("place") in leak for leak in leaks(town, "stranger", again=True))


def _answered(pattern: str, got: set[str]) -> bool:
    return any(re.fullmatch(pattern, path) for path in got)

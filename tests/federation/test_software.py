"""What other servers run is noted once, for operators."""

from typing import Any

import pytest
from pytest_django import Settings

from foundation import jobs
from foundation.signing import Document
from network.federation import actors, media, software
from network.federation.models import Peer
from tests.federation.people import lives_at, person
from tests.federation.tls import Server
from tests.federation.world import says

SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/2.0"


@pytest.fixture(autouse=True)
def _on(settings: Settings) -> None:
    settings.FEDERATION = True


def runs(server: Server, told: Document, *, href: str = "/nodeinfo/2.0") -> None:
    links: list[Any] = ["odd", {"rel": "other", "href": "/x"}, {"rel": SCHEMA, "href": server.url(href)}]
    server.paths["/.well-known/nodeinfo"] = says({"links": links}, kind=media.JSON)
    server.paths["/nodeinfo/2.0"] = says(told, kind=f'application/json; profile="{SCHEMA}#"')


def noted() -> str:
    jobs.drain_everything(strict=True)
    return Peer.objects.get().software


def test_it_is_noted_once_with_the_first_person_met_there(two: Server) -> None:
    runs(two, {"software": {"name": "mastodon", "version": "4.5.1"}})
    actors.learn(lives_at(two, person(two.url("/@zoe/"))))
    assert noted() == "mastodon 4.5.1"
    asked = len(two.asked)
    software.ask(Peer.objects.get())
    assert noted() == "mastodon 4.5.1"
    assert len(two.asked) == asked


@pytest.mark.parametrize("told", [{}, {"software": "x"}, {"software": {"name": "\u202e" * 9}}, {"software": None}])
def test_what_cannot_be_read_is_not_asked_again(two: Server, told: Document) -> None:
    runs(two, told)
    actors.learn(lives_at(two, person(two.url("/@zoe/"))))
    assert noted() == software.UNKNOWN


def test_it_has_room_for_so_much(two: Server) -> None:
    runs(two, {"software": {"name": "m" * 5000, "version": "1"}})
    actors.learn(lives_at(two, person(two.url("/@zoe/"))))
    assert noted() == "m" * 80


@pytest.mark.adversarial(19)
@pytest.mark.parametrize("href", ["https://169.254.169.254/nodeinfo/2.0", "https://[::1]/x", "http://two.example/x", 7])
def test_a_nodeinfo_that_leads_elsewhere_is_not_followed(two: Server, evil: Server, href: object) -> None:
    for named in (href, evil.url("/nodeinfo/2.0")):
        links = {"links": [{"rel": SCHEMA, "href": named}]}
        two.paths["/.well-known/nodeinfo"] = says(links, kind=media.JSON)
        Peer.objects.get_or_create(host="two.example")
        Peer.objects.update(software="")
        software.ask(Peer.objects.get())
        assert noted() == software.UNKNOWN
    assert evil.asked == []
    assert set(two.targets) == {"/.well-known/nodeinfo"}

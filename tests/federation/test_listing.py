"""Collections elsewhere are read a little way, and only where they began."""

from typing import Any

import pytest

from foundation.signing import Document
from network.federation import fetching, listing
from tests.federation.tls import Server
from tests.federation.world import World, says


def page(server: Server, number: int, *, following: str | None = None, **more: Any) -> Document:
    found = {"id": server.url(f"/p/{number}"), "type": "OrderedCollectionPage", "orderedItems": [f"item {number}"]}
    return found | ({"next": following} if following else {}) | more


def collection(server: Server, first: Any) -> str:
    uri = server.url("/c")
    server.paths["/c"] = says({"id": uri, "type": "OrderedCollection", "first": first})
    return uri


def test_a_collection_is_read_page_by_page(two: Server) -> None:
    two.paths["/p/1"] = says(page(two, 1, following=two.url("/p/2")))
    two.paths["/p/2"] = says(page(two, 2))
    assert listing.items(collection(two, two.url("/p/1"))) == ["item 1", "item 2"]


def test_items_may_stand_in_the_collection_itself(two: Server) -> None:
    two.paths["/c"] = says({"id": two.url("/c"), "type": "Collection", "items": ["a", {"id": "b"}, 7, None]})
    assert listing.items(two.url("/c")) == ["a", {"id": "b"}]


def test_a_first_page_may_be_embedded(two: Server) -> None:
    assert listing.items(collection(two, page(two, 1))) == ["item 1"]


@pytest.mark.adversarial(27)
def test_endless_pages_end_after_three(two: Server) -> None:
    for number in range(1, 20):
        two.paths[f"/p/{number}"] = says(page(two, number, following=two.url(f"/p/{number + 1}")))
    assert listing.items(collection(two, two.url("/p/1"))) == ["item 1", "item 2", "item 3"]
    assert two.targets == ["/c", "/p/1", "/p/2", "/p/3"]


@pytest.mark.adversarial(27)
def test_a_page_that_leads_to_itself_is_read_once(two: Server) -> None:
    two.paths["/p/1"] = says(page(two, 1, following=two.url("/p/1")))
    assert listing.items(collection(two, two.url("/p/1"))) == ["item 1"]
    assert two.targets == ["/c", "/p/1"]


@pytest.mark.adversarial(27)
def test_a_page_on_another_server_is_not_read(two: Server, world: World) -> None:
    evil = world.server("evil.example", "127.0.0.6")
    evil.paths["/p/1"] = says(page(evil, 1))
    two.paths["/p/1"] = says(page(two, 1, following=evil.url("/p/1")))
    assert listing.items(collection(two, two.url("/p/1"))) == ["item 1"]
    assert listing.items(collection(two, evil.url("/p/1"))) == []
    assert evil.asked == []


@pytest.mark.adversarial(27)
def test_a_collection_on_another_server_is_not_believed(two: Server, world: World) -> None:
    evil = world.server("evil.example", "127.0.0.6")
    evil.paths["/c"] = says({"id": two.url("/c"), "type": "Collection", "items": ["forged"]})
    with pytest.raises(fetching.Elsewhere):
        listing.items(evil.url("/c"))


@pytest.mark.adversarial(25)
def test_a_page_without_end_is_cut(two: Server) -> None:
    two.paths["/c"] = says({"id": two.url("/c"), "type": "Collection", "items": ["x"] * 10_000})
    assert len(listing.items(two.url("/c"))) == listing.MOST_ITEMS


def test_what_is_no_collection_is_refused(two: Server) -> None:
    two.paths["/c"] = says({"id": two.url("/c"), "type": "Note"})
    with pytest.raises(listing.NoCollection):
        listing.items(two.url("/c"))

"""Collections of other servers, read a little way: three pages at most, all of them on the server they began on."""

from typing import Any

from foundation.refusals import Invalid
from foundation.signing import Document
from network.federation import fetching, hosts, vocabulary

MOST_PAGES = 3  # federation.md, 27
MOST_ITEMS = 200
KINDS = frozenset({"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"})


class NoCollection(Invalid):
    code = "no-collection"


def items(uri: str, *, most: int = MOST_ITEMS) -> list[Any]:
    """What the collection at `uri` names, each an address or an object that nobody has vouched for yet.

    Raises `NoCollection` and what `fetching.document` raises for the collection itself; a page that cannot be had, or
    lies elsewhere, ends it.
    """
    found = _checked(fetching.document(uri))
    listed, seen = _listed(found), {uri}
    following = found.get("first")
    for _page in range(MOST_PAGES):
        if len(listed) >= most or not following:
            break
        page = _page_of(following, uri, seen)
        if page is None:
            break
        listed += _listed(page)
        following = page.get("next")
    return listed[:most]


def _page_of(named: object, uri: str, seen: set[str]) -> Document | None:
    """The page as it is embedded, or as it lies on the collection's own server; None if it was read before."""
    if isinstance(named, dict) and ("items" in named or "orderedItems" in named):
        return named
    address = vocabulary.uri_of(named)
    if not address or address in seen or not hosts.same_origin(address, uri):
        return None
    seen.add(address)
    try:
        return _checked(fetching.document(address))
    except (Invalid, fetching.Nobody, fetching.Gone, fetching.Elsewhere):
        return None


def _checked(document: Document) -> Document:
    if document.get("type") not in KINDS:
        raise NoCollection
    return document


def _listed(document: Document) -> list[Any]:
    found = vocabulary.listed(document.get("orderedItems", document.get("items")))
    return [one for one in found[:MOST_ITEMS] if isinstance(one, str | dict)]

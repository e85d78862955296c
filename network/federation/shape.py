"""What an activity has to look like before anybody asks whose it is (federation.md, 24, 25, 30, 37, 38). Pure.

Words have their fixed meaning, whatever a `@context` says; what could move or add meaning is refused, not processed.
"""

import hashlib
import re
from typing import Any

from django.conf import settings

from foundation import strict_json
from foundation.signing import Document
from network.federation import hosts, vocabulary
from network.federation.vocabulary import listed, uri_of
from network.federation.wire import Malformed, Unproven

GRAPH_WORDS = frozenset({"@graph", "@included", "@reverse"})
"""JSON-LD's ways to say things elsewhere than where they stand (CVE-2026-46349, CVE-2026-48028, CVE-2026-42462)."""
AUDIENCE = ("to", "cc", "bto", "bcc", "audience")
RECIPIENTS_MAX = 1000
"""In all: a post to every follower names their collection, not them."""
LIST_MAX = 1000
LISTS_MAX = {"tag": 200, "attachment": 64, "oneOf": 64, "anyOf": 64, "icon": 16, "image": 16, "alsoKnownAs": 32}
BLIND = ("bto", "bcc")

_UNKEPT = re.compile("[\x00\ud800-\udfff]")
"""What no PostgreSQL text can hold; half a surrogate has no UTF-8 either."""
_ESCAPED = re.compile(rb"\\u(?:0000|00[4-7]|[dD][89a-fA-F])")
"""What could be one of these, or a letter of `GRAPH_WORDS`."""
_GRAPH_BYTES = tuple(word.encode() for word in GRAPH_WORDS)


def read(raw: bytes) -> Document:
    """The activity that `raw` says: with a type and an actor, within all limits; its id may be left out.

    Raises `Malformed`; `Unproven` if id and actor are not at the same origin (FEP-fe34).
    """
    try:
        activity = strict_json.read(raw, most_bytes=settings.INBOX_MAX_BYTES)
    except strict_json.Unreadable:
        raise Malformed from None
    if not _is_plain(raw):
        _walk(activity)
    _limits(activity)
    uri = activity.get("id")
    if "type" not in activity or not hosts.is_https(author(activity)):
        raise Malformed
    if uri is None:
        return activity
    if not hosts.is_https(uri):
        raise Malformed
    if not hosts.same_origin(uri, author(activity)):
        raise Unproven
    return activity


def named(activity: Document, raw: bytes) -> Document:
    """The activity with an id. One that came without gets one that stands for its bytes: again the same, again no-op.

    Misskey names neither Accept, Reject nor Delete (ActivityPub, 3: transient objects need no id). Raises `Malformed`
    if no name fits.
    """
    if activity.get("id") is not None:
        return activity
    name = f"{author(activity)}#unnamed-{hashlib.sha256(raw).hexdigest()}"
    if not hosts.is_https(name):
        raise Malformed
    return {**activity, "id": name}


def author(activity: Document) -> str:
    return uri_of(activity.get("actor"))


def is_known(activity: Document) -> bool:
    """Whether it is of a type that anybody here looks at."""
    kind = activity["type"]
    return isinstance(kind, str) and kind in vocabulary.KNOWN


def is_own(activity: Document) -> bool:
    """Whether the object is one that this actor may do this to, as far as the names tell (FEP-fe34).

    Who owns what is here, the rooms of `arriving` know; here it is seen that nobody speaks for another server.
    """
    by, kind = author(activity), activity["type"]
    objects = listed(activity.get("object"))
    if kind in ("Create", "Update", "Delete", "Undo"):
        return bool(objects) and all(_is_of(one, by) for one in objects)
    if kind == "Move":
        return [uri_of(one) for one in objects] == [by]
    if kind in ("Add", "Remove"):
        return hosts.same_origin(uri_of(activity.get("target")), by)
    return True


def without_blind(activity: Document) -> Document:
    """The activity without those whom its author did not want named (ActivityPub, 6)."""
    bare = {name: value for name, value in activity.items() if name not in BLIND}
    inner = bare.get("object")
    if isinstance(inner, dict):
        bare["object"] = {name: value for name, value in inner.items() if name not in BLIND}
    return bare


def _is_of(thing: object, by: str) -> bool:
    """Same origin, and stated to be nobody else's."""
    if not hosts.same_origin(uri_of(thing), by):
        return False
    if not isinstance(thing, dict):
        return True
    stated = [listed(thing.get(name)) for name in ("attributedTo", "actor") if name in thing]
    return all(by in [uri_of(one) for one in names] for names in stated)


def _is_plain(raw: bytes) -> bool:
    """Whether `_walk` could find nothing: too few parts for its limits, none of the words it looks for, and no escape
    that could write one. Most activities are so; each part but the first has a comma or a bracket before it."""
    parts = raw.count(b",") + raw.count(b"[") + raw.count(b"{")
    if parts >= min(LIST_MAX, settings.INBOX_MAX_NODES) or _ESCAPED.search(raw):
        return False
    return not any(word in raw for word in _GRAPH_BYTES)


def _walk(activity: Document) -> None:
    """Every key and text of it once: so many nodes, so long lists, no word that moves meaning."""
    left = settings.INBOX_MAX_NODES
    waiting: list[tuple[Any, bool]] = [(activity, False)]
    while waiting:
        value, in_context = waiting.pop()
        left -= 1
        if left < 0:
            raise Malformed
        if isinstance(value, dict):
            for key, inner in value.items():
                _check(key, is_word=True)
                waiting.append((inner, in_context or key == "@context"))
        elif isinstance(value, list):
            if len(value) > LIST_MAX:
                raise Malformed
            waiting += [(inner, in_context) for inner in value]
        elif isinstance(value, str):
            _check(value, is_word=in_context)


def _check(text: str, *, is_word: bool) -> None:
    """Nothing, if it can be kept and, where it is a word of JSON-LD, is none of `GRAPH_WORDS`; else `Malformed`."""
    if _UNKEPT.search(text) or (is_word and text in GRAPH_WORDS):
        raise Malformed


def _limits(activity: Document) -> None:
    inner = activity.get("object")
    for where in (activity, inner if isinstance(inner, dict) else {}):
        if sum(len(listed(where.get(name))) for name in AUDIENCE) > RECIPIENTS_MAX:
            raise Malformed
        if any(len(listed(where.get(name))) > most for name, most in LISTS_MAX.items()):
            raise Malformed

"""Papers on a desk: keys of the cast, and a vouch of Ada's for Bo, without a database."""

import copy
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from foundation import did, signing
from foundation.signing import Document
from vetting import credential_shape, credentials, status_list
from vetting.credentials import Facts, Party, Shared

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
LIST, INDEX = "https://home.example/status/1", 4711


class Person:
    """Somebody with a key of their own; always the same one, so that a failure can be repeated."""

    def __init__(self, name: str) -> None:
        self.private = hashlib.sha256(name.encode()).digest()
        self.did = did.of(signing.public_of(self.private))
        self.party = Party(did=self.did, actor=f"https://home.example/u/{name.lower()}", name=f"{name} Test")


ADA, BO, MALLORY, HOUSE = Person("Ada"), Person("Bo"), Person("Mallory"), Person("House")
AT_ACME = Shared(kind="employment", organisation="Acme Werke", unit="Halle 3", starts="2001-04", ends="2004-06")


def facts(**changes: Any) -> Facts:
    said = {
        "address": "https://home.example/vouch/uJ3kQ0",
        "voucher": ADA.party,
        "subject": BO.party,
        "context": AT_ACME,
        "statement": "I would work with Bo again, at any time.",
        "valid_from": NOW,
        "valid_until": credential_shape.ends(NOW),
        "status_list": LIST,
        "status_index": INDEX,
        "status_issuer": HOUSE.did,
    }
    return Facts(**{**said, **changes})


def vouch(**changes: Any) -> Document:
    """Drafted, countersigned by Bo, issued by Ada."""
    agreed = credentials.countersign(credentials.draft(facts(**changes)), private=BO.private, created=NOW)
    return credentials.issue(agreed, private=ADA.private, created=NOW)


def signed(document: Document, *, by: Person, named: Person | None = None) -> Document:
    """Signed by whoever, in whoever's name, without a look at what it says."""
    bare = {name: value for name, value in document.items() if name != "proof"}
    return signing.secure(bare, private=by.private, method=did.method((named or by).did), created=NOW)


def signed_anyway(document: Document, *, by: Person = ADA, agreed_by: Person | None = BO) -> Document:
    """Signed by both with other programs, which look at nothing."""
    bare = {name: value for name, value in document.items() if name not in {"evidence", "proof"}}
    if agreed_by:
        bare["evidence"] = {"type": "Countersignature", "proof": signed(bare, by=agreed_by)["proof"]}
    return signed(bare, by=by)


def listing(*withdrawn: int, at: datetime = NOW, by: Person = HOUSE, address: str = LIST) -> Document:
    return status_list.credential(address, status_list.bits(withdrawn), by.private, at)


Path = tuple[str | int, ...]


def places(value: Any, at: Path = ()) -> Iterator[Path]:
    """Where each value below lies, containers too."""
    if at:
        yield at
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, below in inside:
        yield from places(below, (*at, name))


def value_at(document: Document, at: Path) -> Any:
    value: Any = document
    for name in at:
        value = value[name]
    return value


def changed(document: Document, at: Path, value: Any) -> Document:
    """A copy with `value` there instead."""
    made = copy.deepcopy(document)
    value_at(made, at[:-1])[at[-1]] = value
    return made


def without(document: Document, at: Path) -> Document:
    made = copy.deepcopy(document)
    del value_at(made, at[:-1])[at[-1]]
    return made

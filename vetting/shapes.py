"""What a signed document looks like, exactly: every name that must or may be there, and what each may say. Pure.

Strict on purpose: a name we do not know could mean to others that which we did not verify.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Union

from foundation import did, rfc3339, signing

Leaf = Callable[[object], bool]
Shape = Mapping[str, Union["Shape", Leaf]]
"""Names with what stands under them; a name that ends with `?` may be absent."""

_ADDRESS = re.compile(r"https?://[\x21-\x7e]{1,2000}")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows (Unicode UAX 9, 2.1 to 2.4): they make a text look another."""


def fits(value: object, shape: "Shape | Leaf") -> bool:
    """`value` has all names it must have, none that it may not have, and each says what it may."""
    if callable(shape):
        return shape(value)
    if not isinstance(value, dict):
        return False
    needed = {name for name in shape if not name.endswith("?")}
    known = {name.removesuffix("?"): below for name, below in shape.items()}
    if not needed <= value.keys() <= known.keys():
        return False
    return all(fits(below, known[name]) for name, below in value.items())


def exactly(wanted: str | list[str]) -> Leaf:
    return lambda value: value == wanted


def like(pattern: str) -> Leaf:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def words(most: int) -> Leaf:
    """A text for people: 1 to `most` characters, none that steers a screen or turns what is around it."""
    return lambda value: isinstance(value, str) and 0 < len(value) <= most and value == cleaned(value)


def cleaned(text: str) -> str:
    """Blanks, tabs and line ends become one blank; what steers a screen is left out, half characters, too."""
    kept = (one for one in text if one.isspace() or not (one in _TURNING or unicodedata.category(one) in {"Cc", "Cs"}))
    return " ".join("".join(kept).split())


def address(value: object) -> bool:
    return isinstance(value, str) and _ADDRESS.fullmatch(value) is not None


def did_key(value: object) -> bool:
    """A did:key of an Ed25519 key."""
    try:
        did.key_in(value)
    except signing.Unproven:
        return False
    return True


def moment(value: object) -> bool:
    """In this millennium, so that months can be added to it."""
    try:
        return 2000 <= rfc3339.read(value).year < 3000
    except ValueError:
        return False


def proof(context: list[str]) -> Shape:
    """A proof of eddsa-jcs-2022 with the document's context (vc-di-eddsa 3.3.1), and no option besides."""
    return {
        "@context": exactly(context),
        "type": exactly("DataIntegrityProof"),
        "cryptosuite": exactly(signing.SUITE),
        "created": moment,
        "verificationMethod": like(r"did:key:z[1-9A-HJ-NP-Za-km-z]{1,100}#z[1-9A-HJ-NP-Za-km-z]{1,100}"),
        "proofPurpose": exactly("assertionMethod"),
        "proofValue": like(r"z[1-9A-HJ-NP-Za-km-z]{1,127}"),
    }


def walk(document: object) -> list[tuple[str, Any]]:
    """Every value below with the name it stands under (an item of an array: the array's name); depth is no matter."""
    found: list[tuple[str, Any]] = []
    left: list[tuple[str, Any]] = [("", document)]
    while left:
        name, value = left.pop()
        found.append((name, value))
        if isinstance(value, dict):
            left += value.items()
        elif isinstance(value, list):
            left += [(name, one) for one in value]
    return found

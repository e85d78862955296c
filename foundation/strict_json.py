"""JSON from strangers, read strictly: what two readers could understand differently is refused.

`json.loads` alone keeps the last of two equal keys, knows NaN, and climbs as deep as its stack (federation.md).
"""

import json
import re
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.refusals import Invalid

MOST_BYTES = 256 * 1024  # federation.md, the gate, 1
MOST_LEVELS = 32  # the same
GREATEST = 2**53 - 1
"""Up to here every whole number is exact in every reader (RFC 8785, appendix D; RFC 7493, 2.2)."""

_STRING = re.compile(rb'"(?:[^"\\]|\\.?)*+"?', re.DOTALL)  # always matches at a quote, so the scan is linear
_BRACKET = re.compile(rb"[\[{}\]]")


class Unreadable(Invalid):
    code = "unreadable"
    message = _("This is not a document that can be read.")


def read(raw: bytes, *, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """The one object that `raw` (UTF-8) says.

    Raises `Unreadable` for more than `most_bytes` or 32 levels, a key given twice, NaN and infinity, numbers beyond
    2^53 - 1, anything that is no object, anything that is no JSON.
    """
    if len(raw) > most_bytes or _is_deep(raw):
        raise Unreadable
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_never,
            parse_int=_whole,
            parse_float=_real,
        )
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(value, dict):
        raise Unreadable
    return value


def _is_deep(raw: bytes) -> bool:
    """Whether the brackets outside of strings go deeper than allowed. Most documents have not even so many."""
    if raw.count(b"[") + raw.count(b"{") <= MOST_LEVELS:
        return False
    brackets = _BRACKET.findall(_STRING.sub(b"", raw))
    return max(accumulate((1 if one in b"[{" else -1 for one in brackets), initial=0)) > MOST_LEVELS


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key is given twice")
    return value


def _never(text: str) -> Any:
    raise ValueError(text)


def _whole(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > GREATEST:  # 2^53 - 1 has 16 digits, and a sign
        raise ValueError("too large to be exact")
    return int(text)


def _real(text: str) -> float:
    number = float(text)
    if abs(number) > GREATEST:  # infinity, too
        raise ValueError("too large to be exact")
    return number

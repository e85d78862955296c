"""draft-cavage-http-signatures-12, as the Fediverse speaks it: RSA with PKCS #1 v1.5 and SHA-256. Pure.

What a signature has to cover: federation.md, the gate, 4. Names in comments are the draft's sections.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime

from network.federation import digests, wire
from network.federation.wire import Claim, Knock, Unproven

ALGORITHMS = frozenset({None, "rsa-sha256", "hs2019"})
"""hs2019 leaves it to the key, and the key is RSA: everybody means rsa-sha256 by it."""
HEADERS_MAX = 32

_PARAMETER = re.compile(r'([A-Za-z]+)=(?:"([^"\\]*)"|([0-9]{1,12}))[ \t]*(?:,[ \t]*|\Z)')
_REQUIRED = {
    "POST": ({"(request-target)", "host", "digest"}, ({"date"}, {"(created)"})),
    "GET": ({"(request-target)", "host"}, ({"date"},)),
    "HEAD": ({"(request-target)", "host"}, ({"date"},)),
}
"""All of the first, and of the rest at least one."""


def headers(
    method: str, url: str, body: bytes | None, *, key_id: str, sign: Callable[[bytes], bytes], now: datetime
) -> dict[str, str]:
    """What makes the request provable. `sign` makes the signature of a text."""
    _scheme, host, target = wire.parts(url)
    said = {"Host": host, "Date": format_datetime(now, usegmt=True)}
    if body is not None:
        said["Digest"] = digests.digest(body)
    lines = [f"(request-target): {method.lower()} {target}", *(f"{name.lower()}: {said[name]}" for name in said)]
    covered = " ".join(["(request-target)", *(name.lower() for name in said)])
    signature = b64encode(sign("\n".join(lines).encode())).decode()
    text = f'keyId="{key_id}",algorithm="rsa-sha256",headers="{covered}",signature="{signature}"'
    return {**said, "Signature": text}


def read(knock: Knock) -> Claim:
    """What the Signature header says. Raises `Unproven` for one that covers too little or is not of this hour."""
    said = _parameters(knock.only("signature") or "")
    covered = said.get("headers", "").lower().split(" ")
    if said.get("algorithm") not in ALGORITHMS or len(covered) > HEADERS_MAX or len(set(covered)) != len(covered):
        raise Unproven
    _covers_enough(knock.method, set(covered))
    _in_time(knock, said, set(covered))
    targets = [knock.line]
    if knock.method != "POST" and "?" in knock.line:
        targets.append(knock.line.partition("?")[0])  # some sign a GET without its query
    bases = tuple(_base(knock, covered, said, target) for target in targets)
    return Claim(said.get("keyId", ""), _bytes(said.get("signature", "")), bases)


def _parameters(text: str) -> dict[str, str]:
    """2.1: names with a quoted or a whole value; each once."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        part = _PARAMETER.match(text, at)
        if part is None or part[1] in found or len(text) > wire.LINE_MAX:
            raise Unproven
        found[part[1]] = part[2] if part[3] is None else part[3]
        at = part.end()
    return found


def _covers_enough(method: str, covered: set[str]) -> None:
    if method not in _REQUIRED:
        raise Unproven
    all_of, one_of = _REQUIRED[method]
    if not all_of <= covered or not any(one <= covered for one in one_of):
        raise Unproven


def _in_time(knock: Knock, said: dict[str, str], covered: set[str]) -> None:
    """The Date, and the stated times; those are for hs2019 alone (2.3): older algorithms have other readers."""
    if covered & {"(created)", "(expires)"} and said.get("algorithm") == "rsa-sha256":
        raise Unproven
    date = knock.only("date")
    if "date" in covered:
        knock.in_time(wire.date(date or ""))
    if "(created)" in covered:
        knock.in_time(_seconds(said.get("created")))
    if "expires" in said and _seconds(said["expires"]) < knock.at:
        raise Unproven


def _base(knock: Knock, covered: list[str], said: dict[str, str], target: str) -> bytes:
    """2.3: what was signed."""
    special = {
        "(request-target)": f"{knock.method.lower()} {target}",
        "(created)": said.get("created"),
        "(expires)": said.get("expires"),
    }
    lines = []
    for name in covered:
        value = special[name] if name in special else knock.field(name)
        if value is None:
            raise Unproven
        lines.append(f"{name}: {value}")
    return "\n".join(lines).encode("ascii")


def _seconds(text: str | None) -> datetime:
    if text is None or not text.isdigit() or not text.isascii() or len(text) > 12:
        raise Unproven
    return wire.moment(int(text))


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError):
        raise Unproven from None

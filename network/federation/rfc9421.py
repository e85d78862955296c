"""RFC 9421, HTTP Message Signatures, for requests, by RSA with PKCS #1 v1.5 and SHA-256. Pure.

What a signature has to cover: federation.md, the gate, 5. Numbers in comments are the RFC's sections. The parameters
go into what is verified as they were sent, not as we would write them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

import http_sf

from network.federation import digests, wire
from network.federation.wire import Claim, Knock, Malformed, Unproven

ALGORITHM = "rsa-v1_5-sha256"  # 3.3.2, and the only one that Mastodon verifies
LABEL = "sig1"
COMPONENTS_MAX = 32
QUERY_MAX = 100
REPEATED_MAX = 256
WISHED = (
    "@method",
    "@target-uri",
    "@authority",
    "@scheme",
    "@request-target",
    "@path",
    "@query",
    "content-digest",
    "host",
)
"""What another server may wish to see covered: it is in every request of ours."""
TEXTS = ("keyid", "alg", "nonce", "tag")

Component = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Input:
    """The one member of Signature-Input: what is covered, and the text that stands for it and its parameters."""

    label: str
    components: list[Component]
    parameters: dict[str, Any]
    text: str


@dataclass(frozen=True)
class Wish:
    """How a server would like to be asked (5.1): what else is to be covered, and what to repeat, as it is written."""

    label: str = LABEL
    components: tuple[str, ...] = ()
    repeated: tuple[tuple[str, str], ...] = ()


def wish(accept_signature: str) -> Wish | None:
    """The first wish in an Accept-Signature header that we can fulfil; None if there is none."""
    try:
        members = wire.dictionary(accept_signature)
    except Unproven:
        return None
    return next(filter(None, starmap(_fulfillable, members.items())), None)


def headers(
    method: str,
    url: str,
    body: bytes | None,
    *,
    key_id: str,
    sign: Callable[[bytes], bytes],
    now: datetime,
    wish: Wish = Wish(),
) -> dict[str, str]:
    """What makes the request provable. `sign` makes the signature of a text."""
    scheme, host, target = wire.parts(url)
    said = {"Host": host}
    components: list[Component] = [("@method", {}), ("@target-uri", {})]
    if body is not None:
        said["Content-Digest"] = digests.content_digest(body)
        components.append(("content-digest", {}))
    components += [(name, {}) for name in wish.components if (name, {}) not in components]
    knock = Knock(method, target, host, list(said.items()), body or b"", now, scheme=scheme)
    parameters: dict[str, Any] = {"created": int(now.timestamp()), "keyid": key_id, "alg": ALGORITHM}
    member: Any = (components, parameters | dict(wish.repeated))
    text = http_sf.ser({wish.label: member}).removeprefix(f"{wish.label}=")
    signature = sign(base(knock, components, text))
    return {**said, "Signature-Input": f"{wish.label}={text}", "Signature": http_sf.ser({wish.label: (signature, {})})}


def read(knock: Knock) -> Claim:
    """What the two headers say. Raises `Unproven` for a signature that covers too little or is not of this hour."""
    said = read_input(knock.only("signature-input") or "")
    _covers_enough(knock, {name for name, parameters in said.components if not parameters})
    _in_time(knock, said.parameters)
    return Claim(
        said.parameters["keyid"],
        _signature(knock.only("signature") or "", said.label),
        (base(knock, said.components, said.text),),
    )


def read_input(text: str) -> Input:
    """4.1: exactly one member, an inner list of strings, each once; else `Unproven`."""
    members = wire.dictionary(text)
    if len(members) != 1:
        raise Unproven
    ((label, (items, parameters)),) = members.items()
    if not isinstance(items, list) or len(items) > COMPONENTS_MAX:
        raise Unproven
    components = [(name, dict(of)) for name, of in items]
    keys = [http_sf.ser(component) for component in components]
    if len(set(keys)) != len(keys) or not all(type(name) is str and name == name.lower() for name, _of in components):
        raise Unproven
    if any(type(parameters[name]) is not str for name in TEXTS if name in parameters):
        raise Unproven
    return Input(label, components, parameters, text.partition("=")[2].strip(" \t"))


def base(knock: Knock, components: list[Component], text: str) -> bytes:
    """2.5: what was signed. Raises `Unproven` for a component that is not there or that is not read here."""
    lines = [f"{http_sf.ser(one)}: {_value(knock, *one)}" for one in components]
    return "\n".join([*lines, f'"@signature-params": {text}']).encode("ascii")


def _value(knock: Knock, name: str, parameters: dict[str, Any]) -> str:
    if name == "@query-param" and list(parameters) == ["name"]:
        return _query_parameter(knock.line, parameters["name"])
    if parameters:
        raise Unproven
    return _derived(knock, name) if name.startswith("@") else knock.field(name)


def _derived(knock: Knock, name: str) -> str:
    """2.2"""
    path, _, query = knock.line.partition("?")
    values = {
        "@method": knock.method,
        "@target-uri": f"{knock.scheme}://{_authority(knock)}{knock.line}",
        "@authority": _authority(knock),
        "@scheme": knock.scheme,
        "@request-target": knock.line,
        "@path": path,
        "@query": f"?{query}",
    }
    if name not in values:
        raise Unproven
    return values[name]


def _authority(knock: Knock) -> str:
    """2.2.3: in lower case, without the scheme's own port."""
    host = knock.host.lower()
    if not host or not wire.printable(host):
        raise Malformed
    return host.removesuffix({"https": ":443", "http": ":80"}.get(knock.scheme, ""))


def _query_parameter(line: str, name: object) -> str:
    """2.2.8: the one value of that name, encoded anew."""
    if not isinstance(name, str):
        raise Unproven
    try:
        pairs = parse_qsl(line.partition("?")[2], keep_blank_values=True, max_num_fields=QUERY_MAX)
    except ValueError:
        raise Malformed from None
    found = [value for key, value in pairs if key == unquote(name)]
    if len(found) != 1:
        raise Unproven
    return quote(found[0], safe="*").replace("~", "%7E")


def _fulfillable(label: str, said: tuple[Any, dict[str, Any]]) -> Wish | None:
    """The wish, if it names nothing but what we cover and know; a key of its own choice is not ours."""
    items, parameters = said
    if not isinstance(items, list) or len(items) > COMPONENTS_MAX or "keyid" in parameters:
        return None
    names = tuple(name for name, of in items if name in WISHED and not of)
    if len(names) != len(items) or parameters.get("alg", ALGORITHM) != ALGORITHM:
        return None
    repeated = tuple((name, parameters[name]) for name in ("nonce", "tag") if name in parameters)
    if any(type(value) is not str or len(value) > REPEATED_MAX for _name, value in repeated):
        return None
    return Wish(label, names, repeated)


def _covers_enough(knock: Knock, covered: set[str]) -> None:
    where = "@target-uri" in covered or covered >= {"@authority", "@path", "@query"}
    body = "content-digest" in covered or not (knock.body or knock.method == "POST")
    if "@method" not in covered or not where or not body:
        raise Unproven


def _in_time(knock: Knock, said: dict[str, Any]) -> None:
    """2.3: whole seconds; `created` has to be there, `expires` counts where it is."""
    created, expires = said.get("created"), said.get("expires", 2**32)
    if type(created) is not int or type(expires) is not int:
        raise Unproven
    if "keyid" not in said or said.get("alg", ALGORITHM) != ALGORITHM:
        raise Unproven
    knock.in_time(wire.moment(created))
    if wire.moment(expires) < knock.at:
        raise Unproven


def _signature(text: str, label: str) -> bytes:
    members = wire.dictionary(text)
    if list(members) != [label] or not isinstance(members[label][0], bytes):
        raise Unproven
    return bytes(members[label][0])

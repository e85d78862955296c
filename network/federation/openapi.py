"""How the doors of this wing are described (drf-spectacular): the shapes of what they answer, written once."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from network.federation import vocabulary

F = TypeVar("F", bound=Callable[..., Any])
URI = {"type": "string", "format": "uri"}
TEXT = {"type": "string"}


def _object(required: Sequence[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties} | ({"required": list(required)} if required else {})


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


REFUSAL = _object(["error", "message"], error={**TEXT, "description": "A code for machines."}, message=TEXT)
KEY = _object(["id", "owner", "publicKeyPem"], id=URI, owner=URI, publicKeyPem=TEXT)
MULTIKEY = _object(["id", "type", "controller", "publicKeyMultibase"], id=URI, controller=URI, publicKeyMultibase=TEXT)
FIELD = _object(["type", "name", "value"], type={"enum": ["PropertyValue"]}, name=TEXT, value=TEXT)
LINK = _object(["href"], href=URI, name=TEXT)
ACTOR = _object(
    ["@context", "id", "type", "preferredUsername", "inbox", "outbox", "publicKey"],
    id=URI,
    type={"enum": ["Person", "Application"]},
    preferredUsername=TEXT,
    name=TEXT,
    summary={**TEXT, "description": "HTML."},
    url=URI,
    webfinger={**TEXT, "description": "name@server (FEP-2c59)."},
    published={"type": "string", "format": "date-time", "description": "To the day."},
    inbox=URI,
    outbox=URI,
    followers=URI,
    following=URI,
    vouches=URI,
    connections=URI,
    endpoints=_object([], sharedInbox=URI),
    manuallyApprovesFollowers={"type": "boolean"},
    discoverable={"type": "boolean"},
    indexable={"type": "boolean"},
    alsoKnownAs=_list(URI),
    attachment=_list(FIELD),
    publicKey={**KEY, "description": "RSA-2048, for HTTP signatures alone."},
    assertionMethod={**_list(MULTIKEY), "description": "Ed25519, for proofs and credentials (FEP-521a)."},
    generator=_object(["implements"], type={"enum": ["Application"]}, implements=_list(LINK)),
)
COLLECTION = _object(
    ["@context", "id", "type"],
    id=URI,
    type={"enum": ["Collection", "OrderedCollection"]},
    items=_list(URI),
    orderedItems=_list({"type": "object"}),
)
OBJECT = _object(["@context", "id", "type"], id=URI, type=TEXT)
JRD = _object(
    ["subject", "links"],
    subject=TEXT,
    aliases=_list(URI),
    links=_list(_object(["rel"], rel=TEXT, type=TEXT, href=URI)),
)
LINKS = _object(["links"], links=_list(_object(["rel", "href"], rel=URI, href=URI)))
NODEINFO = _object(
    ["version", "software", "protocols", "services", "openRegistrations", "usage", "metadata"],
    version={"enum": ["2.0", "2.1"]},
    software=_object(["name", "version"], name=TEXT, version=TEXT, homepage=URI),
    protocols=_list(TEXT),
    openRegistrations={"type": "boolean"},
    usage=_object(["users"], users=_object([], total={"type": "integer"})),
)
HANDLE = OpenApiParameter("handle", str, OpenApiParameter.PATH, description="A member's handle.")


def answers(
    name: str,
    summary: str,
    shape: dict[str, Any],
    *,
    kind: str = vocabulary.ACTIVITY_JSON,
    description: str = "",
    parameters: Sequence[OpenApiParameter] = (),
    refusals: Sequence[int] = (404, 429, 503),
) -> Callable[[F], F]:
    """The decorated door answers 200 with that shape under that content type, or one of the refusals."""
    responses: dict[Any, Any] = {(200, kind): OpenApiResponse(shape, description=summary)}
    responses |= {(status, kind): OpenApiResponse(REFUSAL, description=WORDS[status]) for status in refusals}
    described: Callable[[F], F] = extend_schema(
        operation_id=name,
        summary=summary,
        description=description or summary + ".",
        tags=["federation"],
        parameters=list(parameters),
        responses=responses,
    )
    return described


def takes(name: str, summary: str, *, parameters: Sequence[OpenApiParameter] = ()) -> Callable[[F], F]:
    """The decorated letter box takes an activity, or answers one of the refusals."""
    responses: dict[Any, Any] = {202: OpenApiResponse(description=KEPT)}
    refusals = (400, 401, 403, 404, 413, 415, 429, 503)
    responses |= {
        (status, vocabulary.ACTIVITY_JSON): OpenApiResponse(REFUSAL, description=WORDS[status]) for status in refusals
    }
    described: Callable[[F], F] = extend_schema(
        operation_id=name,
        summary=summary,
        description=summary + ".",
        tags=["federation"],
        parameters=list(parameters),
        request={vocabulary.ACTIVITY_JSON: OpenApiTypes.OBJECT},
        responses=responses,
    )
    return described


KEPT = "Kept; or known already, or of no interest. Nobody is told which."
WORDS = {
    400: "Malformed.",
    401: "Wrongly signed.",
    403: "No dealings with your server.",
    404: "Not there, or not for you: one answer for both.",
    410: "Was there for you, and is deleted or undone.",
    413: "More than 256 KiB.",
    415: "Neither application/activity+json nor application/ld+json.",
    429: "Too many; Retry-After says when.",
    503: "Not just now; Retry-After says when.",
}

"""The documents that other servers read: people, the house, collections, activities, and how to find them."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Member
from foundation.refusals import NotThere
from network.federation import documents, nodeinfo, openapi, reading, webfinger
from network.federation.door import FederationView
from network.federation.leaving import profiles
from network.federation.models import Actor
from network.federation.openapi import HANDLE, answers

SIGNED = "Public ones unsigned; others signed by one of those they were sent to (draft-cavage-12 or RFC 9421)."
PRIVATE = (401, 404, 410, 429, 503)
RESOURCE = OpenApiParameter("resource", str, required=True, description="acct:name@server, or an address")
VERSION = OpenApiParameter("version", str, OpenApiParameter.PATH, enum=nodeinfo.VERSIONS)


class JRDRenderer(JSONRenderer):
    media_type = "application/jrd+json"
    charset = None


class XRDRenderer(BaseRenderer):
    media_type = "application/xrd+xml"
    format = "xrd"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return data.encode() if isinstance(data, str) else b""


class OpenView(FederationView):
    """Readable by everybody, unsigned or signed by whomever: two servers that ask for signatures would wait for each
    other's keys for ever."""

    authentication_classes = []


class Person(OpenView):
    @answers("person", "A member, as they show themselves to everyone", openapi.ACTOR, parameters=[HANDLE])
    def get(self, request: Request, handle: str) -> Response:
        member = _member(handle)
        answer = Response(documents.actor(member))
        if not member.may_be_indexed:
            answer["X-Robots-Tag"] = "noindex"
        return answer


class House(OpenView):
    @answers("house", "The instance actor, which signs our requests", openapi.ACTOR)
    def get(self, request: Request) -> Response:
        return Response(documents.house())


class HouseOutbox(OpenView):
    @answers("house_outbox", "What the house itself sent to everybody", openapi.COLLECTION)
    def get(self, request: Request) -> Response:
        return Response(documents.outbox(None))


class Outbox(OpenView):
    @answers("outbox", "The latest a member sent to everybody", openapi.COLLECTION, parameters=[HANDLE])
    def get(self, request: Request, handle: str) -> Response:
        return Response(documents.outbox(_member(handle)))


class Followers(OpenView):
    @answers("followers", "Neither who follows a member nor how many", openapi.COLLECTION, parameters=[HANDLE])
    def get(self, request: Request, handle: str) -> Response:
        return Response(documents.people(_member(handle), "followers"))


class Following(OpenView):
    @answers("following", "Neither whom a member follows nor how many", openapi.COLLECTION, parameters=[HANDLE])
    def get(self, request: Request, handle: str) -> Response:
        return Response(documents.people(_member(handle), "following"))


class Vouches(OpenView):
    @answers("vouches", "Vouches that a member shows to everyone", openapi.COLLECTION, parameters=[HANDLE])
    def get(self, request: Request, handle: str) -> Response:
        return Response(documents.vouched(_member(handle)))


class Connections(FederationView):
    @answers("connections", "To each signer, whether they are a contact", openapi.COLLECTION, parameters=[HANDLE])
    def get(self, request: Request, handle: str) -> Response:
        return Response(documents.connected(_member(handle), _asker(request)))


class Activity(FederationView):
    @answers("activity", "An activity at its address", openapi.OBJECT, description=SIGNED, refusals=PRIVATE)
    def get(self, request: Request, number: UUID) -> Response:
        return _private(Response(reading.activity(number, lambda: _asker(request))))


class Thing(FederationView):
    @answers("thing", "An object of ours at its address", openapi.OBJECT, description=SIGNED, refusals=PRIVATE)
    def get(self, request: Request, kind: str, number: UUID) -> Response:
        return _private(Response(reading.thing(kind, number, lambda: _asker(request))))


class WebFinger(OpenView):
    renderer_classes = [JRDRenderer]

    @answers(
        "webfinger",
        "Who goes by an address (RFC 7033, FEP-d556)",
        openapi.JRD,
        kind=JRDRenderer.media_type,
        parameters=[RESOURCE],
        refusals=(400, 404, 429, 503),
    )
    def get(self, request: Request) -> Response:
        return _for_all(Response(webfinger.answer(request.query_params.get("resource", ""))))


class HostMeta(OpenView):
    renderer_classes = [XRDRenderer]

    @answers("host_meta", "Where WebFinger is (RFC 6415)", openapi.TEXT, kind=XRDRenderer.media_type, refusals=())
    def get(self, request: Request) -> Response:
        return _for_all(Response(webfinger.host_meta()))


class NodeInfoLinks(OpenView):
    renderer_classes = [JSONRenderer]

    @answers("nodeinfo_links", "Where NodeInfo is", openapi.LINKS, kind="application/json", refusals=())
    def get(self, request: Request) -> Response:
        return _for_all(Response(nodeinfo.where()))


class NodeInfo(OpenView):
    renderer_classes = [JSONRenderer]

    @answers(
        "nodeinfo", "What this server is (NodeInfo)", openapi.NODEINFO, kind="application/json", parameters=[VERSION]
    )
    def get(self, request: Request, version: str) -> Response:
        return _for_all(Response(nodeinfo.of(version), content_type=nodeinfo.kept_as(version)))


def _member(handle: str) -> Member:
    """The local member, if they exist for others: as pages have it. Raises `NotThere`; `TakenBack` for one who left."""
    member = Member.objects.filter(handle=handle.lower(), host="").first()
    if member is not None and member.confirmed_at:
        return member
    if member is not None and profiles.said_farewell(member):
        raise reading.TakenBack
    raise NotThere


def _asker(request: Request) -> Actor | None:
    signed_by = request.auth
    return signed_by if isinstance(signed_by, Actor) else None


def _private(answer: Response) -> Response:
    answer["Cache-Control"] = "private, no-store"
    return answer


def _for_all(answer: Response) -> Response:
    """Scripts of other sites may read it (RFC 7033, 5)."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer

"""The letter box: what other servers post to `/inbox` and `/@handle/inbox`.

Everything that is proved is answered 202, whatever becomes of it: nobody learns from the answer whom a member has
blocked, whom they know, or what is understood here. What cannot be kept is answered 503, and the sender keeps it.
"""

from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from foundation.refusals import Forged, NotNow, NotThere
from network.federation import door, gate, inbox, knocks, known_keys, taking
from network.federation.door import FederationView
from network.federation.openapi import HANDLE, takes

OUTAGES = (OperationalError, InterfaceError, redis.RedisError)


class Streamed(BaseParser):
    """The body as it is, read no further than one byte beyond what is allowed (256 KiB)."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """The bytes. Raises `gate.TooLarge`."""
        body: bytes = stream.read(settings.INBOX_MAX_BYTES + 1)
        if len(body) > settings.INBOX_MAX_BYTES:
            raise gate.TooLarge
        return body


class ByProof(BaseAuthentication):
    """`request.auth` is what the gate has let in: the activity and its author."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, gate.Admitted]:
        body: bytes = Streamed().parse(request._request)
        try:
            return AnonymousUser(), gate.admit(knocks.of(request._request, body), keys=known_keys.Keys())
        except Forged:
            taking.count_unproven(str(request.META.get("REMOTE_ADDR")))
            raise


class SaidInTheDescription(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = ByProof
    name = "HTTP signature of the author"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        words = (
            "RSA-2048, covering host, date, digest and target; draft-cavage-12 or RFC 9421. Or the author's own proof."
        )
        return {"type": "http", "scheme": "Signature", "description": words}


class ByServer(BaseThrottle):
    """So many posts a minute of a server and of one of its people: of whom, is proved and cannot be pretended."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        taking.count(_admitted(request).actor)
        return True


class LetterBox(FederationView):
    authentication_classes = [ByProof]
    throttle_classes = [ByServer]
    parser_classes = [Streamed]

    def initial(self, request: Request, *args: Any, **values: Any) -> None:
        if request.method != "POST":
            raise MethodNotAllowed(str(request.method))
        super().initial(request, *args, **values)

    def get_exception_handler(self) -> Any:
        return refuse

    def perform_authentication(self, request: Request) -> None:
        """Always, and before anything else: nothing unverified goes any further."""
        _admitted(request)

    @takes("inbox", "Deliver an activity to whomever it is for")
    def post(self, request: Request, handle: str = "") -> Response:
        admitted = _admitted(request)
        inbox.keep(admitted.activity, actor=admitted.actor, inbox=handle)
        return Response(status=202)


class PersonalLetterBox(LetterBox):
    def initial(self, request: Request, *args: Any, **values: Any) -> None:
        if values["handle"] not in taking.inboxes([values["handle"]]):
            raise NotThere
        super().initial(request, *args, **values)

    @takes("personal_inbox", "Deliver an activity to one member", parameters=[HANDLE])
    def post(self, request: Request, handle: str = "") -> Response:
        return super().post(request, handle)


def _admitted(request: Request) -> gate.Admitted:
    """What the gate has let in; asking is what opens it."""
    admitted = request.auth
    assert isinstance(admitted, gate.Admitted)
    return admitted


def refuse(exception: Exception, context: dict[str, Any]) -> Response | None:
    """What is of no interest here is answered like what is kept; what cannot be kept now, with when to come again."""
    if isinstance(exception, gate.Ignored):
        return Response(status=202)
    return door.refuse(NotNow() if isinstance(exception, OUTAGES) else exception, context)

"""What all doors of this wing share: no cookies, no session, exact content types, refusals as small documents.

Described by drf-spectacular: `manage.py federation_api` writes docs/openapi-federation.yaml.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView, exception_handler

from foundation import ratelimit
from foundation.refusals import NotNow, NotThere, Refusal, TooOften
from network.federation import actors, gate, knocks, vocabulary
from network.federation.models import Actor

READS_A_MINUTE = 300
"""Documents one address may read; a server that fetches a thousand people takes four minutes."""
RETRY_AFTER_S = 30


class ActivityRenderer(JSONRenderer):
    """`application/activity+json` and nothing after it (federation.md, 6)."""

    media_type = vocabulary.ACTIVITY_JSON
    format = "activity"
    charset = None


class TheOneThereIs(BaseContentNegotiation):
    """Whatever is asked for, the door has one answer; `negotiation` has decided before whether it is asked at all."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0] if parsers else None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class BySignature(BaseAuthentication):
    """`request.auth` is the actor elsewhere who signed the request, None if nobody did. A wrong signature raises."""

    def authenticate(self, request: Request) -> tuple[Any, Actor] | None:
        actor = gate.recognise(knocks.of(request._request), keys=actors.Keys())
        return (AnonymousUser(), actor) if actor else None


class SaidInTheDescription(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = BySignature
    name = "HTTP signature"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "Signature",
            "description": "RSA-2048, by a key that the actor's own document names; draft-cavage-12 or RFC 9421.",
        }


class ByAddress(BaseThrottle):
    """So many documents a minute and address; whose address, the proxy says and no header of the client's."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        ratelimit.hit("federation-read", str(request.META.get("REMOTE_ADDR")), limit=READS_A_MINUTE, per_s=60)
        return True


class FederationView(APIView):
    """A door for other servers. Nothing is here while federation is off."""

    authentication_classes = [BySignature]
    permission_classes = []
    parser_classes = []
    throttle_classes = [ByAddress]
    renderer_classes: list[type[BaseRenderer]] = [ActivityRenderer]
    content_negotiation_class = TheOneThereIs

    def initial(self, request: Request, *args: Any, **values: Any) -> None:
        if not settings.FEDERATION:
            raise NotThere
        super().initial(request, *args, **values)

    def perform_authentication(self, request: Request) -> None:
        """Only where `request.auth` is asked for: what is public needs no key to be fetched, which could need ours."""

    def get_exception_handler(self) -> Any:
        return refuse

    def finalize_response(self, request: Request, response: Any, *args: Any, **values: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **values)
        patch_vary_headers(answer, ["Accept", "Signature"])
        return answer


def refuse(exception: Exception, context: dict[str, Any]) -> Response | None:
    """A refusal as its code and words; with it, when to come again."""
    if not isinstance(exception, Refusal):
        return exception_handler(exception, context)
    document, more = said(exception)
    return Response(document, status=exception.status, headers=more)


def said(refusal: Refusal) -> tuple[dict[str, str], dict[str, str]]:
    """What is said of a refusal, and the header lines that go with it."""
    more = {}
    if isinstance(refusal, TooOften) and refusal.again_at:
        more["Retry-After"] = str(max(1, int((refusal.again_at - timezone.now()).total_seconds())))
    elif isinstance(refusal, NotNow):
        more["Retry-After"] = str(RETRY_AFTER_S)
    return {"error": refusal.code, "message": str(refusal)}, more

"""What all doors of the API share: a token in the header and nothing else, scopes, limits, JSON read strictly.

No cookie is read, so no page of another site can make a browser act here.
"""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation
from rest_framework import status
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts import tokens
from accounts.models import Member, Scope, Token
from foundation import ratelimit, strict_json
from frontend.api import problems
from frontend.api.shapes import Query

MOST_BYTES = 64 * 1024
"""The longest message is 10,000 characters: 40 KB of the dearest ones, and room for what JSON escapes."""


class ByToken(BaseAuthentication):
    """`request.auth` is the token, `request.user` nobody: a program is no sign-in."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Token]:
        kind, _space, text = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
        if kind.lower() != "bearer" or not text.strip():
            raise problems.TokenNeeded
        return AnonymousUser(), tokens.recognise(text.strip())

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class InScope(BasePermission):
    """The door names a scope for each method; a method without one is closed."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        assert isinstance(view, Door)
        assert isinstance(request.auth, Token)
        wanted = view.scopes.get(str(request.method).lower())
        if wanted is None:
            view.http_method_not_allowed(request)
        elif wanted not in request.auth.scopes:
            raise problems.ScopeMissing(scope=str(wanted.value))
        return True


class ByTheToken(BaseThrottle):
    """So many requests a minute by one token; those without one are counted before it is looked for (`Door`)."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        assert isinstance(request.auth, Token)
        ratelimit.hit("api", str(request.auth.pk), limit=settings.API_REQUESTS_A_MINUTE, per_s=60)
        return True


class StrictJSON(BaseParser):
    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> dict[str, Any]:
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise problems.TooLarge
        return strict_json.read(raw, most_bytes=MOST_BYTES)


class JSONAlways(BaseContentNegotiation):
    """Whatever is asked for, the answer is JSON; what is sent has to be."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        kind = str(request.content_type).partition(";")[0].strip().lower()
        return parsers[0] if kind == StrictJSON.media_type else None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Door(APIView):
    """A door for programs. `scopes`: what a token needs, for each method that there is; `queries`: what may
    follow the question mark, where something may. Both are said once more for the description (`described.door`)."""

    authentication_classes = [ByToken]
    permission_classes = [InScope]
    throttle_classes = [ByTheToken]
    parser_classes = [StrictJSON]
    renderer_classes: list[type[BaseRenderer]] = [JSONRenderer]
    content_negotiation_class = JSONAlways
    scopes: ClassVar[dict[str, Scope]] = {}
    queries: ClassVar[dict[str, type[Query]]] = {}
    asked: dict[str, Any]

    @property
    def member(self) -> Member:
        assert isinstance(self.request.auth, Token)
        return self.request.auth.member

    def initial(self, request: Request, *args: Any, **values: Any) -> None:
        """Raises whatever keeps the request out, cheapest first; `self.asked` is its query afterwards."""
        if tokens.MARK in request.META.get("QUERY_STRING", ""):
            raise problems.TokenInAddress
        super().initial(request, *args, **values)
        member = self.member
        if not request.META.get("HTTP_ACCEPT_LANGUAGE"):
            translation.activate(member.language)  # the middleware puts back what was
        timezone.activate(ZoneInfo(member.time_zone))
        query = self.queries.get(str(request.method).lower(), Query)
        self.asked = read(query, request.query_params.dict())

    def perform_authentication(self, request: Request) -> None:
        """Refusals are counted by address: guessing finds nothing, and costs those who try more than us."""
        try:
            super().perform_authentication(request)
        except (tokens.TokenRefused, tokens.TokenAsleep, problems.TokenNeeded):
            address = str(request.META.get("REMOTE_ADDR"))
            ratelimit.hit("api-refused", address, limit=settings.API_REFUSALS_A_MINUTE, per_s=60)
            raise

    def get_exception_handler(self) -> Any:
        return problems.respond

    def options(self, request: Any, *args: Any, **values: Any) -> Response:
        """No other site may ask: without CORS headers a browser lets none."""
        raise problems.NoSuchMethod

    @property
    def allowed_methods(self) -> list[str]:
        return [name.upper() for name in self.scopes]


def read(shape: type[Serializer[Any]], values: Any) -> dict[str, Any]:
    """What was sent, as the shape has it; raises DRF's ValidationError, which becomes a problem with its fields."""
    form = shape(data=values)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def done() -> Response:
    return Response(status=status.HTTP_204_NO_CONTENT)

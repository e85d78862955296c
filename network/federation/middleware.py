"""Requests of other servers go straight to their doors: no session, no cookies, no page's machinery.

A person's address has two answers; `negotiation` decides which one is asked for.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.cache import patch_vary_headers

from network.federation.negotiation import wants_activity

DOORS, NEGOTIATED = "network.federation.urls", "network.federation.negotiated"
BEGINNINGS = ("/inbox", "/actor", "/@", "/activities/", "/things/", "/.well-known/", "/nodeinfo/")


class OtherServers:
    """Answers what other servers ask; everything else is the pages' affair."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        door = door_of(request)
        if door:
            return answer(request, door)
        response = self.get_response(request)
        if request.path_info.startswith("/@"):
            patch_vary_headers(response, ["Accept"])
        return response


def door_of(request: HttpRequest) -> ResolverMatch | None:
    """The door in this wing that the address leads to, if it is asked for as one."""
    path = request.path_info
    if not path.startswith(BEGINNINGS):
        return None
    negotiated = request.method in ("GET", "HEAD") and wants_activity(request.headers.get("accept", ""))
    try:
        return resolve(path, NEGOTIATED if negotiated else DOORS)
    except Resolver404:
        return None


def answer(request: HttpRequest, door: ResolverMatch) -> HttpResponseBase:
    """What stands behind the door says."""
    request.get_host()  # raises DisallowedHost
    request.resolver_match = door
    response: HttpResponseBase = door.func(request, *door.args, **door.kwargs)
    return response.render() if isinstance(response, SimpleTemplateResponse) else response

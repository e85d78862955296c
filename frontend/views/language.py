"""The language of the pages: a member's is kept with the member, a visitor's with the browser's session."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import people
from frontend.middleware import PageRequest

OWN = {"same-origin", "none"}


@csrf_exempt
@require_POST
def set_language(request: PageRequest) -> HttpResponseBase:
    """No token, so that a visitor's page sets no cookie; another site's form is known by `Sec-Fetch-Site` instead.

    Cross-site posts carry no session (SameSite=Lax): unrefused, they could at worst replace it, which signs out.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in OWN:
        raise PermissionDenied
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    if request.member:
        people.change_profile(request.member, {"language": language})
    else:
        request.session["language"] = language
    return redirect(_safe(request, request.POST.get("next", "")))


def _safe(request: PageRequest, next_: str) -> str:
    """`next` if it stays on this server, else home (threat 21)."""
    here = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(next_, allowed_hosts=here, require_https=request.is_secure())
    return next_ if safe else resolve_url("home")

"""Demo only: every letter this server wrote, for those who play with it on their own machine."""

import ipaddress
import re
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from foundation import letters as verbs
from foundation.models import Letter
from frontend.middleware import PageRequest

SHOWN = 100


def demo_only(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """404 unless this is a demo and the asker sits at the same machine."""

    @wraps(page)
    def door(request: PageRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.DEMO or not _on_loopback(request.META.get("REMOTE_ADDR", "")):
            raise Http404
        answer = page(request, *args, **kwargs)
        answer["X-Robots-Tag"] = "noindex, nofollow"
        answer["Cache-Control"] = "no-store"
        return answer

    return door


def _on_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


@require_safe
@demo_only
def letters(request: PageRequest) -> HttpResponseBase:
    newest = Letter.objects.order_by("-made_at", "-id")[:SHOWN]
    rows = [{"letter": letter, "said": verbs.text_of(letter)} for letter in newest]
    return render(request, "pages/letters.html", {"rows": rows})


@require_safe
@demo_only
def letter(request: PageRequest, pk: object) -> HttpResponseBase:
    row = get_object_or_404(Letter, pk=pk)
    said = verbs.text_of(row)
    here = f"{request.scheme}://{request.get_host()}"
    return render(request, "pages/letter.html", {"letter": row, "said": said, "parts": pieces(said.text, here)})


def pieces(text: str, here: str) -> list[tuple[str, str]]:
    """The text cut at links to this server: (words, path to link them to, or nothing)."""
    own = re.compile(rf"(?:{re.escape(here)}|{re.escape(settings.SITE_URL)})(/[^\s<>\"]*)")
    found, done = [], 0
    for link in own.finditer(text):
        found += [(text[done : link.start()], ""), (link[0], link[1])]
        done = link.end()
    return [*found, (text[done:], "")]

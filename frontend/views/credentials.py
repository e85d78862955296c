"""Vouches at addresses of their own, for anybody who has the address; which ones were withdrawn; our own words."""

import json
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from foundation import clock, signing
from foundation.signing import Document
from frontend.verdicts import Verdict
from vetting import credentials, documents, namespace, vouches
from vetting.models import Vouch

CREDENTIAL = "application/vc+json"
MACHINES = (CREDENTIAL, "application/ld+json", "application/json")
STATUS_S, WORDS_S = 300, 86_400
"""How long a copy may be kept: a withdrawal shows within minutes; our words never change."""

UNLISTED = {"X-Robots-Tag": "noindex", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def unlisted(page: Callable[[HttpRequest, Vouch], HttpResponse]) -> Callable[[HttpRequest, str], HttpResponse]:
    """The vouch at this address while it stands; gone is said alike for withdrawn and run out. Nobody keeps, lists or
    passes on the address."""

    @wraps(page)
    def door(request: HttpRequest, token: str) -> HttpResponse:
        row = vouches.by_token(token)
        live = row.is_live(clock.now())
        answer = page(request, row) if live else render(request, "pages/gone.html", status=410)
        for name, value in UNLISTED.items():
            answer[name] = value
        return answer

    return door


@require_safe
@unlisted
def credential(request: HttpRequest, row: Vouch) -> HttpResponse:
    """The document itself; a page about it for those who would rather read."""
    assert row.credential is not None
    download = "download" in request.GET
    if not download and request.get_preferred_type([*MACHINES, "text/html"]) == "text/html":
        proved = credentials.verify(row.credential, now=clock.now())
        here = not row.voucher.host
        values = {"verdict": Verdict(proved, ours=here), "token": row.token, "here": here}
        answer = render(request, "pages/credential.html", values)
    else:
        answer = _document(row.credential)
    if download:
        answer["Content-Disposition"] = 'attachment; filename="vouch.json"'
    patch_vary_headers(answer, ["Accept"])
    return answer


@require_safe
@unlisted
def identity(request: HttpRequest, row: Vouch) -> HttpResponse:
    """The voucher's key says whose page it is (FEP-c390), to keep beside the credential."""
    if row.voucher.host:
        raise Http404  # their key is on their own server, which says whose it is
    return _document(documents.identity(row), kind="application/ld+json")


@require_safe
def status(request: HttpRequest, house_key: int, number: int) -> HttpResponse:
    found = documents.status(house_key, number)
    if found is None:
        raise Http404
    answer = _document(found)
    answer["Cache-Control"] = f"public, max-age={STATUS_S}"
    return answer


@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """The terms of our own in credentials; the `v1` of the address never means anything else."""
    text = json.dumps(namespace.v1(settings.NAMESPACE), indent=2)
    return HttpResponse(
        text, content_type="application/ld+json", headers={"Cache-Control": f"public, max-age={WORDS_S}"}
    )


def _document(document: Document, *, kind: str = CREDENTIAL) -> HttpResponse:
    """The one way to write it (RFC 8785), so the same bytes every time."""
    return HttpResponse(signing.canonical(document), content_type=kind)

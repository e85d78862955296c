"""The link in the letter to an old address: it undoes a change of address, without signing in."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import addresses

PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


@require_http_methods(["GET", "HEAD", "POST"])
def address_undo(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST":
        account = addresses.undo(token)
        logout(request)
        return redirect(addresses.path_to_new_password(account))
    answer = render(request, "pages/address_undo.html", {"change": addresses.to_undo(token)})
    for name, value in PRIVATE.items():
        answer[name] = value
    return answer

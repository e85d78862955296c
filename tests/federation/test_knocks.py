"""A request reaches the gate as it was sent."""

from io import BytesIO

from django.core.handlers.asgi import ASGIRequest
from django.test import RequestFactory

from network.federation import knocks


def test_path_and_query_are_as_they_were_sent() -> None:
    scope = {
        "type": "http", "method": "POST", "path": "/@ada/inbox", "raw_path": b"/%40ada/inbox", "query_string": b"a=%7e",
        "headers": [(b"host", b"testserver"), (b"signature", b"a"), (b"signature", b"b")],
    }  # fmt: skip

    knock = knocks.of(ASGIRequest(scope, BytesIO()), b"{}")

    assert knock.target == "/%40ada/inbox?a=%7e"
    assert knock.lines("signature") == ["a", "b"]
    assert knocks.of(ASGIRequest(scope | {"query_string": b""}, BytesIO())).target == "/%40ada/inbox"


def test_without_the_path_as_sent_it_is_written_anew() -> None:
    assert knocks.of(RequestFactory().get("/@ada/?page=1")).target == "/@ada/?page=1"

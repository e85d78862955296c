"""While PostgreSQL or Redis is away a page says "not now" (503 with Retry-After), wherever it was noticed."""

import pytest
import redis
from django.db import InterfaceError, OperationalError
from django.test import Client

AWAY = [OperationalError("the connection is lost"), InterfaceError("closed"), redis.ConnectionError("refused")]


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["frontend.middleware._member_of", "frontend.views.about.render"])
@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
def test_an_outage_is_not_now_and_no_fault(place: str, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a middleware, where Django would make a 500 of it, and while a page is made."""

    def away(*_anything: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(place, away)
    answer = Client(raise_request_exception=False).get("/about/")

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0


@pytest.mark.django_db
def test_any_other_error_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_anything: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr("frontend.middleware._member_of", wrong)

    assert Client(raise_request_exception=False).get("/about/").status_code == 500

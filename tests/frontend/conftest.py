"""Browsers: one for a visitor, one for each of the cast, signed in."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Member

SignedIn = Callable[[Member], Client]


@pytest.fixture
def signed_in(db: None) -> SignedIn:
    def browser(member: Member) -> Client:
        client = Client()
        assert member.account is not None
        client.force_login(member.account)
        return client

    return browser

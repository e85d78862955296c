"""How the tests of the panel knock at it."""

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Member


def browser(member: Member) -> Client:
    client = Client()
    assert member.account is not None
    client.force_login(member.account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def at(name: str, *args: object) -> str:
    return reverse(f"admin:{name}", args=args)

"""Deeds about public vouches, and the cookie by which a member reads pages."""

from django.conf import settings
from django.test import Client

from tests.cast import key
from tests.federation.towns.deeds import member
from vetting import vouches


def vouches_publicly(voucher: str, subject: str, *, sentence: str) -> None:
    """By the voucher's first entry; the subject, wherever they live, is asked to countersign."""
    one = member(voucher)
    vouches.offer(one, member(subject), entry=one.entries.get(), sentence=sentence, key=key())


def to_countersign(subject: str) -> list[str]:
    """What they are asked to countersign."""
    return [vouch.sentence for vouch in vouches.offered_to(member(subject))]


def countersigns(subject: str, *, visible_to: int) -> None:
    me = member(subject)
    vouches.countersign(vouches.offered_to(me).get(), by=me, visible_to=visible_to)


def withdraws_vouch(voucher: str, subject: str) -> None:
    me = member(voucher)
    vouches.withdraw(vouches.given_by(me).get(subject=member(subject)), by=me)


def vouched(subject: str) -> list[str]:
    """What stands about somebody in this town."""
    return [vouch.sentence for vouch in vouches.about(member(subject))]


def signs_in(handle: str) -> str:
    """The cookie with which this member's browser asks for pages."""
    browser, account = Client(), member(handle).account
    assert account
    browser.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"

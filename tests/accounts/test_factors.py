"""Second factors: sealed at rest, asked for at sign-in, and fresh where the panel opens."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts import factors
from accounts.models import Account, FactorSecret, Member
from foundation import clock, jobs, redis_door, rotation, sealing
from foundation.models import Letter

SEED = "JBSWY3DPEHPK3PXP"
PASSWORD = "a long way round the lake"


def code(seed: str = SEED) -> str:
    """What the app shows now."""
    return str(format_hotp_value(hotp_value(seed, int(time.time()) // 30)))


def with_app(member: Member) -> Account:
    assert member.account is not None
    TOTP.activate(member.account, SEED)
    return member.account


@pytest.fixture(autouse=True)
def everybody_has_a_password(ada: Member, bo: Member, mo: Member) -> None:
    redis_door.client().flushdb()  # the tries of other tests
    for member in (ada, bo, mo):
        assert member.account is not None
        member.account.set_password(PASSWORD)
        member.account.save(update_fields=["password"])
        EmailAddress.objects.create(user=member.account, email=member.account.email, verified=True, primary=True)


def sign_in(client: Client, account: Account) -> Any:
    return client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})


def show(client: Client, said: str, page: str = "mfa_authenticate") -> Any:
    return client.post(reverse(page), {"code": said})


def inside(client: Client) -> bool:
    """Signed in: the settings open."""
    return client.get(reverse("settings")).status_code == 200


def test_the_seed_lies_nowhere_in_clear(ada: Member) -> None:
    account = with_app(ada)
    kept = Authenticator.objects.get(user=account).data["secret"]
    assert SEED not in kept
    assert SEED not in FactorSecret.objects.get(pk=kept).sealed
    assert factors.Adapter().decrypt(kept) == SEED


def test_a_secret_moved_to_another_place_does_not_open(ada: Member, bo: Member) -> None:
    with_app(ada)
    with_app(bo)
    one, other = FactorSecret.objects.order_by("pk")
    FactorSecret.objects.filter(pk=other.pk).update(sealed=one.sealed)
    with pytest.raises(sealing.Broken):
        factors.Adapter().decrypt(str(other.pk))


def test_a_new_root_key_reaches_the_secrets(ada: Member) -> None:
    with_app(ada)
    assert "accounts_factorsecret.sealed" in rotation.keys_in_use()


def test_what_no_factor_names_is_forgotten(ada: Member) -> None:
    account = with_app(ada)
    with clock.at(clock.now() + timedelta(days=2)):
        assert factors.forget_secrets() == 0
        Authenticator.objects.filter(user=account).delete()
        assert factors.forget_secrets() == 1


def test_the_password_alone_signs_nobody_in_who_has_an_app(ada: Member) -> None:
    account, client = with_app(ada), Client()
    answer = sign_in(client, account)
    assert answer.status_code == 302
    assert urlsplit(answer["Location"]).path == reverse("mfa_authenticate")
    assert not inside(client)
    assert show(client, "000000").status_code == 200
    assert not inside(client)
    assert show(client, code()).status_code == 302
    assert inside(client)


def test_a_recovery_code_opens_once(ada: Member) -> None:
    account, client = with_app(ada), Client()
    sign_in(client, account)
    show(client, code())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("mfa_generate_recovery_codes"))
    page = client.get(reverse("mfa_view_recovery_codes"))
    first = page.context["unused_codes"][0]
    assert first in page.content.decode()
    assert first not in client.get(reverse("mfa_view_recovery_codes")).content.decode()
    for opens in (True, False):
        fresh = Client()
        sign_in(fresh, account)
        show(fresh, first)
        assert inside(fresh) is opens


def test_setting_up_an_app_asks_for_the_password_and_is_told_by_letter(
    ada: Member, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    client = Client()
    assert ada.account is not None
    sign_in(client, ada.account)
    asked = client.get(reverse("mfa_activate_totp"))
    assert urlsplit(asked["Location"]).path == reverse("account_reauthenticate")
    client.post(asked["Location"], {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    assert "data:" not in page.content.decode()  # the content security policy would not show it
    assert "<svg" in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code(page.context["form"].secret)})
    assert Authenticator.objects.filter(user=ada.account, type="totp").exists()
    assert Letter.objects.filter(kind="totp_activated").exists()


def test_the_letter_holds_no_words_of_whoever_did_it(
    ada: Member, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    """Else a thief would write into it by naming their browser (security.md, threat 23)."""
    client = Client(headers={"user-agent": "call https://help.evil.example"})
    account = with_app(ada)
    sign_in(client, account)
    show(client, code())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    jobs.drain_everything()
    told = [str(one.body) for one in mail.outbox]
    assert len(told) == 1
    assert "evil" not in told[0]
    assert "end all other sessions" in told[0]


class TestThePanel:
    @pytest.fixture(autouse=True)
    def production(self, settings: Settings) -> None:
        settings.PANEL_NEEDS_FACTOR = True

    def path(self, client: Client) -> str:
        answer = client.get(reverse("admin:index"))
        return urlsplit(answer["Location"]).path if answer.status_code == 302 else str(answer.status_code)

    def test_a_moderator_without_a_factor_is_sent_to_set_one_up(self, mo: Member) -> None:
        client = Client()
        assert mo.account is not None
        sign_in(client, mo.account)
        assert self.path(client) == reverse("mfa_index")

    def test_a_fresh_factor_opens_it_and_an_old_one_is_asked_for_again(self, mo: Member) -> None:
        account, client = with_app(mo), Client()
        sign_in(client, account)
        show(client, code())
        later = clock.now() + timedelta(minutes=16)
        with clock.at(later):
            assert self.path(client) == reverse("mfa_reauthenticate")
        assert self.path(client) == "200"
        with clock.at(later):  # used meanwhile
            assert self.path(client) == "200"
        with clock.at(later + timedelta(minutes=61)):
            assert self.path(client) == reverse("mfa_reauthenticate")

    def test_after_eight_hours_of_work_it_is_asked_for_again(self, mo: Member) -> None:
        account, client = with_app(mo), Client()
        sign_in(client, account)
        show(client, code())
        began = clock.now()
        for half_hours in range(16):
            with clock.at(began + timedelta(minutes=30 * half_hours)):
                assert self.path(client) == "200"
        with clock.at(began + timedelta(hours=8, minutes=5)):
            assert self.path(client) == reverse("mfa_reauthenticate")

    def test_nobody_else_learns_that_there_is_a_panel(self, ada: Member) -> None:
        account, client = with_app(ada), Client()
        sign_in(client, account)
        show(client, code())
        assert self.path(client) == "404"


def test_somebody_sees_where_they_are_signed_in_and_ends_it_elsewhere(ada: Member, bo: Member) -> None:
    assert ada.account is not None
    assert bo.account is not None
    here, elsewhere, other = Client(headers={"user-agent": "Here"}), Client(headers={"user-agent": "There"}), Client()
    for client in (here, elsewhere):
        sign_in(client, ada.account)
    sign_in(other, bo.account)
    page = here.get(reverse("usersessions_list")).content.decode()
    assert "Here" in page
    assert "There" in page
    here.post(reverse("usersessions_list"))
    assert inside(here)
    assert not inside(elsewhere)
    assert inside(other)

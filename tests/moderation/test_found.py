"""`manage.py found`: how a server gets its first moderator."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Account, Member
from foundation import jobs, letters
from foundation.models import Letter
from tests.moderation.desk import at, browser
from vetting import standing


def test_found_makes_a_confirmed_member_moderator_and_anchor(ada: Member) -> None:
    call_command("found", "--email", "ADA@example.org")
    call_command("found", "--email", "ada@example.org")

    ada.refresh_from_db()
    assert browser(ada).get(at("index")).status_code == 200
    jobs.drain_everything()
    assert standing.of(ada).anchor == 1
    assert not Account.objects.filter(is_superuser=True).exists()


def test_found_makes_an_account_whose_letter_sets_the_password(db: None) -> None:
    call_command("found", "--email", "g.g@example.org", "--name", "Gerda Gründer")

    member = Member.objects.get()
    assert (member.handle, member.name) == ("gg_1", "Gerda Gründer")
    said = letters.text_of(Letter.objects.get(kind="founded")).text
    path = re.search(r"/account/password/reset/key/\S+", said)
    assert path is not None
    client = Client()
    form = client.get(path[0], follow=True)
    secret = "a long enough secret 1"
    client.post(form.redirect_chain[-1][0], {"password1": secret, "password2": secret})
    answer = client.post(reverse("account_login"), {"login": member.account.email, "password": secret})  # type: ignore[union-attr]
    assert answer.status_code == 302
    assert client.get(at("index")).status_code == 200


def test_found_refuses_who_has_not_confirmed(ada: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(confirmed_at=None)
    with pytest.raises(CommandError):
        call_command("found", "--email", "ada@example.org")

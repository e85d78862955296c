"""Our RSA keys: one current key each, sealed, rotated; other servers find the new one by looking again."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from pytest_django import Settings

from accounts.models import Member
from foundation.sealing import Broken
from network.federation import http_keys, vocabulary
from network.federation.models import HttpKey


@pytest.fixture(autouse=True)
def _on(settings: Settings) -> None:
    settings.FEDERATION = True


def key_of(client: Client) -> dict[str, str]:
    """The key that Ada's document names."""
    answer = client.get("/@ada/", headers={"Accept": vocabulary.ACTIVITY_JSON})
    found: dict[str, str] = json.loads(answer.content)["publicKey"]
    return found


def test_a_key_is_made_once_and_sealed(ada: Member) -> None:
    first, again = http_keys.signer(ada), http_keys.signer(ada)
    assert first.private.private_numbers() == again.private.private_numbers()
    assert first.private.key_size == 2048
    row = HttpKey.objects.get(member=ada)
    assert "PRIVATE" not in row.private
    assert row.private.startswith("v1.")


def test_a_sealed_key_does_not_open_in_another_row(ada: Member, bo: Member) -> None:
    """Threat 40: swapped ciphertexts open no more."""
    http_keys.signer(ada)
    http_keys.signer(bo)
    stolen = HttpKey.objects.get(member=ada).private
    HttpKey.objects.filter(member=bo).update(private=stolen)
    with pytest.raises(Broken):
        http_keys.signer(bo)


@pytest.mark.adversarial(32)
def test_a_rotated_key_signs_at_once_and_is_the_only_one_named(client: Client, ada: Member) -> None:
    before = key_of(client)
    http_keys.rotate(ada)
    after = key_of(client)
    assert after["id"] == before["id"]
    assert after["publicKeyPem"] != before["publicKeyPem"]
    assert HttpKey.objects.get(member=ada, retired_at__isnull=False).private == ""
    signs = http_keys.signer(ada).private.public_key().public_numbers()
    assert http_keys._public_pem(http_keys.signer(ada).private) == after["publicKeyPem"]
    assert signs.n.bit_length() == 2048


def test_the_houses_key_is_one_though_it_is_nobodys(db: None) -> None:
    first = http_keys.current(None)
    assert http_keys.current(None).pk == first.pk
    assert http_keys.rotate(None).pk != first.pk
    assert HttpKey.objects.filter(member=None, retired_at=None).count() == 1


def rotated(*arguments: str) -> str:
    said = StringIO()
    call_command("rotate_http_keys", *arguments, stdout=said)
    return said.getvalue()


def test_an_operator_rotates_the_keys_of_the_house_of_a_member_or_of_all(ada: Member, bo: Member) -> None:
    before = {owner: http_keys.current(owner).pk for owner in (None, ada)}
    assert "1" in rotated("--house")
    assert http_keys.current(None).pk != before[None]
    assert http_keys.current(ada).pk == before[ada]
    rotated("--member", "Ada")
    assert http_keys.current(ada).pk != before[ada]
    assert "2" in rotated("--all")
    assert not HttpKey.objects.filter(member=bo).exists()


@pytest.mark.parametrize("arguments", [["--member", "nobody"], [], ["--house", "--all"]])
def test_an_operator_has_to_say_whose(db: None, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        rotated(*arguments)
    assert not HttpKey.objects.exists()

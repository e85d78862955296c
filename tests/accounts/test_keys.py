"""Keys: a member's is their name in credentials, the house's is one, however many ask for it at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts import keys
from accounts.models import HouseKey, Key, Member
from foundation import clock, rotation, sealing, signing
from foundation import did as did_key
from foundation.signing import Unproven
from tests.foundation.test_sealing import NEW, OLD


def test_a_member_is_called_as_their_key(ada: Member) -> None:
    assert keys.public_key(ada) == signing.public_of(keys.private_key(ada))
    assert did_key.key_in(keys.did(ada)) == keys.public_key(ada)


def test_what_a_retired_key_signed_still_verifies(ada: Member) -> None:
    before = keys.did(ada)
    signed = signing.secure({"a": 1}, private=keys.private_key(ada), method=did_key.method(before))

    keys.give(ada)

    assert keys.did(ada) != before
    assert signing.check(signed, public=did_key.key_in(before)) == {"a": 1}


def test_who_lives_elsewhere_has_no_key_here(db: None) -> None:
    zoe = Member.objects.create(handle="zoe", host="far.example")

    with pytest.raises(Key.DoesNotExist):
        keys.did(zoe)


def test_the_house_has_one_key_from_its_first_use_on(db: None) -> None:
    first = keys.house_key()

    assert keys.house_key() == first
    assert HouseKey.objects.count() == 1
    assert signing.public_of(keys.house_private_key(first)) == bytes(first.public)
    assert did_key.key_in(keys.house_did(first)) == bytes(first.public)


def ask(_number: int) -> str:
    try:
        return keys.house_did(keys.house_key())
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_eight_who_need_the_first_key_at_once_get_the_same() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    assert HouseKey.objects.count() == 1


def rotate(_number: int) -> None:
    try:
        keys.rotate_house_key()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_four_who_rotate_at_once_leave_one_current_key() -> None:
    first = keys.house_key()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(rotate, range(4)))

    assert HouseKey.objects.filter(retired_at=None).count() == 1
    assert keys.house_key() != first


def test_a_retired_key_of_the_house_is_found_by_its_name(db: None) -> None:
    first = keys.house_key()
    with clock.at(clock.now()):
        second, third = keys.rotate_house_key(), keys.rotate_house_key()

    assert keys.house_key() == third
    assert keys.house_key_of(keys.house_did(first)).retired_at is not None
    assert len({keys.house_private_key(key) for key in (first, second, third)}) == 3


def test_no_other_name_finds_a_key_of_the_house(ada: Member) -> None:
    keys.house_key()
    with pytest.raises(HouseKey.DoesNotExist):
        keys.house_key_of(keys.did(ada))
    with pytest.raises(Unproven):
        keys.house_key_of("house")


def test_two_current_keys_cannot_be(db: None) -> None:
    keys.house_key()
    with pytest.raises(IntegrityError), transaction.atomic():
        HouseKey.objects.create(public=b"2" * 32, private="")


def test_the_private_half_is_sealed_for_its_row_alone(db: None) -> None:
    first, second = keys.house_key(), keys.rotate_house_key()
    second.private = first.private

    assert first.private.startswith(sealing.current_prefix())
    with pytest.raises(sealing.Broken):
        keys.house_private_key(second)


def test_a_new_root_key_takes_the_house_key_along(db: None, settings: Any) -> None:
    settings.SEALING_KEYS = OLD
    private = keys.house_private_key(keys.house_key())
    settings.SEALING_KEYS = f"{NEW},{OLD}"

    call_command("rotate_keys", verbosity=0)

    settings.SEALING_KEYS = NEW
    assert keys.house_private_key(keys.house_key()) == private
    assert not rotation.lost_keys()

"""Vouches read by third parties, read again, and over in time."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Member, Visibility
from foundation import clock, did, jobs, signing
from network.federation import client, vocabulary
from network.federation.models import Outbound
from tests.cast import DAY
from tests.federation.conftest import Abroad, arrives, lives_abroad, said
from tests.federation.vouching_abroad import (
    HOUSE_ABROAD,
    colleagues,
    draft_of,
    given,
    note,
    party_here,
    party_of,
)
from tests.vetting import town
from vetting import credentials, status_list, vouches
from vetting.models import Vouch


def third_party(zoe: Abroad, yan: Abroad, **changes: Any) -> Any:
    """Zoe vouches for Yan, both of elsewhere, as everybody reads it."""
    document = credentials.countersign(draft_of(zoe, party_of(yan), **changes), private=yan.ed25519)
    whole = credentials.issue(document, private=zoe.ed25519)
    return said(zoe, "Create", note(zoe, yan.uri, whole, to=[vocabulary.PUBLIC]), to=None)


def test_a_strangers_vouch_is_kept_if_it_proves_itself_and_shows_once_its_subject_lists_it(zoe: Abroad) -> None:
    yan = lives_abroad("yan", "three.example")
    create_ = third_party(zoe, yan)

    assert arrives(zoe, create_).outcome == "done"
    [vouch] = Vouch.objects.all()
    assert (vouch.voucher, vouch.subject) == (zoe.member, yan.member)
    assert not vouches.seen_by(None, yan.member, Visibility.EVERYONE).exists()
    assert not town.lends_by_vouch(zoe.member, yan.member)
    add = said(yan, "Add", create_["object"]["id"], target=f"{yan.uri}vouches")
    assert arrives(yan, add).outcome == "done"
    assert list(vouches.seen_by(None, yan.member, Visibility.EVERYONE)) == [vouch]


def test_a_list_that_comes_before_its_vouch_waits_for_it(zoe: Abroad) -> None:
    yan = lives_abroad("yan", "three.example")
    create_ = third_party(zoe, yan)
    add = said(yan, "Add", create_["object"]["id"], target=f"{yan.uri}vouches")

    assert arrives(yan, add).outcome == "parked"
    arrives(zoe, create_)
    assert vouches.seen_by(None, yan.member, Visibility.EVERYONE).count() == 1


def test_a_strangers_vouch_about_somebody_unknown_is_a_note_among_many(zoe: Abroad) -> None:
    yan = lives_abroad("yan", "three.example")
    create_ = third_party(zoe, yan)
    yan.actor.delete()

    assert arrives(zoe, create_).outcome == "ignored"
    assert not Vouch.objects.exists()


def lists(monkeypatch: pytest.MonkeyPatch, *withdrawn: int, status: int = 200) -> None:
    """Zoe's server shows its list of withdrawn vouches."""

    def get(url: str, **_more: Any) -> client.Answer:
        document = status_list.credential(url, status_list.bits(withdrawn), HOUSE_ABROAD[0], clock.now())
        return client.Answer(url, status, {}, signing.canonical(document))

    monkeypatch.setattr(client, "get", get)


def look_after(days: int) -> None:
    with clock.at(clock.now() + days * DAY):
        jobs.add("vouch-statuses", {})
        jobs.drain_everything(strict=True)


def test_a_vouch_withdrawn_without_a_word_is_found_in_the_list(
    ada: Member, zoe: Abroad, monkeypatch: pytest.MonkeyPatch
) -> None:
    colleagues(ada, zoe)
    given(zoe, ada)
    lists(monkeypatch)
    look_after(31)
    assert vouches.about(ada).count() == 1

    lists(monkeypatch, 7)
    look_after(62)
    assert not vouches.about(ada).exists()
    assert not town.lends_by_vouch(zoe.member, ada)


def test_a_list_nobody_can_read_for_half_a_year_ends_the_lending_alone(
    ada: Member, zoe: Abroad, monkeypatch: pytest.MonkeyPatch
) -> None:
    colleagues(ada, zoe)
    vouch = given(zoe, ada)
    lists(monkeypatch, status=404)
    look_after(179)
    assert town.lends_by_vouch(zoe.member, ada)
    look_after(181)
    assert not town.lends_by_vouch(zoe.member, ada)
    vouch.refresh_from_db()
    assert vouch.is_live(clock.now() + timedelta(days=181))


def test_it_ends_after_two_years_without_a_word(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    given(zoe, ada)
    sent = Outbound.objects.count()
    with clock.at(clock.now() + 740 * DAY):
        vouches.end_those_that_ran_out()
        assert not vouches.about(ada).exists()
    assert not town.lends_by_vouch(zoe.member, ada)
    assert Outbound.objects.count() == sent


def test_a_key_of_ours_is_not_what_they_sign_with(ada: Member, zoe: Abroad) -> None:
    assert party_here(ada).did != party_of(zoe).did == did.of(signing.public_of(zoe.ed25519))

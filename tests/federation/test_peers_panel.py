"""The panel's rooms of other servers: what moderators see of them, and that every deed goes through the verb."""

import pytest
from django.test import Client

from accounts.models import Member
from network.federation import inbox, outbox, peers
from network.federation.models import Delivery, HttpKey, Inbound, Peer, Policy
from tests.federation.conftest import Abroad, said
from tests.moderation.desk import at, browser

ROOMS = ("federation_peer", "federation_delivery")
LIST = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\nevil.example,suspend,,,spam,\n"


@pytest.fixture
def panel_of(mo: Member) -> Client:
    return browser(mo)


def room_tool(name: str) -> str:
    return at("federation_peer_tool_of_room", name)


@pytest.mark.parametrize("room", ROOMS)
def test_to_members_the_rooms_are_not_there(room: str, ada: Member) -> None:
    assert browser(ada).get(at(f"{room}_changelist")).status_code == 404
    assert browser(ada).get(at("federation_peer_export")).status_code == 404


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_room_opens(room: str, language: str, panel_of: Client, mo: Member, ada: Member, zoe: Abroad) -> None:
    Member.objects.filter(pk=mo.pk).update(language=language)
    outbox.send(ada, {"type": "Note"}, to=[zoe.actor], key="x")
    pk = Peer.objects.get().pk if room == "federation_peer" else Delivery.objects.get().pk

    assert panel_of.get(at(f"{room}_changelist")).status_code == 200
    page = panel_of.get(at(f"{room}_change", pk))
    assert page.status_code == 200
    assert "two.example" in page.content.decode()
    assert panel_of.post(at(f"{room}_change", pk), {"policy": "closed"}).status_code in (200, 403, 405)
    assert Peer.objects.get().policy == Policy.OPEN


def test_a_moderator_closes_a_server_and_says_why(panel_of: Client, zoe: Abroad) -> None:
    tool = at("federation_peer_tool", zoe.actor.peer_id, "policy")
    assert panel_of.post(tool, {"policy": "closed", "why": ""}).status_code == 400
    assert panel_of.post(tool, {"policy": "closed", "why": "spam"}).status_code == 302

    assert peers.policy_of("two.example") == Policy.CLOSED


def test_a_server_nobody_has_met_can_be_closed(panel_of: Client) -> None:
    assert panel_of.post(room_tool("add"), {"host": "Evil.Example.", "policy": "closed", "why": "x"}).status_code == 302
    assert peers.policy_of("evil.example") == Policy.CLOSED
    assert panel_of.post(room_tool("add"), {"host": "no host", "policy": "closed", "why": "x"}).status_code == 400


def test_a_list_is_looked_at_before_it_holds(panel_of: Client) -> None:
    seen = panel_of.post(room_tool("import"), {"text": LIST, "button": "look"})
    assert seen.status_code == 200
    assert "evil.example" in seen.content.decode()
    assert not Peer.objects.exists()

    assert panel_of.post(room_tool("import"), {"text": LIST, "button": "adopt"}).status_code == 302
    assert peers.policy_of("evil.example") == Policy.CLOSED
    assert "evil.example,suspend" in panel_of.get(at("federation_peer_export")).content.decode()


def test_what_is_stuck_is_tried_now_or_given_up(panel_of: Client, ada: Member, zoe: Abroad) -> None:
    outbox.send(ada, {"type": "Note"}, to=[zoe.actor], key="x")
    Peer.objects.update(failures=9)
    assert panel_of.post(at("federation_peer_tool", zoe.actor.peer_id, "try-now")).status_code == 302
    assert Peer.objects.get().failures == 0

    row = Delivery.objects.get()
    assert panel_of.post(at("federation_delivery_tool", row.pk, "give-up")).status_code == 302
    assert Delivery.objects.get().dead_at is not None
    assert panel_of.post(at("federation_delivery_tool", row.pk, "again")).status_code == 302
    assert Delivery.objects.get().dead_at is None
    assert panel_of.post(at("federation_peer_tool", zoe.actor.peer_id, "give-up")).status_code == 302
    assert Delivery.objects.get().dead_at is not None


def test_the_house_gets_a_new_key(panel_of: Client) -> None:
    assert panel_of.post(room_tool("house-key")).status_code == 302
    assert HttpKey.objects.filter(member=None, retired_at=None).count() == 1


def test_what_came_is_counted_and_not_read(panel_of: Client, ada: Member, zoe: Abroad) -> None:
    note = {"id": f"{zoe.uri}n", "type": "Note", "content": "a private word"}
    inbox.keep(said(zoe, "Create", note), actor=zoe.actor, inbox="ada")
    Inbound.objects.update(outcome="refused:closed-door")
    page = panel_of.get(at("federation_peer_change", zoe.actor.peer_id)).content.decode()

    assert "Create · refused:closed-door: 1" in page
    assert "a private word" not in page
    assert "@ada" not in page


@pytest.mark.parametrize("language", ["en", "de"])
def test_lists_have_their_columns_in_the_language_of_the_moderator(
    language: str, panel_of: Client, mo: Member, ada: Member, zoe: Abroad
) -> None:
    Member.objects.filter(pk=mo.pk).update(language=language)
    outbox.send(ada, {"type": "Note"}, to=[zoe.actor], key="x")
    heads = {"en": ["Failures in a row", "Next try"], "de": ["Fehlschläge in Folge", "Nächster Versuch"]}[language]

    for room, head in zip(ROOMS, heads, strict=True):
        assert head in panel_of.get(at(f"{room}_changelist")).content.decode()


def test_our_own_list_is_to_be_found_where_others_are_taken(panel_of: Client) -> None:
    assert f'href="{at("federation_peer_export")}"' in panel_of.get(room_tool("import")).content.decode()

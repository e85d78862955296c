"""Blocks across servers: theirs end what there was and are shown to nobody, ours are not sent."""

from typing import Any

import pytest

from accounts import ties, visibility
from accounts.models import Block, Member, Visibility
from foundation import jobs
from network.contacts import blocks, follows, quiet, requests
from network.contacts.models import Follow, Request, Whereabouts
from network.federation import addresses, client, vocabulary
from network.federation.models import Outbound
from network.messages.models import Message
from network.moderation import freezing
from tests.cast import asks
from tests.federation.conftest import Abroad, arrives, leaving_for, said
from tests.federation.vouching_abroad import colleagues, given
from tests.frontend.pages import signed_in
from tests.vetting import town
from vetting import vouches
from vetting.models import Vouch


def test_their_block_ends_contact_and_follows_and_what_they_said(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    given(zoe, ada)
    follows.accept(follows.follow(ada, zoe.member))
    follows.accept(follows.follow(zoe.member, ada))

    assert arrives(zoe, said(zoe, "Block", addresses.actor(ada), to=ada)).outcome == "done"
    assert not ties.in_contact(ada, zoe.member)
    assert not Follow.objects.filter(ended_at=None).exists()
    assert not vouches.about(ada).exists()
    assert not town.lends_by_vouch(zoe.member, ada)
    assert visibility.nearness(ada, zoe.member) == Visibility.EVERYONE


def test_their_block_is_shown_nowhere(ada: Member, zoe: Abroad) -> None:
    browser = signed_in(ada)
    zoe.member.about, zoe.member.about_to = "Turbines", Visibility.EVERYONE
    zoe.member.save()
    address = f"/@{zoe.member.called}/"
    before = browser.get(address)
    arrives(zoe, said(zoe, "Block", addresses.actor(ada), to=ada))
    after = browser.get(address)

    assert (before.status_code, after.status_code) == (200, 200)
    assert _steady(before) == _steady(after)


def _steady(answer: Any) -> str:
    text = answer.content.decode()
    return "\n".join(line for line in text.splitlines() if "csrf" not in line and "nonce" not in line)


def test_a_request_to_who_has_blocked_goes_on_reading_sent(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    arrives(zoe, said(zoe, "Block", addresses.actor(ada), to=ada))
    request = asks(ada, zoe.member)
    assert request.status == "sent"
    assert Request.objects.get().answer == ""


def test_only_who_blocked_takes_it_back(ada: Member, zoe: Abroad, mallory_abroad: Abroad) -> None:
    activity = said(zoe, "Block", addresses.actor(ada), to=ada)
    arrives(zoe, activity)
    inner = {name: activity[name] for name in ("id", "type", "actor", "object")}
    assert arrives(mallory_abroad, said(mallory_abroad, "Undo", inner, to=ada)).outcome == "refused:not-theirs"
    assert ties.has_blocked(zoe.member, ada)

    assert arrives(zoe, said(zoe, "Undo", inner, to=ada)).outcome == "done"
    assert not ties.has_blocked(zoe.member, ada)
    assert arrives(zoe, activity | {"id": activity["id"]}, inbox_of="ada").outcome == "ignored:deleted"
    assert not ties.has_blocked(zoe.member, ada)


def test_a_block_taken_back_before_it_comes_blocks_nobody(ada: Member, zoe: Abroad) -> None:
    activity = said(zoe, "Block", addresses.actor(ada), to=ada)
    inner = {name: activity[name] for name in ("id", "type", "actor", "object")}
    assert arrives(zoe, said(zoe, "Undo", inner, to=ada)).outcome == "done"
    assert arrives(zoe, activity).outcome == "ignored:deleted"
    assert not ties.has_blocked(zoe.member, ada)


def test_blocked_twice_is_blocked_once(ada: Member, zoe: Abroad) -> None:
    for _ in range(2):
        assert arrives(zoe, said(zoe, "Block", addresses.actor(ada), to=ada)).outcome == "done"
    assert Block.objects.filter(blocker=zoe.member, blocked=ada).count() == 1


@pytest.mark.parametrize("object_", ["https://nowhere.example/@x/", "https://two.example/@zoe/", 7, {}])
def test_a_block_of_nobody_here_is_nothing(object_: Any, zoe: Abroad) -> None:
    assert arrives(zoe, said(zoe, "Block", object_)).outcome == "ignored"


def test_our_block_is_not_sent(ada: Member, zoe: Abroad) -> None:
    blocks.block(ada, zoe.member)
    jobs.drain_everything(strict=True)
    assert not Outbound.objects.exists()


def test_our_block_tells_only_that_a_contact_has_ended(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    blocks.block(ada, zoe.member)
    jobs.drain_everything(strict=True)
    assert "Block" not in {activity["type"] for activity in leaving_for(zoe)}
    assert {activity["type"] for activity in leaving_for(zoe)} <= {"Undo"}


def test_what_the_blocked_send_goes_nowhere_and_is_not_answered(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    blocks.block(ada, zoe.member)
    jobs.drain_everything(strict=True)
    sent = Outbound.objects.count()
    note = {"type": "Note", "id": "https://two.example/n/1", "attributedTo": zoe.uri, "to": [addresses.actor(ada)]}
    arrives(zoe, said(zoe, "Create", note | {"content": "Hello"}, to=ada))

    assert not Message.objects.exists()
    assert Outbound.objects.count() == sent
    assert not requests.waiting_for(ada).filter(whereabouts=Whereabouts.DELIVERED).exists()


# ── a copy in somebody else's mouth (28) ────────────────────────────────────


@pytest.mark.adversarial(28)
@pytest.mark.parametrize("how", ["blocked", "frozen"])
@pytest.mark.parametrize("type_", ["Announce", "Create", "Offer", "Like", "Add"])
def test_nobody_carries_the_words_of_a_blocked_or_frozen_person(
    type_: str, how: str, ada: Member, mo: Member, zoe: Abroad, mallory_abroad: Abroad, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "get", lambda *_args, **_more: pytest.fail("fetched"))
    colleagues(ada, zoe)
    quiet.begin(asker=ada, recipient=mallory_abroad.member)
    if how == "blocked":
        blocks.block(ada, zoe.member)
    else:
        freezing.freeze(zoe.member, by=mo, reason="Sells oil")
    jobs.drain_everything(strict=True)
    note = {
        "type": "Note",
        "id": "https://two.example/n/1",
        "attributedTo": zoe.uri,
        "to": [addresses.actor(ada), vocabulary.PUBLIC],
        "content": "Buy oil",
    }
    arrives(mallory_abroad, said(mallory_abroad, type_, note, to=ada, target=f"{mallory_abroad.uri}vouches"))
    assert not Message.objects.exists()
    assert not Vouch.objects.exists()
    assert not follows.followers_of(ada).exists()

"""To a server that is closed, or only listened to, nothing leaves: who would send something there is told at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts import reach
from accounts.models import Member, Visibility
from foundation import jobs
from network.contacts import answers, follows, places, quiet, requests
from network.contacts.models import Follow, Request
from network.federation.models import Outbound, Peer, Policy
from network.messages import threads
from network.messages.models import Message
from tests.cast import key, new_member, was_at
from tests.federation.conftest import Abroad, arrives
from tests.federation.story import asked_by, note, ours_to
from tests.federation.vouching_abroad import colleagues, offer_from
from vetting import vouches

SAYS = "sends nothing to that one at present"


def shut() -> None:
    """Zoe's server is only listened to from now on."""
    Peer.objects.filter(host="two.example").update(policy=Policy.LISTEN)


def asks_for_contact(ada: Member, zoe: Abroad) -> Callable[[], Any]:
    entry = was_at(ada, "Acme Werke")
    return lambda: requests.ask(ada, zoe.member, context="entry", entry=entry, key=key())


def accepts(ada: Member, zoe: Abroad) -> Callable[[], Any]:
    request = asked_by(zoe, ada)
    return lambda: answers.accept(request, by=ada)


def asks_back(ada: Member, zoe: Abroad) -> Callable[[], Any]:
    request = asked_by(zoe, ada)
    return lambda: answers.ask_back(request, by=ada, question="Which pump?")


def replies(ada: Member, zoe: Abroad) -> Callable[[], Any]:
    request, name = ours_to(ada, zoe)
    question = note(zoe, ada, "Which pump?")
    question["object"]["inReplyTo"] = name
    arrives(zoe, question)
    return lambda: answers.reply(request, by=ada, text="That one.")


def writes(ada: Member, zoe: Abroad) -> Callable[[], Any]:
    colleagues(ada, zoe)
    return lambda: threads.write(ada, zoe.member, text="Hello", key=key())


def follows_them(ada: Member, zoe: Abroad) -> Callable[[], Any]:
    return lambda: follows.ask_from_here(ada, zoe.member)


def offers_a_vouch(ada: Member, zoe: Abroad) -> Callable[[], Any]:
    entry = colleagues(ada, zoe)
    return lambda: vouches.offer(ada, zoe.member, entry=entry, sentence="A good engineer.", key=key())


def countersigns(ada: Member, zoe: Abroad) -> Callable[[], Any]:
    colleagues(ada, zoe)
    arrives(zoe, offer_from(zoe, ada))
    vouch = vouches.offered_to(ada).get()
    return lambda: vouches.countersign(vouch, by=ada, visible_to=Visibility.EVERYONE)


DEEDS = [asks_for_contact, accepts, asks_back, replies, writes, follows_them, offers_a_vouch, countersigns]


@pytest.mark.parametrize("deed", DEEDS)
def test_what_would_not_leave_is_not_said_to_be_sent(
    deed: Callable[[Member, Abroad], Callable[[], Any]], ada: Member, zoe: Abroad
) -> None:
    do = deed(ada, zoe)
    jobs.drain_everything(strict=True)
    before = [model.objects.count() for model in (Request, Follow, Message, Outbound)]
    shut()

    with pytest.raises(reach.NothingGoesThere):
        do()
    assert [model.objects.count() for model in (Request, Follow, Message, Outbound)] == before


def test_what_ends_can_always_end(ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    shut()
    contact = quiet.between(ada, zoe.member)
    assert contact

    assert quiet.end(contact, by=ada)


def test_a_request_spends_nothing_where_it_cannot_go(ada: Member, zoe: Abroad) -> None:
    entry = was_at(ada, "Acme Werke")
    shut()
    for _ in range(5):
        with pytest.raises(reach.NothingGoesThere):
            requests.ask(ada, zoe.member, context="entry", entry=entry, key=key())

    assert places.left(ada) == places.left(new_member("fresh"))


def test_pages_say_it_before_anything_is_typed(client: Client, ada: Member, zoe: Abroad) -> None:
    colleagues(ada, zoe)
    client.force_login(ada.account, backend="allauth.account.auth_backends.AuthenticationBackend")  # type: ignore[arg-type]
    shut()
    page = client.get("/@zoe@two.example/").content.decode()
    thread = client.get("/messages/with/zoe@two.example/", follow=True).content.decode()
    contact = quiet.between(ada, zoe.member)
    assert contact
    quiet.end(contact, by=ada)
    form = client.get("/@zoe@two.example/ask/")

    assert "This server sends nothing to theirs at present." in page
    assert SAYS in thread
    assert (form.status_code, SAYS in form.content.decode()) == (403, True)
    assert "/ask/" not in client.get("/@zoe@two.example/").content.decode()


@pytest.mark.parametrize(
    ("policy", "listed_only", "open_"),
    [
        (Policy.OPEN, False, True),
        (Policy.LIMITED, False, True),
        (Policy.LISTEN, False, False),
        (Policy.CLOSED, False, False),
        (Policy.OPEN, True, False),
    ],
)
def test_who_is_in_reach_is_decided_by_their_servers_policy(
    policy: Policy, listed_only: bool, open_: bool, zoe: Abroad, ada: Member, settings: LazySettings
) -> None:
    Peer.objects.update(policy=policy)
    settings.FEDERATION_ALLOW_LIST = listed_only

    assert reach.is_open(zoe.member) is open_
    assert reach.is_open(ada)

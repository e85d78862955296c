"""What a hostile server can make us do, and what of it we remember, is little."""

import pytest
from django.core.cache import cache
from pytest_django import Settings

from foundation import ratelimit, redis_door
from foundation.refusals import Refusal
from network.federation import actors, client, dispatch, fetching, networks
from network.federation.models import Actor, Peer
from tests.federation.conftest import Abroad, arrives, said
from tests.federation.people import fingered, lives_at, person
from tests.federation.tls import Server
from tests.federation.world import World, in_turn, says

# ── little work for nothing ─────────────────────────────────────────────────


def test_who_was_not_there_is_not_asked_for_again(two: Server) -> None:
    for _ in range(10):
        with pytest.raises(fetching.Nobody):
            actors.learn(two.url("/@nobody/"))
    assert len(two.asked) == 1


def test_a_server_that_failed_is_left_alone_for_a_while_and_then_asked(two: Server) -> None:
    two.paths["/@zoe/"] = in_turn(says({}, status=503), says(person(two.url("/@zoe/"))))
    for _ in range(5):
        with pytest.raises(client.Unreachable):
            actors.learn(two.url("/@zoe/"))
    assert len(two.asked) == 1
    cache.clear()
    assert actors.learn(two.url("/@zoe/")).name == "zoe"


@pytest.mark.adversarial(26)
def test_a_server_with_endless_people_is_asked_so_often_a_minute(two: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "FETCHES_A_MINUTE", 5)
    refused = 0
    for number in range(20):
        try:
            actors.learn(two.url(f"/@{number}/"))
        except fetching.Nobody:
            continue
        except Refusal as refusal:
            refused += refusal.status == 429
    assert (len(two.asked), refused) == (5, 15)


@pytest.mark.adversarial(33)
def test_what_is_remembered_of_hosts_that_answer_nothing_runs_out(world: World) -> None:
    """Ten thousand names of one attacker leave no rows, and keys that end by themselves."""
    for number in range(30):
        with pytest.raises((client.Unreachable, ratelimit.TooMany)):
            actors.learn(f"https://n{number}.evil.example/@x/")
    assert not Peer.objects.exists()
    store = redis_door.client()
    keys: list[bytes] = list(store.scan_iter("*"))
    assert keys
    assert all(store.ttl(key) > 0 for key in keys)


@pytest.mark.adversarial(19)
@pytest.mark.parametrize("inside", ["https://169.254.169.254/@zoe/", "https://[::1]/@zoe/", "https://10.0.0.1/@zoe/"])
def test_nobody_is_learnt_from_inside(db: None, inside: str) -> None:
    with pytest.raises(Refusal):
        actors.learn(inside)
    assert not Actor.objects.exists()


@pytest.mark.adversarial(19)
def test_a_webfinger_that_leads_inside_is_not_followed(world: World, two: Server, settings: Settings) -> None:
    settings.FEDERATION_NETWORKS = ["127.0.0.2/32"]
    uri = lives_at(two, person(two.url("/@zoe/")))
    fingered(two, "acct:zoe@127.0.0.9", uri)
    member = actors.learn(uri).member
    assert member is not None
    assert member.host == "two.example"
    assert not networks.may_dial(networks.LOOPBACK, 443)


@pytest.mark.adversarial(26)
def test_an_activity_makes_us_fetch_only_so_much(
    world: World, two: Server, zoe: Abroad, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A room that goes after everything an activity names is stopped, and has had no effect."""

    def goes_after_everything(arrival: dispatch.Arrival) -> bool:
        Peer.objects.create(host="a.trace.example")
        for number in range(100):
            client.get(two.url(f"/{number}"))
        return True

    monkeypatch.setattr(dispatch, "understand", goes_after_everything)
    assert arrives(zoe, said(zoe, "Like", two.url("/0"))).outcome == f"refused:{client.Spent.code}"
    assert len(two.asked) == settings.FETCHES_AN_ACTIVITY
    assert not Peer.objects.filter(host="a.trace.example").exists()
